"""What a workbook has besides values is what its batch asked for."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from tests.support.api import finished, json_batch, refusal, submit
from tests.support.stock_list import PARTS, parts_of, stock_list

BATCH = "/api/v1/convert/batch"
OF_CHECKS = {"mark_doubtful", "review_sheet", "live_totals", "checks"}
"""Nothing but the sum is doubtful, so that all these rest on the checks."""


def seen(client: httpx.Client, **options: bool) -> set[str]:
    accepted = submit(client, ("stock.pdf", stock_list()), **options)
    return downloaded(client, accepted)


def downloaded(client: httpx.Client, accepted: Mapping[str, str]) -> set[str]:
    ended = finished(client, dict(accepted))
    assert ended["status"] == "completed", ended
    return parts_of(client.get(ended["primary_download_url"]).content)


def test_by_default_what_is_doubtful_is_shown_and_no_more(client: httpx.Client) -> None:
    assert seen(client) == {"title_and_notes", "mark_doubtful", "review_sheet", "checks"}


def test_each_is_switched_alone(client: httpx.Client) -> None:
    every = dict.fromkeys(PARTS, True)

    assert seen(client, **every) == PARTS
    for name in PARTS:
        gone = OF_CHECKS if name == "checks" else {name}
        assert seen(client, **{**every, name: False}) == PARTS - gone, name


def test_fields_of_a_form_switch_them_too(client: httpx.Client) -> None:
    fields = dict.fromkeys(PARTS, "false") | {"evidence_sheet": "true"}

    answer = client.post(BATCH, files={"images": ("stock.pdf", stock_list())}, data=fields)

    assert answer.status_code == 202, answer.text
    assert downloaded(client, answer.json()) == {"evidence_sheet"}


@pytest.mark.parametrize("name", sorted(PARTS))
def test_what_is_neither_on_nor_off_is_refused(client: httpx.Client, name: str) -> None:
    form = client.post(BATCH, files={"images": ("a.png", b"x")}, data={name: "perhaps"})
    body = client.post(BATCH, json=json_batch(("a.png", b"x"), **{name: "perhaps"}))

    assert name in refusal(form, 422, "invalid_option")["detail"]
    assert body.status_code == 422
