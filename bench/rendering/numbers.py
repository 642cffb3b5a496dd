"""Columns and how what stands in them is written."""

from __future__ import annotations

import html
from dataclasses import dataclass
from random import Random

from bench.rendering import notation
from bench.rendering.vocabulary import Vocabulary


@dataclass(frozen=True)
class Column:
    """A column's form, the same in all its rows."""

    kind: str
    """plain, percent, money, deviation, range, share, or of text: long, short, code, date,
    or of names and formulas: symbol, name, mark, equation, power, below."""
    words: Vocabulary
    least: float = 0.0
    most: float = 100.0
    decimals: int = 0
    thousands: str = ","
    minus: str = "-"
    negatives: float = 0.0
    marks: float = 0.0
    """Share of values with a footnote mark."""
    missing: str = "–"
    missed: float = 0.0

    @property
    def is_number(self) -> bool:
        return self.kind not in _TEXTS

    def draw(self, rng: Random) -> str:
        """A value as markup."""
        if rng.random() < self.missed:
            return self.missing
        return _KINDS[self.kind](self, rng)

    def number(self, rng: Random) -> str:
        value = rng.uniform(self.least, self.most)
        text = f"{value:,.{self.decimals}f}".replace(",", "\0").replace(".", self.words.decimal)
        text = text.replace("\0", self.thousands)
        if rng.random() >= self.negatives:
            return text
        return f"({text})" if self.minus == "(" else f"{self.minus}{text}"


def number_column(rng: Random, words: Vocabulary) -> Column:
    """Of numbers."""
    most = rng.choice([1, 10, 100, 100, 1000, 1e4, 1e5, 1e7])
    return Column(
        rng.choice(["plain", "plain", "plain", "plain", "percent", "money", "deviation", "range", "share"]),
        words,
        0,
        most,
        rng.choice([1, 2, 3] if most <= 10 else [0, 1, 2] if most <= 1000 else [0, 0, 1]),
        rng.choice(words.thousands),
        rng.choice(["-", "−", "–", "("]),
        rng.choice([0, 0, 0.1, 0.3]),
        rng.choice([0, 0, 0, 0.1]),
        rng.choice(["–", "-", "..", "n.a.", "…", "*"]),
        rng.choice([0, 0, 0.05, 0.15]),
    )


def text_column(rng: Random, words: Vocabulary) -> Column:
    """Of words."""
    return Column(rng.choice(["long", "short", "short", "code", "date"]), words)


def noted_column(rng: Random, words: Vocabulary) -> Column:
    """Of names and formulas."""
    return Column(rng.choice(["symbol", "name", "mark", "mark", "equation", "power", "below"]), words)


def _power(column: Column, rng: Random) -> str:
    return f"{rng.uniform(1, 9.9):.1f} × 10<sup>{rng.choice(('', '−'))}{rng.randint(1, 12)}</sup>"


def _below(column: Column, rng: Random) -> str:
    return f"{rng.uniform(0, 99):.1f}<sub>±{rng.uniform(0, 3):.1f}</sub>"


def _deviation(column: Column, rng: Random) -> str:
    return f"{column.number(rng)} ± {abs(rng.gauss(0, 2)):.{max(1, column.decimals)}f}"


def _range(column: Column, rng: Random) -> str:
    low, high = sorted(rng.uniform(0, 100) for _ in range(2))
    return f"{rng.uniform(0, 9):.1f} ({low:.1f}{rng.choice(['–', '-', ', '])}{high:.1f})"


def _share(column: Column, rng: Random) -> str:
    return f"{rng.randint(1, 900)} ({rng.uniform(0, 100):.1f}%)"


def _long(column: Column, rng: Random) -> str:
    count = rng.randint(3, 14)
    return html.escape(" ".join(rng.choice(column.words.words) for _ in range(count)).capitalize())


def _code(column: Column, rng: Random) -> str:
    return f"{rng.choice('ABCDEHKR')}{rng.randint(10, 999)}{rng.choice(['', '-1', '.2', '/B'])}"


def _date(column: Column, rng: Random) -> str:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1998, 2029)
    return rng.choice([f"{day:02}.{month:02}.{year}", f"{year}-{month:02}-{day:02}", f"{day}/{month}/{year}"])


_KINDS = {
    "plain": Column.number,
    "percent": lambda column, rng: column.number(rng) + rng.choice(["%", "%", " %"]),
    "money": lambda column, rng: f"{rng.choice('€$£')}{column.number(rng)}",
    "deviation": _deviation,
    "range": _range,
    "share": _share,
    "long": _long,
    "short": lambda column, rng: html.escape(rng.choice(column.words.labels)),
    "code": _code,
    "date": _date,
    "symbol": lambda _, rng: notation.symbol(rng),
    "name": lambda _, rng: notation.name(rng),
    "mark": lambda _, rng: notation.mark(rng),
    "equation": lambda _, rng: notation.equation(rng),
    "power": _power,
    "below": _below,
}
_TEXTS = ("long", "short", "code", "date", "symbol", "name", "equation")
