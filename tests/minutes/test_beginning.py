"""minutes.begin, minutes.share, minutes.add, minutes.move, minutes.remove, minutes.restore: the blocks of minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from tests.conftest import go_to
from tests.minutes.conftest import START

BLOCKS = "/api/v1/minutes/blocks"


def titles(ask: Any, minutes: Any) -> list[str]:
    return [one["title"] for one in ask("eva", "get", f"{minutes.api}/blocks").json["items"]]


def test_works_by_api_with_the_parts_of_the_day(meeting: Any, ask: Any, read: Any, journal_entries: Any) -> None:
    assert "Verslag beginnen" in read("eva", meeting.url)
    assert "Verslag beginnen" not in read("anna", meeting.url)
    answer = ask("eva", "post", f"{meeting.api}/minutes")
    assert answer.status_code == 201
    assert answer.json["open"] is False
    blocks = ask("eva", "get", f"{meeting.api}/minutes/blocks").json["items"]
    assert [one["title"] for one in blocks] == [
        "Aanwezigen",
        "Actualiteiten",
        "Intervisie",
        "Verdieping",
        "Besluiten en acties",
        "Vervolg",
    ]
    assert "<li>Anna Adem (Woonstichting Proef)</li><li>Bram Baan (Gemeente Proefdam)</li>" in blocks[0]["html"]
    assert "Eva" not in blocks[0]["html"]
    assert ask("eva", "post", f"{meeting.api}/minutes").status_code == 201  # once
    assert len(ask("eva", "get", f"{meeting.api}/minutes/blocks").json["items"]) == 6
    assert journal_entries("minutes.begin")[0].details == {"meeting": meeting.id, "blocks": 6}
    assert "Verder schrijven" in read("eva", meeting.url)


def test_wrong_role_gets_403_and_an_early_coach_409(meeting: Any, ask: Any, run_as: Any) -> None:
    assert ask("anna", "post", f"{meeting.api}/minutes").status_code == 403
    assert ask("chris", "post", f"{meeting.api}/minutes").status_code == 404
    go_to(START - timedelta(days=1))
    assert ask("eva", "post", f"{meeting.api}/minutes").status_code == 409
    run_as("eva", meetings.cancel, Meeting, meeting.id, reason="Storm")
    go_to(START)
    answer = ask("eva", "post", f"{meeting.api}/minutes")
    assert answer.status_code == 409
    assert "afgezegde" in answer.json["detail"]


def test_the_agenda_and_the_outcomes_are_in_it(meeting: Any, ask: Any, cast: Any) -> None:
    def post(who: str, path: str, **given: Any) -> Any:
        answer = ask(who, "post", f"{meeting.api}/{path}", **given)
        assert answer.status_code == 201, answer.text
        return answer.json["id"]

    go_to(START - timedelta(hours=1))
    news = post("eva", "blocks", kind="news", minutes=30)
    post("eva", "blocks", kind="break", minutes=15)
    post("eva", "blocks", kind="own", title="Fietstocht <b>", minutes=60)
    question = post("anna", "questions", text="Wie betaalt <dat>?")
    assert ask("eva", "put", f"/api/v1/questions/{question}/block", block=news).status_code == 200
    due = (START.date() + timedelta(days=30)).isoformat()
    action = post("anna", "outcome", kind="action", text="De buren bellen", owner=cast.bram, due=due)
    post("anna", "outcome", kind="decision", text="Geen presentaties")
    post("anna", "outcome", kind="outcome", text="Begin klein")
    ask("eva", "post", f"{meeting.api}/minutes")
    blocks = {one["title"]: one["html"] for one in ask("eva", "get", f"{meeting.api}/minutes/blocks").json["items"]}
    parts = ["Aanwezigen", "Actualiteiten", "Fietstocht <b>", "Opbrengsten", "Besluiten en acties", "Vervolg"]
    assert list(blocks) == parts
    assert blocks["Actualiteiten"] == "<ul><li>Wie betaalt &lt;dat&gt;? (Anna Adem)</li></ul>"
    assert "Begin klein" in blocks["Opbrengsten"]
    assert f'href="/outcomes/{action}"' in blocks["Besluiten en acties"]
    assert "Geen presentaties" in blocks["Besluiten en acties"]
    assert "– Bram Baan, " in blocks["Besluiten en acties"]


def test_stranger_gets_404(minutes: Any, ask: Any, read: Any, connect: Any) -> None:
    for url in (f"{minutes.api}/blocks", f"{minutes.api}/edit", minutes.api, f"{BLOCKS}/{minutes.blocks[0]}/texts"):
        assert ask("anna", "get", url).status_code == 404, url
    assert ask("anna", "patch", f"{BLOCKS}/{minutes.blocks[0]}", title="x", body="x", base_version=1).status_code == 404
    assert "Verslag" not in read("anna", minutes.meeting.url)
    place = {"place": f"minutes:{minutes.id}"}
    assert connect("anna").emit("join", place, callback=True) == {"error": "forbidden"}
    assert connect("eva").emit("join", place, callback=True) == {"ok": True, "seq": 6}


def test_works_for_members_where_the_team_lets_them(minutes: Any, ask: Any, read: Any, connect: Any) -> None:
    block = f"{BLOCKS}/{minutes.blocks[2]}"
    assert ask("anna", "put", f"{minutes.api}/sharing", open=True).status_code == 404
    assert ask("eva", "put", f"{minutes.api}/sharing").status_code == 422
    assert ask("eva", "put", f"{minutes.api}/sharing", open=True).json["open"] is True
    assert ask("anna", "patch", block, title="Intervisie", body="Ik schrijf mee.", base_version=1).status_code == 200
    assert ask("anna", "put", f"{minutes.api}/sharing", open=True).status_code == 403
    assert ask("anna", "put", f"{minutes.api}/publication").status_code == 403
    assert "Deelnemers laten meeschrijven" not in read("anna", f"{minutes.url}/edit")
    assert ask("gerda", "get", f"{minutes.api}/blocks").status_code == 404  # a reader
    socket = connect("anna")
    assert socket.emit("join", {"place": f"minutes:{minutes.id}"}, callback=True)["ok"]
    assert ask("eva", "put", f"{minutes.api}/sharing", open=False).status_code == 200
    assert [one["name"] for one in socket.get_received()] == ["gone"]
    assert ask("anna", "get", f"{minutes.api}/blocks").status_code == 404


def test_is_journalled_when_blocks_change(minutes: Any, ask: Any, read: Any, journal_entries: Any) -> None:
    assert ask("eva", "post", f"{minutes.api}/blocks", title="").status_code == 422
    added = ask("eva", "post", f"{minutes.api}/blocks", title="Projectbezoek")
    assert added.status_code == 201
    block = f"{BLOCKS}/{added.json['id']}"
    assert titles(ask, minutes)[-1] == "Projectbezoek"
    assert ask("eva", "put", f"{block}/position", to="opzij").status_code == 422
    assert ask("eva", "put", f"{block}/position", to="up").json["position"] == 6
    assert ask("eva", "put", f"{block}/position", to="down").json["position"] == 7
    assert ask("eva", "put", f"{block}/position", to="down").json["position"] == 7  # it is the last
    ask("eva", "put", f"{block}/position", to="up")
    assert titles(ask, minutes)[-2:] == ["Projectbezoek", "Vervolg"]
    before = ask("eva", "get", f"{minutes.api}/edit").json["seq"]
    assert ask("eva", "delete", block).status_code == 204
    assert "Projectbezoek" not in titles(ask, minutes)
    (gone,) = ask("eva", "get", f"{minutes.api}/blocks?changed_after={before}").json["items"]
    assert gone["removed"]
    assert ask("eva", "post", f"{block}/restoring").status_code == 200
    assert titles(ask, minutes)[-2:] == ["Projectbezoek", "Vervolg"]
    assert [len(journal_entries(f"minutes.{verb}")) for verb in ("add", "move", "remove", "restore")] == [1, 4, 1, 1]
    assert "Projectbezoek" in read("eva", f"{minutes.url}/edit")


def test_bad_input_names_the_field(minutes: Any, ask: Any) -> None:
    block = f"{BLOCKS}/{minutes.blocks[0]}"
    assert "title" in ask("eva", "post", f"{minutes.api}/blocks", title="").json["errors"]
    assert "to" in ask("eva", "put", f"{block}/position", to="opzij").json["errors"]
    assert "open" in ask("eva", "put", f"{minutes.api}/sharing").json["errors"]
