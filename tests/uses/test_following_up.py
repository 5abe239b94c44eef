"""uses.follow_up and uses.clear_outcome: the question after six weeks, and what came of a use."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cop.base import clock, jobs
from cop.uses.models import answer_token
from cop.uses.telling import AFTER
from tests.conftest import go_to


@pytest.fixture
def later(app: Any) -> Any:
    """`later(weeks=6)`: the working day on or after so long, and the job that asks."""

    def turn(**time: int) -> None:
        moment = clock.now() + timedelta(**time)
        while clock.local(moment).weekday() > 4 or (clock.local(moment).month, clock.local(moment).day) in HOLIDAYS:
            moment += timedelta(days=1)
        go_to(moment)
        with app.app_context():
            jobs.JOBS["uses.ask"]()

    return turn


@pytest.fixture
def asked(outbox: Any) -> Any:
    """`asked('anna')`: the mails with the question to somebody."""

    def emails(who: str = "anna") -> list[Any]:
        return [mail for mail in outbox(f"{who}@proef.example") if mail.kind == "uses/asked"]

    return emails


HOLIDAYS = {(1, 1), (12, 25), (12, 26)}


def links(text: str) -> list[str]:
    return re.findall(r"http://localhost(/used/[^\s?]+)\?outcome=(?:solved|partly|no|busy)\b", text)


def test_works(cast: Any, use: Any, read: Any, shared: SimpleNamespace) -> None:
    made = use()
    assert "Wat heeft het opgeleverd?" in read("anna", made["url"])
    assert "Wat heeft het opgeleverd?" not in read("gerda", made["url"])
    page = (
        cast.client("anna")
        .post(
            f"{made['url']}/outcome",
            data={"outcome": "partly", "remark": "Bewoners lezen ze nu"},
            follow_redirects=True,
        )
        .text
    )
    assert "Uw antwoord is opgeslagen" in page
    assert f'action="{made["url"]}/outcome/delete"' in page
    assert "<b>Deels opgelost</b>. <bdi>Bewoners lezen ze nu</bdi>" in re.sub(
        r"\s+", " ", read("gerda", f"/things/{shared.post}/uses")
    )


def test_works_by_api(ask: Any, use: Any) -> None:
    made = use()
    stored = ask("anna", "put", f"{made['url']}/outcome", outcome="solved", remark="Mooi").json
    assert (stored["outcome"], stored["remark"]) == ("solved", "Mooi")
    assert stored["outcome_at"]
    assert ask("anna", "put", f"{made['url']}/outcome", outcome="no").json["remark"] == "", (
        "it replaces the earlier one"
    )
    assert ask("anna", "delete", f"{made['url']}/outcome").json["outcome"] == ""
    ask("anna", "delete", made["url"])
    assert ask("anna", "put", f"{made['url']}/outcome", outcome="no").status_code == 409


def test_asked_once_by_mail_and_answered_without_signing_in(
    cast: Any, ask: Any, use: Any, later: Any, asked: Any, shared: SimpleNamespace
) -> None:
    made = use()
    later(weeks=5)
    assert asked() == []
    later(weeks=1)
    later(days=1)
    (mail,) = asked()
    assert mail.subject == "Wat heeft het opgeleverd? Wie heeft huisregels?"
    assert mail.text.count("?outcome=") == 4
    (link,) = set(links(mail.text))
    guest = cast.client(None)
    page = guest.get(f"{link}?outcome=partly").text
    assert re.search(r'value="partly" checked', page)
    assert ask("anna", "get", made["url"]).json["outcome"] == "", "opening changes nothing"
    refused = guest.post(link, data={"outcome": "", "remark": "Een heel verhaal"})
    assert refused.status_code == 422
    assert "Een heel verhaal" in refused.text
    assert "Uw antwoord is opgeslagen" in guest.post(link, data={"outcome": "partly"}, follow_redirects=True).text
    assert ask("anna", "get", made["url"]).json["outcome"] == "partly"
    assert ask(None, "put", link, outcome="solved").json["outcome"] == "solved"


def test_asked_of_nobody_who_answered_withdrew_or_left(
    cast: Any, ask: Any, use: Any, later: Any, asked: Any, shared: SimpleNamespace
) -> None:
    answered, withdrawn = use(), use("gerda")
    use("dina")
    ask("anna", "put", f"{answered['url']}/outcome", outcome="busy")
    ask("gerda", "delete", withdrawn["url"])
    assert ask("eva", "delete", f"/communities/een/members/{cast.dina}").status_code < 300
    later(weeks=6)
    assert [asked(who) for who in ("anna", "gerda", "dina")] == [[], [], []]


def test_not_asked_of_what_is_long_ago_or_gone(
    ask: Any, use: Any, later: Any, asked: Any, shared: SimpleNamespace
) -> None:
    use()
    ask("bram", "delete", f"/posts/{shared.post}")
    later(weeks=6)
    ask("bram", "post", f"/posts/{shared.post}/restoring")
    later(weeks=5)
    assert asked() == []


def test_link_ends_with_the_use(app: Any, cast: Any, ask: Any, use: Any) -> None:
    made = use()
    with app.app_context():
        link, foreign = (f"/used/{answer_token(made['id'], id)}" for id in (cast.anna, cast.gerda))
    guest = cast.client(None)
    assert guest.get(link).status_code == 200
    assert guest.get(foreign).status_code == 410
    ask("anna", "delete", made["url"])
    page = guest.post(link, data={"outcome": "no", "remark": "Wat ik schreef"})
    assert page.status_code == 410
    assert "Wat ik schreef" in page.text
    assert ask(None, "put", link, outcome="no").status_code == 410


def test_stranger_gets_404(ask: Any, use: Any) -> None:
    made = use()
    for who in ("chris", "hans", "jan", "iris"):
        assert ask(who, "put", f"{made['url']}/outcome", outcome="no").status_code == 404
        assert ask(who, "delete", f"{made['url']}/outcome").status_code == 404


def test_wrong_role_gets_403(ask: Any, use: Any) -> None:
    made = use()
    for who in ("bram", "gerda", "eva", "fons"):
        assert ask(who, "put", f"{made['url']}/outcome", outcome="no").status_code == 403
        assert ask(who, "delete", f"{made['url']}/outcome").status_code == 403


def test_bad_input_names_the_field(ask: Any, use: Any) -> None:
    url = f"{use()['url']}/outcome"
    assert set(ask("anna", "put", url, outcome="misschien").json["errors"]) == {"outcome"}
    assert set(ask("anna", "put", url, outcome="no", remark="x" * 201).json["errors"]) == {"remark"}
    assert set(ask("anna", "put", url, outcome="no", remark="Van 111222333").json["errors"]) == {"remark"}


def test_is_journalled(ask: Any, use: Any, journal: Any) -> None:
    made = use()
    ask("anna", "put", f"{made['url']}/outcome", outcome="no", remark="Niets")
    ask("anna", "delete", f"{made['url']}/outcome")
    assert journal("uses.follow_up") == [{"outcome": "no"}]
    assert journal("uses.clear_outcome") == [{}]


def test_six_weeks() -> None:
    assert timedelta(days=42) == AFTER
