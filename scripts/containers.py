"""What compose.yaml, Dockerfile and railway.json say, to be run as plain processes: demo and tests run the
very commands, settings and numbers that containers get, so the files cannot drift from the product.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
_WITH_DEFAULT = re.compile(r"\$\{(\w+):-([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Service:
    """One service of compose.yaml."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    """Of the image, then of the service."""
    replicas: int


@dataclass(frozen=True, slots=True)
class Image:
    """The last stage of the Dockerfile."""

    command: tuple[str, ...]
    healthcheck: tuple[str, ...]
    environment: Mapping[str, str]
    """Without PATH, which is the container's own."""


def image() -> Image:
    """ValueError: the Dockerfile lacks a CMD or a HEALTHCHECK in exec form."""
    stage = (ROOT / "Dockerfile").read_text("utf-8").rpartition("\nFROM ")[2]
    settings = " ".join(re.findall(r"^ENV (.+)$", stage, re.MULTILINE)).split()
    return Image(
        command=_exec_form(stage, r"^CMD (\[.+\])$"),
        healthcheck=_exec_form(stage, r"^HEALTHCHECK .*?CMD (\[.+\])$"),
        environment=dict(each.split("=", 1) for each in settings if not each.startswith("PATH=")),
    )


def _exec_form(stage: str, pattern: str) -> tuple[str, ...]:
    found = re.search(pattern, stage, re.MULTILINE)
    if not found:
        raise ValueError(f"The Dockerfile has no line {pattern}.")
    return tuple(json.loads(found[1]))


def service(name: str, outside: Mapping[str, str]) -> Service:
    """As compose would start it where the environment is ``outside``."""
    told = composition()["services"][name]
    built = image() if "build" in told else None
    own = {key: outside.get(key) if value is None else value for key, value in _environment(told)}
    settings = {key: _filled(value, outside) for key, value in own.items() if value is not None}
    return Service(
        command=tuple(told.get("command") or (built.command if built else ())),
        environment={**(built.environment if built else {}), **settings},
        replicas=told.get("deploy", {}).get("replicas", 1),
    )


def proxy_site() -> str:
    """The proxy's nginx site; its upstream is named `web`."""
    content: str = composition()["configs"]["proxy"]["content"]
    return content.replace("$$", "$").replace("http://web:8000", "http://web")


def composition() -> dict[str, Any]:
    """compose.yaml."""
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def railway_command() -> str:
    """The line that Railway's shell gets."""
    return json.loads((ROOT / "railway.json").read_text("utf-8"))["deploy"]["startCommand"]


def _environment(told: dict[str, Any]) -> list[tuple[str, str | None]]:
    return list((told.get("environment") or {}).items())


def _filled(value: str, outside: Mapping[str, str]) -> str:
    return _WITH_DEFAULT.sub(lambda found: outside.get(found[1]) or found[2], value)
