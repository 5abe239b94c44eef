"""meetings.ask, questions.edit, questions.withdraw, questions.vote, questions.unvote, questions.set_votes,
questions.place, questions.unplace, questions.hide, questions.restore: what people bring to a meeting."""

from __future__ import annotations

import re
from typing import Any

from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, START


def path(question: Any, more: str = "") -> str:
    return f"/api/v1/questions/{question['id']}{more}"


def texts(ask: Any, meeting: Any, who: str = "anna") -> list[tuple[str, int]]:
    rows = ask(who, "get", f"{meeting.api}/questions").json["items"]
    return [(row["text"], row["votes"]) for row in rows]


def test_works(meeting: Any, post: Any, read: Any, block: Any, ask: Any) -> None:
    assert "Er is nog niets gevraagd." in read("anna", meeting.url)
    asked = post("anna", f"{meeting.url}/questions", text="Wie betaalt het beheer?", kind="case")
    assert asked.location == f"{meeting.url}#questions"
    shown = read("bram", meeting.url)
    assert all(words in shown for words in ("Wie betaalt het beheer?", "Anna Adem", "Casus voor intervisie"))
    id = int(re.findall(r'id="question-(\d+)"', shown)[0])
    voted = post("bram", f"/questions/{id}/vote?page=meeting")
    assert voted.location == f"{meeting.url}#question-{id}"
    assert "Stem terugnemen" in read("bram", meeting.url)
    assert "U hebt nog 2 stemmen." in read("bram", meeting.url)
    assert post("bram", f"/questions/{id}/vote/delete").location == f"{meeting.url}/questions#question-{id}"
    made = block(kind="peer_review")
    assert "In het programma zetten" in read("eva", f"/questions/{id}")
    assert post("eva", f"/questions/{id}/block", block=made["id"]).status_code == 303
    programme = read("dina", meeting.url).partition('id="questions"')[0]
    assert all(words in programme for words in ("Wie betaalt het beheer?", "Anna Adem"))
    assert post("eva", f"/questions/{id}/block/delete").status_code == 303
    assert "Wie betaalt" not in read("dina", meeting.url).partition('id="questions"')[0]
    assert post("anna", f"/questions/{id}", text="Wie betaalt wat?", kind="question").status_code == 303
    assert "Wie betaalt wat?" in read("bram", meeting.url)
    assert post("anna", f"/questions/{id}/delete").location == f"{meeting.url}#questions"
    assert "Wie betaalt wat?" not in read("bram", meeting.url)


def test_works_by_api(meeting: Any, question: Any, ask: Any) -> None:
    first, second = question("anna", "Een?"), question("bram", "Twee?")
    assert question("anna", "Een?")["id"] == first["id"], "the same words twice are one question"
    voted = ask("dina", "put", path(second, "/vote")).json
    assert (voted["votes"], voted["voted"], voted["name"]) == (1, True, "Bram Baan")
    assert ask("dina", "put", path(second, "/vote")).json["votes"] == 1, "twice is once"
    assert texts(ask, meeting) == [("Twee?", 1), ("Een?", 0)]
    assert ask("anna", "get", path(second)).json["voted"] is False
    assert ask("dina", "delete", path(second, "/vote")).json["votes"] == 0
    assert texts(ask, meeting) == [("Een?", 0), ("Twee?", 0)], "the older first"
    assert ask("anna", "patch", path(first), text="Eén?").json["text"] == "Eén?"
    assert ask("eva", "put", f"{meeting.api}/votes", votes=1).json == {"votes": 1}
    assert ask("anna", "delete", path(first)).status_code == 204
    assert texts(ask, meeting) == [("Twee?", 0)]


def test_the_team_places_and_takes_off_by_api(meeting: Any, question: Any, block: Any, plan: Any, ask: Any) -> None:
    asked, made = question(), block()
    assert ask("eva", "put", path(asked, "/block"), block=made["id"]).json["block"] == made["id"]
    assert ask("eva", "delete", path(asked, "/block")).json["block"] is None
    other = plan()
    elsewhere = ask("eva", "post", f"{other.api}/blocks", kind="news", minutes=5).json
    assert "block" in ask("eva", "put", path(asked, "/block"), block=elsewhere["id"]).json["errors"]


