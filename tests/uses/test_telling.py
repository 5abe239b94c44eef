"""The weekly mail to authors: who used what of theirs, once, and nothing when there is nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cop.base import clock, jobs
from cop.uses.telling import next_friday
from tests.conftest import go_to
from tests.uses.conftest import PURPOSE

BRAM = "bram@proef.example"


@pytest.fixture
def told(app: Any, outbox: Any) -> Any:
    """`told()`: the texts of the mails to Bram, after the job ran."""

    def run() -> list[str]:
        with app.app_context():
            jobs.JOBS["uses.tell"]()
        return [mail.text for mail in outbox(BRAM) if mail.kind == "uses/told"]

    return run


def test_one_mail_names_who_used_what(ask: Any, use: Any, told: Any, outbox: Any, shared: SimpleNamespace) -> None:
    assert told() == []
    use(changed="Wij haalden punt 4 eruit.", partnership=shared.duo)
    use("gerda", shared.file, purpose="Een brief aan de buurt")
    ask("dina", "post", f"/things/{shared.file}/answered", title="Wie heeft een model?")
    (text,) = told()
    for words in (
        "Wie heeft huisregels?",
        f"/posts/{shared.post}",
        f"Anna Adem, Duo Proefdam: {PURPOSE}",
        "Aangepast: Wij haalden punt 4 eruit.",
        "huisregels.txt",
        "Gerda Gids, Gemeente Proefdam: Een brief aan de buurt",
        "Het beantwoordde 1 vraag die iemand wilde stellen.",
    ):
        assert words in text, text
    assert "Wie heeft een model?" not in text
    assert outbox(BRAM)[-1].subject == "Wat u deelde, is 3 keer gebruikt"


def test_nothing_is_told_twice(use: Any, told: Any) -> None:
    use()
    assert len(told()) == 1
    assert len(told()) == 1
    use("gerda", purpose="Een tweede keer")
    (_first, second) = told()
    assert PURPOSE not in second
    assert "Een tweede keer" in second


def test_what_is_withdrawn_or_gone_is_not_told(ask: Any, use: Any, told: Any, shared: SimpleNamespace) -> None:
    ask("anna", "delete", use()["url"])
    use("gerda", shared.file)
    ask("bram", "delete", f"/files/{shared.file}")
    assert told() == []
    ask("bram", "post", f"/files/{shared.file}/untrash")
    assert len(told()) == 1


def test_old_uses_are_not_told(use: Any, told: Any) -> None:
    use()
    go_to(clock.now() + timedelta(weeks=5))
    assert told() == []


def test_an_author_who_left_is_not_told(cast: Any, ask: Any, use: Any, told: Any) -> None:
    use()
    assert ask("eva", "delete", f"/communities/een/members/{cast.bram}").status_code < 300
    assert told() == []


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2017-12-06T12:00:00+01:00", "2017-12-08T09:00:00+01:00"),
        ("2017-12-08T09:00:00+01:00", "2017-12-15T09:00:00+01:00"),
        ("2018-03-23T10:00:00+01:00", "2018-03-30T09:00:00+02:00"),
    ],
)
def test_on_fridays(now: str, then: str) -> None:
    assert next_friday(datetime.fromisoformat(now)) == datetime.fromisoformat(then)
