"""What the dashboard and the alert rules ask for is what /metrics tells, labels included."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.support.api import finished, submit
from tests.support.server import running_server

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yml"
DASHBOARD = DEPLOY / "grafana" / "olmocr-backend.json"
_SERIES = re.compile(r"\b(olmocr_\w+)(?:\{([^}]*)\})?")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Every series of a server that has converted an image, with its labels."""
    image = (ROOT / "examples" / "ruled_spanning.png").read_bytes()
    with (
        running_server(tmp_path_factory.mktemp("metrics"), LOG_FORMAT="json") as server,
        httpx.Client(base_url=server.base_url, timeout=30) as client,
    ):
        finished(client, submit(client, ("table.png", image), ("text.png", b"no image")))
        text = client.get("/metrics").text
        log = server.log
    assert "table.png" not in log
    assert [line for line in log.splitlines() if line.startswith("{")] == log.splitlines()
    lines = [json.loads(line) for line in log.splitlines()]
    done = [line for line in lines if line["event"] == "image done"]
    assert len(done) == 2
    assert all(line["job"] and line["image"] and "error_code" in line for line in done)
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def _expressions() -> Iterator[str]:
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"]:
        yield from (rule["expr"] for rule in group["rules"])


def test_every_series_that_is_asked_for_is_told(told: dict[str, set[str]]) -> None:
    asked = [found for text in _expressions() for found in _SERIES.findall(text)]

    assert len(asked) > 20
    assert {name for name, _ in asked} - set(told) == set()
    for name, labels in asked:
        assert set(re.findall(r"(\w+)\s*=", labels)) <= told[name], name


def test_groupings_are_labels(told: dict[str, set[str]]) -> None:
    labels = set().union(*told.values()) | {"instance"}
    grouped = [name for text in _expressions() for name in re.findall(r"(?:by|without) \(([^)]*)\)", text)]

    assert {label.strip() for group in grouped for label in group.split(",")} <= labels


def test_what_is_told_is_shown(told: dict[str, set[str]]) -> None:
    shown = DASHBOARD.read_text("utf-8")
    families = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in told}

    assert [name for name in sorted(families) if name not in shown] == []


def test_rules_say_what_to_mend_and_fit_prometheus() -> None:
    groups = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]

    assert all(set(rule["annotations"]) == {"summary", "mend"} for rule in rules)
    assert {rule["labels"]["severity"] for rule in rules} == {"critical", "warning"}
    if promtool := shutil.which("promtool"):  # its own parser, where Prometheus is installed
        config = DEPLOY / "prometheus" / "prometheus.yml"
        subprocess.run([promtool, "check", "config", str(config)], check=True)
