"""minutes.hold, minutes.release, minutes.take_over, minutes.edit: who writes a block, and what becomes of a text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from tests.conftest import go_to
from tests.minutes.conftest import START

BLOCKS = "/api/v1/minutes/blocks"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def block(minutes: Any, ask: Any) -> int:
    """The id of a block; members write along."""
    ask("eva", "put", f"{minutes.api}/sharing", open=True)
    found: int = minutes.blocks[2]
    return found


@pytest.fixture
def held(ask: Any, block: int) -> Any:
    """`held('anna')`: hold the block, or release it or take it over; return the response."""
    tokens = {name: str(uuid4()) for name in ("anna", "bram", "eva", "fons")}

    def hold(who: str, verb: str = "hold") -> Any:
        return ask(who, "put", f"{BLOCKS}/{block}/{verb}", token=tokens[who])

    return hold


@pytest.fixture
def texts(ask: Any, block: int) -> Any:
    """Return the earlier and kept texts of the block as (kept, html), newest first."""
    return lambda: [(one["kept"], one["html"]) for one in ask("eva", "get", f"{BLOCKS}/{block}/texts").json["items"]]


def test_works(held: Any, block: int, connect: Any, minutes: Any, read: Any) -> None:
    """Those who write see live who holds a block."""
    socket = connect("bram")
    socket.emit("join", {"place": f"minutes:{minutes.id}"})
    assert held("anna").json["holder"] == "Anna Adem"
    (told,) = [one["args"][0] for one in socket.get_received() if one["name"] == "told"]
    assert told["id"] == block
    assert "Anna Adem schrijft nu in dit blok" in told["html"]
    assert "data-token" not in told["html"]
    held_page, own_page = (read(who, f"/minutes/blocks/{block}/edit") for who in ("eva", "anna"))
    assert "Anna Adem schrijft nu in dit blok. U kunt typen" in held_page
    assert "Anna Adem schrijft" not in own_page
    answer = held("bram")
    assert answer.status_code == 409
    assert (answer.json["code"], answer.json["holder"]) == ("held", "Anna Adem")
    assert held("bram", "release").json["holder"] == "Anna Adem"  # it is not his
    assert held("anna", "release").json["holder"] == ""
    assert "schrijft nu" not in socket.get_received()[-1]["args"][0]["html"]
    assert held("bram").status_code == 200


def test_works_while_somebody_types_and_half_a_minute_longer(held: Any) -> None:
    held("anna")
    go_to(START + timedelta(seconds=20))
    assert held("anna").status_code == 200
    go_to(START + timedelta(seconds=45))
    assert held("bram").status_code == 409
    go_to(START + timedelta(seconds=51))
    assert held("bram").status_code == 200
    assert held("anna").json["holder"] == "Bram Baan"


def test_works_for_a_coach_who_takes_over_at_any_time(
    held: Any, save: Any, block: int, texts: Any, connect: Any, minutes: Any
) -> None:
    socket = connect("anna")
    socket.emit("join", {"place": f"minutes:{minutes.id}"})
    held("anna")
    assert held("bram", "takeover").status_code == 403
    assert held("eva", "takeover").json["holder"] == "Eva Even"
    assert "Eva Even schrijft nu" in socket.get_received()[-1]["args"][0]["html"]
    assert held("anna").json["holder"] == "Eva Even"
    assert save("eva", block, "Van de coach.", 1).status_code == 200
    assert save("anna", block, "Wat ik al had.", 1).status_code == 409
    assert texts() == [(True, "<p>Wat ik al had.</p>")]


def test_works_by_api(save: Any, block: int, texts: Any, ask: Any, minutes: Any) -> None:
    first = save("anna", block, "**Drie** vragen.", 1)
    assert first.status_code == 200
    assert (first.json["version"], first.json["editor"]) == (2, "Anna Adem")
    assert save("bram", block, "Vier vragen.", 2).json["html"] == "<p>Vier vragen.</p>"
    assert texts() == [(False, "<p><strong>Drie</strong> vragen.</p>")]
    assert (
        save("anna", block, "<p onclick='x'>Vijf.<script>y</script></p>", 3, format="html").json["html"]
        == "<p>Vijf.</p>"
    )
    assert save("anna", block, "", 4).json["html"] == ""


def test_of_two_writers_the_second_sees_both_texts(save: Any, block: int, texts: Any, ask: Any) -> None:
    assert save("bram", block, "De tekst van Bram.", 1).status_code == 200
    key = str(uuid4())
    answer = save("anna", block, "De tekst van Anna.", 1, client_id=key)
    assert answer.status_code == 409
    assert (answer.json["code"], answer.json["version"], answer.json["html"], answer.json["author"]) == (
        "changed",
        2,
        "<p>De tekst van Bram.</p>",
        "Bram Baan",
    )
    assert "bewaard" in answer.json["detail"]
    assert texts() == [(True, "<p>De tekst van Anna.</p>")]
    assert save("anna", block, "Anna, uitgebreid.", 1, client_id=key).status_code == 409  # the same page tries again
    assert texts() == [(True, "<p>Anna, uitgebreid.</p>")]
    both = save("anna", block, "De tekst van Bram.\n\nAnna, uitgebreid.", 2, client_id=key)
    assert both.json["html"] == "<p>De tekst van Bram.</p>\n<p>Anna, uitgebreid.</p>"
    assert texts() == [(False, "<p>De tekst van Bram.</p>")]
    assert ask("anna", "get", f"{BLOCKS}/{block}/texts").json["items"][0]["author"] == "Bram Baan"


def test_a_writer_without_network_for_a_minute_loses_nothing(
    held: Any, save: Any, block: int, texts: Any, ask: Any, cast: Any
) -> None:
    """Anna's network goes while she holds the block; her hold runs out and Bram writes; she comes back."""
    held("anna")
    key = str(uuid4())
    draft = {"place": f"block:{block}", "fields": {"body": "Anna begint", "title": "Intervisie", "base_version": "1"}}
    assert ask("anna", "put", f"/api/v1/drafts/{key}", revision=1, writer="w", **draft).status_code == 204
    go_to(START + MINUTE)  # no sign of her
    assert held("bram").status_code == 200
    assert save("bram", block, "Bram schreef ondertussen.", 1).status_code == 200
    assert held("bram", "release").status_code == 200
    # her session has ended: she signs in, and the draft is there
    signed_out = cast.client(None).patch(
        f"{BLOCKS}/{block}", json={"title": "x", "body": "x", "base_version": 1}, headers={"Accept": "application/json"}
    )
    assert signed_out.status_code == 401
    assert "Anna begint" in ask("anna", "get", f"/api/v1/drafts/{key}").json["fields"]["body"]
    answer = save("anna", block, "Anna begint en gaat door.", 1, client_id=key)
    assert answer.status_code == 409
    assert texts() == [(True, "<p>Anna begint en gaat door.</p>")]
    assert ask("anna", "get", f"/api/v1/drafts/{key}").status_code == 200  # until she has chosen
    assert save("anna", block, "Anna begint en gaat door.", 2, client_id=key).status_code == 200
    assert texts() == [(False, "<p>Bram schreef ondertussen.</p>")]
    assert ask("anna", "get", f"/api/v1/drafts/{key}").status_code == 404


