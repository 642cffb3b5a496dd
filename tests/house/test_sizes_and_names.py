"""The house checks itself: sizes, names, handlers. An exception is a line below, with its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "app").rglob("*.py"))
BANNED = re.compile(r"(?i)(manager|helper|utils?|handler|processor|misc|common)$|^(data|info)$")

LONGEST_MODULE = 250
LONGEST_FUNCTION = 40

EXCEPTIONS: dict[str, str] = {}
"""``path`` or ``path:function`` → why it may be larger or catch everything."""


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in MODULES:
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_short_enough_to_read(path: Path) -> None:
    name = str(path.relative_to(ROOT))

    assert name in EXCEPTIONS or path.read_text(encoding="utf-8").count("\n") <= LONGEST_MODULE


def test_functions_are_short_enough_to_read() -> None:
    long = [
        f"{name}:{node.name} has {size} lines"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
        and f"{name}:{node.name}" not in EXCEPTIONS
    ]

    assert not long


def test_names_say_what_a_thing_is() -> None:
    classes = [
        f"{name}:{node.name}"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and BANNED.search(node.name)
    ]
    modules = [name for name, _ in _trees() if BANNED.search(Path(name).stem)]

    assert not classes + modules


def test_handlers_name_what_they_catch() -> None:
    broad = [
        f"{name}:{node.lineno}"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and name not in EXCEPTIONS
    ]

    assert not broad


def test_tests_neither_mock_nor_sleep() -> None:
    asleep = re.compile(r"\b(time|asyncio|anyio)\.sleep\(|unittest\.mock|MagicMock|monkeypatch\.setattr")
    this = Path(__file__)
    guilty = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "tests").rglob("*.py")
        if path != this and "support" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if asleep.search(line)
    ]

    assert not guilty


def test_public_modules_and_classes_are_described() -> None:
    silent = [name for name, tree in _trees() if tree.body and not ast.get_docstring(tree)]
    silent += [
        f"{name}:{node.name}"
        for name, tree in _trees()
        for node in tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert not silent