def test_each_has_n_votes(meeting: Any, question: Any, ask: Any, read: Any) -> None:
    asked = [question("anna", f"Vraag {n}?") for n in range(5)]
    assert [ask("bram", "put", path(one, "/vote")).status_code for one in asked] == [200, 200, 200, 409, 409]
    assert "al gebruikt" in ask("bram", "put", path(asked[4], "/vote")).json["detail"]
    shown = read("bram", meeting.url)
    assert (shown.count("Stem terugnemen van:"), shown.count("Stem op:")) == (3, 0)
    ask("bram", "delete", path(asked[0], "/vote"))
    assert ask("bram", "put", path(asked[4], "/vote")).status_code == 200
    ask("eva", "put", f"{meeting.api}/votes", votes=5)
    assert ask("bram", "put", path(asked[3], "/vote")).status_code == 200
    ask("eva", "put", f"{meeting.api}/votes", votes=1)
    assert ask("bram", "put", path(asked[0], "/vote")).status_code == 409
    assert ask("anna", "put", path(asked[0], "/vote")).status_code == 409, "one's own"


def test_a_withdrawn_question_gives_votes_back(meeting: Any, question: Any, ask: Any) -> None:
    asked = [question("anna", f"Vraag {n}?") for n in range(4)]
    for one in asked[:3]:
        ask("bram", "put", path(one, "/vote"))
    assert ask("anna", "patch", path(asked[0]), text="Anders?").status_code == 409, "somebody voted"
    assert ask("anna", "delete", path(asked[0])).status_code == 204
    assert ask("bram", "put", path(asked[3], "/vote")).status_code == 200


def test_hidden_ones_do_not_exist_for_others(meeting: Any, question: Any, block: Any, ask: Any, read: Any) -> None:
    asked, made = question(text="Met een naam van een bewoner"), block()
    others = [question("anna", f"Vraag {n}?") for n in range(3)]
    ask("eva", "put", path(asked, "/block"), block=made["id"])
    for one in (asked, *others[:2]):
        ask("bram", "put", path(one, "/vote"))
    hidden = ask("eva", "put", path(asked, "/hiding"), reason="Noem geen bewoners")
    assert hidden.json["hidden"] is True
    for url in (meeting.url, f"{meeting.url}/questions", f"{meeting.url}/agenda"):
        assert "van een bewoner" not in read("bram", url)
    assert ask("bram", "get", path(asked)).status_code == 404
    assert ask("bram", "put", path(asked, "/vote")).status_code == 404
    assert "Noem geen bewoners" in read("anna", meeting.url), "who asked reads why"
    assert "Noem geen bewoners" in read("eva", f"{meeting.url}/questions")
    assert ask("eva", "put", path(asked, "/vote")).status_code == 409
    assert ask("bram", "put", path(others[2], "/vote")).status_code == 200, "the vote is free again"
    assert ask("eva", "delete", path(asked, "/hiding")).json["votes"] == 0, "used elsewhere since"
    assert ask("bram", "get", path(asked)).json["votes"] == 0
    assert "van een bewoner" in read("bram", meeting.url)


def test_the_page_of_all_goes_on_after_fifty(meeting: Any, question: Any, ask: Any, read: Any) -> None:
    people = ("anna", "bram", "dina")
    asked = [question(people[n % 3], f"Vraag {n}?") for n in range(56)]
    ask("eva", "put", path(asked[55], "/vote"))
    shown = read("gerda", f"{meeting.url}/questions")
    assert shown.count('id="question-') == 50
    onward = re.findall(r'href="(/meetings/\d+/questions\?after=[^"]+)"', shown)[0]
    rest = read("gerda", onward)
    assert rest.count('id="question-') == 6
    first, second = ask("gerda", "get", f"{meeting.api}/questions").json, ask("gerda", "get", f"/api/v1{onward}").json
    rows = [*first["items"], *second["items"]]
    assert [row["id"] for row in rows] == [asked[55]["id"], *(one["id"] for one in asked[:55])]
    assert ask("gerda", "get", f"{meeting.api}/questions?after=x").status_code == 422
    panel = read("bram", meeting.url)
    assert "Alle vragen (56)" in panel
    assert panel.partition("Wat u verder vroeg")[0].count('id="question-') == 5


def test_a_person_asks_twenty_at_most(meeting: Any, question: Any, ask: Any) -> None:
    for n in range(20):
        question("anna", f"Vraag {n}?")
    assert ask("anna", "post", f"{meeting.api}/questions", text="Nog een?").status_code == 409