def test_a_save_whose_answer_was_lost_is_stored_once(save: Any, block: int, texts: Any) -> None:
    key = str(uuid4())
    assert save("anna", block, "Een.", 1, client_id=key).json["version"] == 2
    assert save("anna", block, "Een.", 1, client_id=key).json["version"] == 2
    more = save("anna", block, "Een, en meer.", 1, client_id=key)  # typed on without knowing that the first was stored
    assert (more.status_code, more.json["html"]) == (200, "<p>Een, en meer.</p>")
    assert texts() == [(False, "<p>Een.</p>")]


def test_nobody_saves_over_somebody_who_holds_the_block(held: Any, save: Any, block: int, texts: Any) -> None:
    held("anna")
    answer = save("bram", block, "Van Bram.", 1)
    assert (answer.status_code, answer.json["code"]) == (409, "held")
    assert texts() == [(True, "<p>Van Bram.</p>")]
    assert save("anna", block, "Van Anna.", 1).status_code == 200  # from any page of hers


def test_a_text_for_a_removed_block_or_a_cancelled_meeting_is_kept(
    held: Any, save: Any, block: int, texts: Any, ask: Any, minutes: Any, run_as: Any
) -> None:
    held("anna")
    ask("eva", "delete", f"{BLOCKS}/{block}")
    assert held("anna").json["code"] == "removed"
    answer = save("anna", block, "Van Anna.", 1)
    assert (answer.status_code, answer.json["code"]) == (409, "removed")
    assert "weggehaald" in answer.json["detail"]
    ask("eva", "post", f"{BLOCKS}/{block}/restoring")
    held("bram")
    run_as("eva", meetings.cancel, Meeting, minutes.id, reason="Storm")
    answer = save("bram", block, "Van Bram.", 1)
    assert (answer.status_code, answer.json["code"]) == (409, "cancelled")
    assert "afgezegd" in answer.json["detail"]
    assert sorted(texts()) == [(True, "<p>Van Anna.</p>"), (True, "<p>Van Bram.</p>")]
    assert ask("eva", "post", f"{minutes.api}/blocks", title="Nog een").status_code == 409


