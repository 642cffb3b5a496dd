"""Writes small PDF documents: text in the standard fonts, lines and filled rectangles. ISO 32000-1.

The standard fonts need no file on any machine: every PDF reader brings them or a stand-in of the same widths.
Coordinates are points, origin top left. The same calls give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Colour = tuple[float, float, float]
"""Red, green, blue, each 0..1."""

BLACK: Colour = (0, 0, 0)

# Adobe's metrics of Helvetica, 1/1000 of the font size, from the space to the tilde.
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 "
    "556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 "
    "1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 "
    "667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 "
    "333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 "
    "556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
_WIDTH = {chr(32 + index): int(width) for index, width in enumerate(_WIDTHS.split())}
_WIDTH |= {
    "ä": 556,
    "ö": 556,
    "ü": 556,
    "ß": 611,
    "Ä": 667,
    "Ö": 778,
    "Ü": 722,
    "é": 556,
    "€": 556,
    "–": 556,
    "×": 584,
}
_BOLD_LETTERS_ARE_WIDER = 1.06


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Points that the text takes in Helvetica; for bold exact in digits, a close estimate in letters."""
    letter = _BOLD_LETTERS_ARE_WIDER if bold else 1
    thousandths = sum(_WIDTH[sign] * (letter if sign.isalpha() else 1) for sign in text)
    return thousandths * size / 1000


@dataclass
class Sheet:
    """One page that is drawn on."""

    width: float
    height: float
    _operations: list[str] = field(default_factory=list)

    def text(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: Colour = BLACK
    ) -> None:
        """``x``: left end, ``y``: base line."""
        code = text.encode("cp1252").hex()
        font = "F2" if bold else "F1"
        self._operations.append(
            f"BT {_numbers(*colour)} rg /{font} {_numbers(size)} Tf "
            f"{_numbers(x, self.height - y)} Td <{code}> Tj ET"
        )

    def line(
        self, x0: float, y0: float, x1: float, y1: float, width: float = 0.7, colour: Colour = BLACK
    ) -> None:
        self._operations.append(
            f"{_numbers(*colour)} RG {_numbers(width)} w {_numbers(x0, self.height - y0)} m "
            f"{_numbers(x1, self.height - y1)} l S"
        )

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """``x``, ``y``: top left corner."""
        box = _numbers(x, self.height - y - height, width, height)
        self._operations.append(f"{_numbers(*colour)} rg {box} re f")

    @property
    def content(self) -> bytes:
        return "\n".join(self._operations).encode("ascii")


def write_pdf(sheets: list[Sheet]) -> bytes:
    """The document of these pages."""
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(len(sheets)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode(),
        *(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
            for name in ("Helvetica", "Helvetica-Bold")
        ),
    ]
    for index, sheet in enumerate(sheets):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_numbers(sheet.width, sheet.height)}] "
            f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {6 + 2 * index} 0 R >>".encode()
        )
        content = sheet.content
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _assemble(objects)


def _assemble(objects: list[bytes]) -> bytes:
    body = b"%PDF-1.4\n"
    offsets: list[int] = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(body))
    )


def _numbers(*values: float) -> str:
    return " ".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in values)