def test_only_between_announcement_and_end(draft: Any, run_as: Any, ask: Any, read: Any) -> None:
    assert ask("eva", "post", f"{draft.api}/questions", text="Te vroeg?").status_code == 409
    run_as("eva", meetings.announce, Meeting, draft.id)
    asked = ask("anna", "post", f"{draft.api}/questions", text="Op tijd?").json
    go_to(START + HOUR)
    assert ask("bram", "put", path(asked, "/vote")).status_code == 200, "during the meeting"
    go_to(START + 6 * HOUR)
    assert ask("anna", "post", f"{draft.api}/questions", text="Te laat?").status_code == 409
    assert ask("dina", "put", path(asked, "/vote")).status_code == 409
    assert ask("bram", "delete", path(asked, "/vote")).status_code == 409
    assert ask("eva", "put", f"{draft.api}/votes", votes=2).status_code == 409
    shown = read("anna", draft.url)
    assert "Op tijd?" in shown
    assert "Vraag insturen" not in shown


def test_stranger_gets_404(meeting: Any, question: Any, ask: Any) -> None:
    asked = question()
    assert ask("chris", "get", f"{meeting.api}/questions").status_code == 404
    assert ask("chris", "post", f"{meeting.api}/questions", text="Mag ik?").status_code == 404
    assert ask("chris", "put", f"{meeting.api}/votes", votes=2).status_code == 404
    calls = (("get", ""), ("patch", ""), ("delete", ""), ("put", "/vote"), ("delete", "/vote"), ("put", "/block"))
    for method, more in (*calls, ("delete", "/block"), ("put", "/hiding"), ("delete", "/hiding")):
        assert ask("chris", method, path(asked, more), text="x", block=1, reason="x").status_code == 404


def test_wrong_role_gets_403(meeting: Any, question: Any, ask: Any) -> None:
    asked = question()
    assert ask("gerda", "post", f"{meeting.api}/questions", text="Mag ik?").status_code == 403
    assert ask("bram", "put", f"{meeting.api}/votes", votes=2).status_code == 403
    for method, more in (("put", "/block"), ("delete", "/block"), ("put", "/hiding"), ("delete", "/hiding")):
        assert ask("anna", method, path(asked, more), block=1, reason="x").status_code == 403
    for who in ("bram", "eva"):
        assert ask(who, "patch", path(asked), text="Anders").status_code == 403
        assert ask(who, "delete", path(asked)).status_code == 403


def test_bad_input_names_the_field(meeting: Any, question: Any, ask: Any, post: Any) -> None:
    asked = question()
    for given, field in (({"text": " "}, "text"), ({"text": "x" * 601}, "text"), ({"text": "x", "kind": "y"}, "kind")):
        refused = ask("anna", "post", f"{meeting.api}/questions", **given)
        assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
    shown = post("anna", f"{meeting.url}/questions", text="x" * 601)
    assert (shown.status_code, "x" * 601 in shown.text) == (422, True)
    assert "votes" in ask("eva", "put", f"{meeting.api}/votes", votes=21).json["errors"]
    assert "text" in ask("anna", "patch", path(asked), text="").json["errors"]
    assert "block" in ask("eva", "put", path(asked, "/block"), block=0).json["errors"]
    assert "block" in ask("eva", "put", path(asked, "/block"), block=99999).json["errors"]
    assert "reason" in ask("eva", "put", path(asked, "/hiding"), reason="").json["errors"]


def test_is_journalled(meeting: Any, question: Any, block: Any, ask: Any, journal_entries: Any) -> None:
    asked, made = question(text="Geheim?"), block()
    calls = (
        ("anna", "patch", "", "edit"),
        ("bram", "put", "/vote", "vote"),
        ("bram", "delete", "/vote", "unvote"),
        ("eva", "put", "/block", "place"),
        ("eva", "delete", "/block", "unplace"),
        ("eva", "put", "/hiding", "hide"),
        ("eva", "delete", "/hiding", "restore"),
        ("anna", "delete", "", "withdraw"),
    )
    for who, method, more, verb in calls:
        assert ask(who, method, path(asked, more), text="Stil?", block=made["id"], reason="Zo").status_code in (
            200,
            204,
        )
        (entry,) = journal_entries(f"questions.{verb}")
        assert entry.object_id == asked["id"]
    ask("eva", "put", f"{meeting.api}/votes", votes=2)
    (limit,) = journal_entries("questions.set_votes")
    assert limit.details == {"votes": 2}
    (entry,) = journal_entries("meetings.ask")
    assert entry.details == {"question": asked["id"], "kind": "question"}