def test_a_form_without_javascript_shows_both_texts(save: Any, block: int, cast: Any, texts: Any) -> None:
    save("bram", block, "De tekst van Bram.", 1)
    page = cast.client("anna").post(
        f"/minutes/blocks/{block}",
        data={
            "title": "Intervisie",
            "body": "De tekst van Anna.",
            "format": "markdown",
            "base_version": "1",
            "client_id": "",
        },
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert page.status_code == 409
    assert "De tekst van Bram." in page.text
    assert "De tekst van Anna." in page.text
    assert 'name="base_version" value="2"' in page.text
    assert "De tekst van Bram.\n\nDe tekst van Anna." in page.text
    assert texts() == [(True, "<p>De tekst van Anna.</p>")]


def test_drafts_of_blocks_are_listed_with_their_place(block: int, ask: Any, read: Any, minutes: Any) -> None:
    key = str(uuid4())
    fields = {"body": "Nog niet af", "title": "Intervisie"}
    assert ask("anna", "put", f"/api/v1/drafts/{key}", place=f"block:{block}", fields=fields).status_code == 204
    assert "in het verslag van ‘Plaats maken’" in read("anna", "/drafts")
    assert "Nog niet af" in read("anna", f"/minutes/blocks/{block}/edit")
    ask("eva", "put", f"{minutes.api}/sharing", open=False)
    assert "Een plaats die u niet meer kunt lezen" in read("anna", "/drafts")


def test_stranger_gets_404(ask: Any, block: int, minutes: Any) -> None:
    for verb in ("hold", "release", "takeover"):
        assert ask("chris", "put", f"{BLOCKS}/{block}/{verb}", token=str(uuid4())).status_code == 404
    assert ask("chris", "patch", f"{BLOCKS}/{block}", title="x", body="x", base_version=1).status_code == 404
    assert ask("gerda", "patch", f"{BLOCKS}/{block}", title="x", body="x", base_version=1).status_code == 404


def test_wrong_role_gets_403(held: Any) -> None:
    assert held("anna", "takeover").status_code == 403


def test_bad_input_names_the_field(ask: Any, block: int) -> None:
    for verb in ("hold", "release", "takeover"):
        assert "token" in ask("eva", "put", f"{BLOCKS}/{block}/{verb}", token="x").json["errors"]
    answer = ask("eva", "patch", f"{BLOCKS}/{block}", title="", body="x")
    assert set(answer.json["errors"]) == {"title", "base_version"}


def test_is_journalled(held: Any, save: Any, block: int, journal_entries: Any, minutes: Any) -> None:
    held("anna")
    held("eva", "takeover")
    save("eva", block, "Van Eva.", 1)
    save("anna", block, "Van Anna.", 1)
    saved, kept = journal_entries("minutes.edit")
    assert (saved.object_kind, saved.object_id) == ("block", block)
    assert saved.details == {"minutes": minutes.id, "blocks": [block]}
    assert kept.details["kept"] == "changed"
    assert len(journal_entries("minutes.take_over")) == 1


def test_is_not_journalled_that_somebody_types(held: Any, journal_entries: Any) -> None:
    held("anna")
    held("anna", "release")
    assert journal_entries("minutes.hold") == journal_entries("minutes.release") == []
