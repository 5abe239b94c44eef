"""uses.answers: somebody who was about to ask a question says that something answers it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cop.things import Usage, usage_of

TITLE = "Mag een huisdier in een omklapwoning?"


def counted(app: Any, thing: int) -> Usage:
    with app.app_context():
        return usage_of([thing]).get(thing, Usage())


def test_works(app: Any, cast: Any, read: Any, shared: SimpleNamespace) -> None:
    url = f"/things/{shared.thread}/answered"
    assert f'action="{url}"' in read("gerda", url)
    client = cast.client("gerda")
    page = client.post(url, data={"title": TITLE}, follow_redirects=True).text
    assert "Fijn dat dit uw vraag beantwoordt" in page
    assert "Dit beantwoordde 1 vraag van anderen." in page
    assert counted(app, shared.thread).answered == 1
    (undo,) = [part.partition('"')[0] for part in page.split('action="') if part.startswith("/uses/")]
    client.post(undo)
    assert counted(app, shared.thread).answered == 0
    assert "beantwoordde" not in read("anna", f"/threads/{shared.thread}")


@pytest.mark.parametrize("what", ["thread", "post", "file"])
def test_works_by_api(app: Any, ask: Any, shared: SimpleNamespace, what: str) -> None:
    thing = getattr(shared, what)
    made = ask("gerda", "post", f"/things/{thing}/answered", title=TITLE)
    assert (made.status_code, made.json["use_kind"], made.json["purpose"]) == (201, "answered", TITLE)
    again = ask("gerda", "post", f"/things/{thing}/answered", title=TITLE)
    assert again.json["id"] == made.json["id"]
    ask("anna", "post", f"/things/{thing}/answered", title=TITLE)
    assert counted(app, thing).answered == 2
    assert ask("gerda", "delete", made.json["url"]).json["state"] == "withdrawn"
    assert ask("gerda", "post", f"{made.json['url']}/restoring").json["state"] == "standing"
    assert ask("gerda", "put", f"{made.json['url']}/outcome", outcome="solved").status_code == 409


def test_the_question_is_read_by_its_person_and_the_team(
    ask: Any, read: Any, uses: Any, shared: SimpleNamespace
) -> None:
    made = ask("gerda", "post", f"/things/{shared.post}/answered", title=TITLE).json
    for who, reads in (("gerda", True), ("eva", True), ("fons", True), ("anna", False), ("bram", False)):
        assert ask(who, "get", made["url"]).status_code == (200 if reads else 404), who
        assert uses(who) == ([made["id"]] if reads else []), who
        assert (TITLE in read(who, f"/things/{shared.post}/uses")) == reads, who


def test_stranger_gets_404(ask: Any, shared: SimpleNamespace) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert ask(who, "post", f"/things/{shared.thread}/answered", title=TITLE).status_code == 404


def test_bad_input_names_the_field(cast: Any, ask: Any, shared: SimpleNamespace) -> None:
    url = f"/things/{shared.thread}/answered"
    assert set(ask("gerda", "post", url).json["errors"]) == {"title"}
    assert set(ask("gerda", "post", url, title="Wie kent 111222333?").json["errors"]) == {"title"}
    answer = cast.client("gerda").post(url, data={"title": "Wie kent 111222333?"})
    assert answer.status_code == 422
    assert "Wie kent 111222333?" in answer.text


def test_is_journalled(ask: Any, journal: Any, shared: SimpleNamespace) -> None:
    made = ask("gerda", "post", f"/things/{shared.thread}/answered", title=TITLE).json
    assert journal("uses.answers") == [{"use": made["id"]}]
