"""meetings.badges and meetings.export_answers: the list of answers to take along, for the team and the host."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import Any

import pytest

from cop.meetings import actions
from cop.meetings.models import Meeting

HEADINGS = ["Naam", "Organisatie", "Antwoord", "Plaats op de wachtlijst", "Opmerking", "Let op"]


@pytest.fixture
def answered(plan: Any, run_as: Any) -> Any:
    """A meeting that Bram's town hosts, with one seat, which Anna has; Dina waits."""
    found = plan(capacity=1, host="Gemeente Proefdam")
    run_as("eva", actions.announce, Meeting, found.id)
    needs = {"diet": "Geen vis", "access_needs": "Ringleiding"}
    run_as("anna", actions.rsvp, Meeting, found.id, answer="yes", remark='=HYPERLINK("http://x")', **needs)
    run_as("dina", actions.rsvp, Meeting, found.id, answer="yes", remark="@SUM(1)")
    return found


def cells(content: bytes) -> list[list[str]]:
    """Return the texts of a sheet by row; fail for a formula or a link."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        sheet = opened.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    rows = re.findall(r"<row .*?</row>", sheet, re.S)
    return [[unescape(cell) for cell in re.findall(r"<t[^>]*>(.*?)</t>", row, re.S)] for row in rows]


def test_works(answered: Any, ask: Any, read: Any) -> None:
    page = read("eva", f"{answered.url}/answers")
    for address in ("/answers/export", "/badges"):
        assert f'href="{answered.url}{address}"' in page
    answer = ask("eva", "get", f"{answered.api}/answers/export")
    assert answer.status_code == 200
    assert 'attachment; filename="deelnemers-plaats-maken-2027-03-26.xlsx"' in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    heads, anna, dina, *_others = cells(answer.data)
    assert heads == [*HEADINGS, "Dieetwensen", "Nodig om mee te doen"]
    assert anna[0] == "Anna Adem"
    assert anna[2:] == ["Ja", '=HYPERLINK("http://x")', "Geen vis", "Ringleiding"]
    assert dina[-3:] == ["Wachtlijst", "1", "@SUM(1)"]


def test_badges_are_of_those_who_come(answered: Any, read: Any, ask: Any, run_as: Any, cast: Any) -> None:
    page = read("eva", f"{answered.url}/badges")
    assert page.count('class="name-badge"') == 1
    assert "Anna Adem" in page
    (badge,) = ask("eva", "get", f"{answered.api}/badges").json["items"]
    assert badge == {"person": cast.anna, "name": "Anna Adem", "organisation": badge["organisation"], "guest": False}
    assert badge["organisation"] in page
    run_as("anna", actions.rsvp, Meeting, answered.id, answer="no")
    run_as("dina", actions.rsvp, Meeting, answered.id, answer="no")
    assert "Nog geen badges" in read("eva", f"{answered.url}/badges")


def test_the_sheet_has_what_the_page_shows(answered: Any, ask: Any, read: Any) -> None:
    """The host gets neither diets nor access needs, on no channel."""
    listed = ask("bram", "get", f"{answered.api}/answers").json["items"]
    sheet = cells(ask("bram", "get", f"{answered.api}/answers/export").data)
    assert sheet[0] == HEADINGS
    assert [row[0] for row in sheet[1:]] == [row["name"] for row in listed]
    assert "Geen vis" not in str(sheet)
    assert "Ringleiding" not in str(sheet)
    assert "Anna Adem" in read("bram", f"{answered.url}/badges")


def test_others_get_404(answered: Any, plan: Any, ask: Any) -> None:
    for who in ("anna", "chris", "hans", "iris"):
        for address in ("badges", "answers/export"):
            assert ask(who, "get", f"{answered.api}/{address}").status_code == 404, (who, address)
    draft = plan()
    assert ask("eva", "get", f"{draft.api}/badges").status_code == 404
