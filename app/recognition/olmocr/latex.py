"""Inline LaTeX of table cells as plain text: `\\( 12.5 \\% \\)` becomes `12.5 %`, `\\( x^{2} \\)` `x²`.

What cannot be said in plain text stays as it was written: nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from re import Match

_FORMULA = re.compile(r"\\\((.{0,400}?)\\\)|\\\[(.{0,400}?)\\\]|\$([^$\n]{1,400})\$", re.DOTALL)
_STYLE = re.compile(
    r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf|boldsymbol|bf|operatorname|mbox)\s*\{([^{}]*)\}"
)
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}]*)\}")
_RAISED = re.compile(r"\^\s*(?:\{([^{}]*)\}|([^\s{}\\^_]))")
_LOWERED = re.compile(r"_\s*(?:\{([^{}]*)\}|([^\s{}\\^_]))")
_WORD = re.compile(r"\\([A-Za-z]+)(\s?)")
_ESCAPED = re.compile(r"\\([%$&#])")
_SIGN = re.compile(r"\\([%$&#_{},;:! ])")

_PLAIN = "0123456789+-−=()abcdefghijklmnoprstuvwxyz"
_SUPER = dict(zip(_PLAIN, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_SUB = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_KEPT = frozenset("°′″*†‡§¶®™#⁎∗, ")
"""Marks that are raised by nature, and what stands between marks."""
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "!": ""}
_SYMBOLS: Sequence[str] = """
pm ± mp ∓ times × div ÷ cdot · ast * leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ approx ≈ sim ~ simeq ≃ equiv ≡ infty ∞
circ ° degree ° textdegree ° prime ′ dagger † ddagger ‡ S § P ¶ sum ∑ prod ∏ lt < gt > in ∈ star ★ checkmark ✓
alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν
xi ξ pi π rho ρ sigma σ tau τ phi φ varphi φ chi χ psi ψ omega ω Delta Δ Sigma Σ Omega Ω Phi Φ Lambda Λ
uparrow ↑ downarrow ↓ rightarrow → leftarrow ← to → bullet • ldots … dots … cdots ⋯ pounds £ euro €
textdollar $ textperthousand ‰ textasciitilde ~
""".split()  # noqa: SIM905 (pairs read better than a list)
_WORDS: dict[str, str] = {"left": "", "right": "", "quad": " ", "qquad": " "}
_WORDS.update(zip(_SYMBOLS[::2], _SYMBOLS[1::2], strict=True))

_TWO_SIDED = frozenset("×÷·≤≥≠≈≃≡∈→←")


def plain_math(text: str) -> str:
    """The text with its inline formulas, and signs that were escaped outside of them, as plain text."""
    if "\\" not in text and "$" not in text:
        return text
    return _ESCAPED.sub(r"\1", _FORMULA.sub(_replaced, text))


def superscript(text: str) -> str:
    """Raised text in Unicode's superscripts, so that `12.5<sup>1</sup>` never reads 12.51."""
    stripped = text.strip()
    if stripped in _ORDINALS:
        return stripped
    if all(mark in _SUPER or mark in _KEPT for mark in stripped):
        return "".join(_SUPER.get(mark, mark) for mark in stripped)
    return f"^{stripped}" if len(stripped) == 1 else f"^({stripped})"


def subscript(text: str) -> str:
    """Lowered text in Unicode's subscripts where all of it has one, else as it is."""
    stripped = text.strip()
    return "".join(map(_SUB.__getitem__, stripped)) if all(mark in _SUB for mark in stripped) else stripped


def _replaced(match: Match[str]) -> str:
    dollars = match[3]
    if dollars is not None and not re.search(r"[\\^_]", dollars):
        return match[0]  # two prices in one line, not a formula
    formula = next(group for group in match.groups() if group is not None)
    plain = _plain(formula)
    return match[0] if plain is None else plain


def _symbol(found: Match[str]) -> str:
    """The space after a command belongs to LaTeX, but two-sided signs are set with one."""
    symbol = _WORDS.get(found[1])
    if symbol is None:
        return found[0]
    return symbol + found[2] if symbol in _TWO_SIDED else symbol


def _plain(formula: str) -> str | None:
    text = formula.replace("~", " ")
    for _ in range(8):  # innermost braces first
        before = text
        text = _STYLE.sub(r"\1", text)
        text = _FRACTION.sub(r"\1/\2", text)
        text = _ROOT.sub(r"√\1", text)
        text = _WORD.sub(_symbol, text)
        text = _RAISED.sub(lambda found: superscript(found[1] or found[2] or ""), text)
        text = _LOWERED.sub(lambda found: subscript(found[1] or found[2] or ""), text)
        if text == before:
            break
    text = _SIGN.sub(lambda found: _SPACES.get(found[1], found[1]), text)
    text = text.replace("{", "").replace("}", "")
    return None if "\\" in text else " ".join(text.split())
