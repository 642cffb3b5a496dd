"""What the README names exists: commands, files, settings, endpoints."""

from __future__ import annotations

import re
from pathlib import Path

from app.main import create_app
from app.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"^make ([\w-]+)", README, re.MULTILINE))

    assert named
    assert named <= set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))


def test_linked_files_exist() -> None:
    linked = set(re.findall(r"\]\(([^)#:]+)\)", README)) | set(re.findall(r"@(examples/\S+)", README))

    assert linked
    assert not [name for name in linked if not (ROOT / name).exists()]


def test_settings_exist() -> None:
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", README))

    assert named <= {name.upper() for name in Settings.model_fields}


def test_endpoints_exist() -> None:
    known = {re.sub(r"\{\w+\}", "{}", path) for path in create_app().openapi()["paths"]}
    pages_and_sockets = (
        r"docs|redoc|test_websocket|api/v1/ws"  # not in OpenAPI; tests/api and tests/browser open them
    )
    named = set(re.findall(rf"(/(?!{pages_and_sockets})(?:api|health|metrics)[^` |\n]*)", README))

    assert named
    assert not [path for path in named if re.sub(r"\{\w+\}", "{}", path) not in known]
