"""Signs, formulas and names as papers have them: what a reader of letters confuses most."""

from __future__ import annotations

from random import Random

_GREEK = "αβγδεηθλμνπρστφχψωΓΔΘΛΣΦΨΩ"
_LATIN = "abcdefhijklmnpqrstuvxyzABCDEFGHIJKLMNPQRSTUVWXYZ"
_BELOW = ("0", "1", "2", "10", "20", "i", "j", "k", "t", "min", "max", "opt", "s", "LS", "CPU", "N=2", "n+1")
_ABOVE = ("2", "3", "−1", "−2", "*", "T", "′", "+", "∞")
_UNITS = ("[°C]", "[m]", "(kg/m<sup>3</sup>)", "(%)", "(μm)", "[GHz]", "(ms)", "(cm<sup>−1</sup>)", "(m/s)")
_FORMULAS = (
    "N<sub>2</sub>O", "CO<sub>2</sub>", "CH<sub>4</sub>", "H<sub>2</sub>O", "SiO<sub>2</sub>",
    "Al<sub>2</sub>O<sub>3</sub>", "NO<sub>x</sub>", "SO<sub>2</sub>", "PM<sub>10</sub>", "TiO<sub>2</sub>",
    "NH<sub>3</sub>", "Ca<sup>2+</sup>", "Na<sup>+</sup>", "O<sub>3</sub>", "C<sub>6</sub>H<sub>6</sub>",
)  # fmt: skip
_STEMS = (
    "GPT", "CLIP", "ViT", "BERT", "Llama", "Qwen", "ResNet", "YOLO", "Swin", "T5", "DINO", "SAM", "IL", "CD",
    "TNF", "HLA", "p53", "RoBERTa", "DeiT", "MoE", "OPT", "SciBERT", "Q-learning", "t1enc", "ulem", "CIFAR",
    "SQuAD", "GSM8K", "ImageNet", "LoRA", "DPO", "ReLU", "XLNet", "NaiveBayes", "KNN", "SimCLR", "HotpotQA",
)  # fmt: skip
_ENDINGS = (
    "", "", "-1", "-2", "-4o", "-B/16", "-L", "-7B", "-13B", "-50", "-S", "-XL", "v2", "v3", "++", "*", "-10",
    "-1O", "-100", " (ours)", " w/o", "-Il", "-α", "-β", "-0.5", "8x22B", "-3.5", "-Oo", "-c",
)  # fmt: skip
_MARKS = ("✓", "✗", "✓", "×", "–", "−", "+", "•", "yes", "no", "N/A", "o", "O", "l", "I", "1", "0")


def symbol(rng: Random) -> str:
    """A quantity: ``τ``, ``H₁₀``, ``T_min [°C]``."""
    letter = rng.choice(_GREEK if rng.random() < 0.5 else _LATIN)
    text = f"<i>{letter}</i>" if rng.random() < 0.8 else letter
    if rng.random() < 0.5:
        text += f"<sub>{rng.choice(_BELOW)}</sub>"
    elif rng.random() < 0.2:
        text += f"<sup>{rng.choice(_ABOVE)}</sup>"
    return f"{text} {rng.choice(_UNITS)}" if rng.random() < 0.2 else text


def name(rng: Random) -> str:
    """Of a method, a gene, a substance or a package, letters and digits mixed."""
    kind = rng.random()
    if kind < 0.2:
        return rng.choice(_FORMULAS)
    if kind < 0.35:
        return "".join(rng.choice("bcdfghklmnprstvwxz") + rng.choice("aeiouy") for _ in range(3)).capitalize()
    if kind < 0.5:
        return "".join(rng.choice("ABCDEFGHILMNOPRSTUVWX") for _ in range(rng.randint(1, 5))) + rng.choice(
            ("", "", "s", "-c", "1", "o")
        )
    return rng.choice(_STEMS) + rng.choice(_ENDINGS)


def mark(rng: Random) -> str:
    """Of one sign or letter."""
    return rng.choice(_MARKS)


def equation(rng: Random) -> str:
    """A short formula: ``λ = 0.5``."""
    return f"{symbol(rng)} {rng.choice(('=', '&lt;', '&gt;', '≤', '≈', '∈'))} {rng.uniform(0, 10):.2g}"


def heading(rng: Random) -> str:
    """Over a column of measurements."""
    return rng.choice(
        [
            symbol(rng),
            equation(rng),
            name(rng),
            f"{name(rng)} {rng.choice('↑↓')}",
            f"F<sub>{rng.choice('15')}</sub>",
            f"{rng.choice(('Acc', 'mAP', 'PSNR', 'SSIM', 'Avg.', 'R@1', 'Top-1'))} {rng.choice(_UNITS)}",
        ]
    )


def label(rng: Random) -> str:
    """Of a row of measurements."""
    return rng.choice([symbol, equation, name, name, name])(rng)
