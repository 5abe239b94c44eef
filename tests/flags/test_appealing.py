"""rulings.make (ask, warn), rulings.tell, rulings.answer, rulings.appeal, rulings.withdraw_appeal, rulings.decide,
rulings.reconsider, rulings.withdraw and rulings.lapse: what a moderator tells somebody, and the appeal to another."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.chat import actions as chat
from cop.chat.models import Message
from cop.flags.models import FlagCase
from cop.threads import actions as threads
from cop.threads.models import Post, Thread
from tests.conftest import go_to
from tests.flags.test_ruling import case_of

ASK = {"ruling": "ask", "reason": "Laat de naam weg."}


@pytest.fixture
def told(ask: Any, flag: Any, desk: Any) -> Any:
    """`told(ASK)`: the ruling that Bram reads after Eva decided so on a flag."""

    def tell(given: dict[str, str], by: str = "eva") -> dict[str, Any]:
        flag()
        assert ask(by, "put", f"{case_of(desk)}/ruling", **given).status_code == 200
        (row, *_others) = ask("bram", "get", "/rulings").json["items"]
        found: dict[str, Any] = row
        return found

    return tell


def test_works(
    ask: Any, told: Any, desk: Any, read: Any, notices: Any, outbox: Any, written: SimpleNamespace, cast: Any
) -> None:
    ruling = told(ASK)
    assert (ruling["ruling"], ruling["state"], ruling["reason"]) == ("ask", "standing", "Laat de naam weg.")
    assert desk() == []
    assert "1 melding" not in read("eva", "/")
    assert "Laat de naam weg." in read("bram", ruling["url"])
    (mail,) = (mail for mail in outbox("bram@") if mail.kind == "notices/ruling")
    assert mail.subject == "Een moderator vraagt u iets te wijzigen"
    assert "Laat de naam" not in mail.text  # nothing of the case goes by mail
    assert "Een moderator vraagt u iets te wijzigen" in read("bram", "/notices")
    edited = ask("bram", "patch", f"/posts/{written.post}", body="Iemand verhuisde.", base_version=1)
    assert edited.status_code == 200, edited.json
    (case,) = desk()
    assert case["excerpt"] == "Iemand verhuisde."
    assert notices("eva") == ["flag"]
    assert "tekst gewijzigd" in read("eva", case["url"])
    assert ask("bram", "get", ruling["url"]).json["changed"]


def test_case_of_an_author_who_does_nothing_is_back_after_a_week(told: Any, desk: Any) -> None:
    told(ASK)
    go_to(clock.now() + timedelta(days=6))
    assert desk() == []
    go_to(clock.now() + timedelta(days=2))
    assert len(desk()) == 1


def test_moderator_withdraws_a_request_and_sees_the_case_again(told: Any, ask: Any, desk: Any, read: Any) -> None:
    ruling = told(ASK)
    assert ask("eva", "delete", ruling["url"]).json["state"] == "withdrawn"
    assert len(desk()) == 1
    assert "Ingetrokken" in read("bram", ruling["url"])
    assert "Een moderator vraagt u" not in read("bram", "/notices")
    assert ask("bram", "put", f"{ruling['url']}/appeal", appeal="Toch.").status_code == 409


def test_warning_closes_the_case_and_reopening_withdraws_it(
    app: Any, told: Any, ask: Any, desk: Any, outbox: Any
) -> None:
    ruling = told({"ruling": "warn", "reason": "Schrijf hoffelijk.", "word": "Wij spraken de schrijver aan."})
    assert desk() == []
    assert [mail.kind for mail in outbox("anna@")] == ["notices/flag"]
    case = ask("eva", "get", ruling["url"])
    assert case.json["person"] == "Bram Baan"
    with app.app_context():
        (closed,) = db.session.scalars(select(FlagCase.id))
    assert ask("eva", "delete", f"/desk/{closed}/ruling").status_code == 200
    assert ask("bram", "get", ruling["url"]).json["state"] == "withdrawn"


def test_works_by_api(ask: Any, flag: Any, desk: Any, read: Any, written: SimpleNamespace, outbox: Any) -> None:
    flag()
    ask("eva", "put", f"{case_of(desk)}/ruling", ruling="hide", reason="Namen")
    (ruling,) = ask("bram", "get", "/rulings").json["items"]
    assert (ruling["ruling"], ruling["reason"], ruling["by"]) == ("hide", "Namen", "Eva Even")
    assert "maak bezwaar" in read("bram", f"/posts/{written.post}/acts")
    appealed = ask("bram", "put", f"{ruling['url']}/appeal", appeal="Er staat geen naam.")
    assert appealed.json["state"] == "appealed"
    assert "Bezwaren" in read("fons", "/desk")
    assert "Bezwaren" not in read("eva", "/desk")  # she made the ruling
    decision = f"{ruling['url']}/decision"
    assert ask("eva", "put", decision, upheld=True, word="Nee.").status_code == 403
    assert ask("jan", "put", decision, upheld=True, word="Nee.").status_code == 404
    assert ask("bram", "put", decision, upheld=False, word="Ja.").status_code == 403
    decided = ask("fons", "put", decision, upheld=False, word="U hebt gelijk.").json
    assert (decided["state"], decided["word"]) == ("reversed", "U hebt gelijk.")
    assert "verhuisde" in read("gerda", f"/threads/{written.thread}")
    assert "Bezwaren" not in read("fons", "/desk")
    assert "Besluit op uw bezwaar" in [mail.subject for mail in outbox("bram@")]
    assert ask("fons", "delete", decision).status_code == 409


def test_decision_that_stands_can_be_taken_back(told: Any, ask: Any, read: Any) -> None:
    ruling = told({"ruling": "warn", "reason": "Schrijf hoffelijk."})
    ask("bram", "put", f"{ruling['url']}/appeal", appeal="Dat deed ik.")
    assert ask("fons", "put", f"{ruling['url']}/decision", upheld=True, word="Toch niet.").json["state"] == "upheld"
    assert ask("bram", "put", f"{ruling['url']}/appeal", appeal="Nog eens.").status_code == 409
    assert ask("eva", "delete", f"{ruling['url']}/decision").json["state"] == "appealed"
    assert ask("bram", "delete", f"{ruling['url']}/appeal").json["state"] == "standing"
    late = ask("fons", "put", f"{ruling['url']}/decision", upheld=True, word="Toch niet.")
    assert late.status_code == 409


@pytest.mark.parametrize("what", ["thread", "message", "file"])
def test_everything_hidden_by_whatever_verb_can_be_appealed(
    what: str, ask: Any, run_as: Any, written: SimpleNamespace, read: Any
) -> None:
    if what == "thread":
        run_as("eva", threads.hide_thread, Thread, written.thread, reason="Dubbel")
    elif what == "message":
        run_as("eva", chat.MESSAGES.hide, Message, written.message, reason="Namen")
    else:
        assert ask("eva", "delete", f"/files/{written.file}").status_code in (200, 204)
    (ruling,) = ask("bram", "get", "/rulings").json["items"]
    ask("bram", "put", f"{ruling['url']}/appeal", appeal="Dit is nodig.")
    assert ask("fons", "put", f"{ruling['url']}/decision", upheld=False, word="Terug.").json["state"] == "reversed"
    shown = {"thread": f"/threads/{written.thread}", "file": f"/files/{written.file}"}.get(what)
    if shown:
        read("gerda", shown)


def test_hidden_again_by_its_own_verb_lapses(run_as: Any, ask: Any, written: SimpleNamespace) -> None:
    run_as("eva", threads.POSTS.hide, Post, written.post, reason="Namen")
    run_as("eva", threads.POSTS.unhide, Post, written.post)
    (ruling,) = ask("bram", "get", "/rulings").json["items"]
    assert ruling["state"] == "withdrawn"


def test_authors_and_moderators_own_acts_tell_nobody(run_as: Any, ask: Any, written: SimpleNamespace) -> None:
    run_as("bram", threads.POSTS.retract, Post, written.post)
    assert ask("bram", "get", "/rulings").json["items"] == []


def test_stranger_gets_404(told: Any, ask: Any) -> None:
    ruling = told(ASK)
    for who in ("anna", "chris", "dina", "gerda", "jan", "iris"):
        assert ask(who, "get", ruling["url"]).status_code == 404, who
        assert ask(who, "put", f"{ruling['url']}/appeal", appeal="x").status_code == 404, who
    assert ask("anna", "get", "/rulings").json["items"] == []


def test_wrong_role_gets_403(told: Any, ask: Any) -> None:
    ruling = told(ASK)
    assert ask("eva", "put", f"{ruling['url']}/appeal", appeal="x").status_code == 403
    assert ask("bram", "delete", ruling["url"]).status_code == 403


def test_bad_input_names_the_field(ask: Any, flag: Any, desk: Any, cast: Any, told: Any) -> None:
    flag("dina")
    url = case_of(desk)
    assert list(ask("eva", "put", f"{url}/ruling", ruling="ask").json["errors"]) == ["reason"]
    page = cast.client("eva").post(f"{url}/ruling", data={"ruling": "warn", "word": "Blijft staan"})
    assert page.status_code == 422
    assert 'id="f-warn-error"' in page.text
    ruling = told(ASK)
    assert list(ask("bram", "put", f"{ruling['url']}/appeal", appeal="").json["errors"]) == ["appeal"]
    number = ask("bram", "put", f"{ruling['url']}/appeal", appeal="Zijn BSN is 123456782.")
    assert (number.status_code, list(number.json["errors"])) == (422, ["appeal"])
    ask("bram", "put", f"{ruling['url']}/appeal", appeal="Nee.")
    assert set(ask("fons", "put", f"{ruling['url']}/decision").json["errors"]) == {"upheld", "word"}


def test_only_a_text_that_is_shown_can_be_changed(ask: Any, flag: Any, desk: Any, written: SimpleNamespace) -> None:
    flag(thing=written.file)
    refused = ask("eva", "put", f"{case_of(desk)}/ruling", **ASK)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["ruling"])


def test_another_flag_joins_a_case_that_waits_for_its_author(told: Any, flag: Any, app: Any) -> None:
    told(ASK)
    flag("dina")
    with app.app_context():
        assert db.session.query(FlagCase).count() == 1


def test_is_journalled(told: Any, ask: Any, journal: Any) -> None:
    ruling = told(ASK)
    ask("bram", "put", f"{ruling['url']}/appeal", appeal="Nee.")
    ask("fons", "put", f"{ruling['url']}/decision", upheld=True, word="Blijft.")
    for verb in ("rulings.make", "rulings.tell", "rulings.appeal", "rulings.decide"):
        (entry,) = journal(verb)
        assert "naam" not in str(entry)
        assert "Nee." not in str(entry)
