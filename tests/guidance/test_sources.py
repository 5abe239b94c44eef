"""guidance.take, guidance.leave_out, guidance.affirm, guidance.withdraw_name and guidance.restore_name; guidance.mark_source.

What is carried over, what happens when a source changes or goes, and the names of those who contributed.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cop.access.desk import desk_queues
from cop.base.action import transaction
from cop.base.db import db
from cop.guidance.models import CardSource
from cop.society.people import Person
from tests.guidance.conftest import LIST


def taken(ask: Any, url: str, number: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = ask("dina", "get", url).json["sources"][number]
    return found


@pytest.fixture
def waiting(app: Any, cast: Any) -> Any:
    """`waiting('guidance_sources')`: what waits in a queue of Eva's desk."""

    def items(name: str) -> list[tuple[str, str]]:
        (queue,) = (one for one in desk_queues() if one.name == name)
        with app.app_context(), transaction():
            eva = db.session.get_one(Person, cast.eva)
            return [(item.url, item.text) for item in queue.items(eva, [1, 2, 3, 4, 5], 10)]

    return items


def test_works(read: Any, send: Any, cast: Any, sources: SimpleNamespace, draft: dict[str, Any], notices: Any) -> None:
    for url, thing in (
        (f"/posts/{sources.post}/acts", sources.post),
        (f"/messages/{sources.message}/acts", sources.message),
    ):
        assert f'href="/things/{thing}/guidance"' in read("dina", url)
        assert f'href="/things/{thing}/guidance"' not in read("anna", url)
    page = read("dina", f"/things/{sources.post}/guidance")
    assert "Eerst de buren" in page
    answer = send("dina", f"/things/{sources.post}/guidance", card=draft["id"], section="why", excerpt="Dat scheelt.")
    assert answer.location == f"{draft['url']}#sources"
    page = read("anna", draft["url"])
    assert f'href="/posts/{sources.post}"' in page
    assert "Dat scheelt." in page
    assert "Met dank aan" in page
    assert "Bram" in page
    assert "Wordt gebruikt in het concept" in read("anna", f"/threads/{sources.thread}")
    assert notices("bram") == ["card_credited"]
    assert "gebruikt hierin wat u schreef" in read("bram", "/notices")


@pytest.mark.parametrize("what", ["post", "message", "outcome", "thread"])
def test_works_by_api(ask: Any, sources: SimpleNamespace, what: str) -> None:
    answer = ask("dina", "post", f"/things/{getattr(sources, what)}/guidance", title="Een nieuwe")
    assert answer.status_code == 201, answer.text
    assert (answer.json["title"], answer.json["owner"]) == ("Een nieuwe", "Dina Deskundig")
    (source,) = answer.json["sources"]
    assert source["author"].startswith("Bram")
    assert source["excerpt"]
    assert source["place"]
    assert ask("dina", "delete", f"/guidance/sources/{source['id']}").json["sources"] == []
    assert ask("dina", "post", f"/things/{source['thing_id']}/guidance", card=answer.json["id"]).status_code == 201
    assert len(ask("dina", "get", answer.json["url"]).json["sources"]) == 1


def test_a_document_is_an_attachment(ask: Any, cast: Any, draft: dict[str, Any], read: Any) -> None:
    import io

    made = cast.client(None).post(
        "/api/v1/communities/een/files",
        data={"file": (io.BytesIO(b"Een lijst."), "lijst.txt")},
        headers=cast.api("bram"),
    )
    assert made.status_code == 201, made.text
    answer = ask("dina", "post", f"{draft['url']}/sources", address=f"http://localhost{made.json['url']}")
    assert answer.status_code == 201, answer.text
    page = read("anna", draft["url"])
    assert "Bijlagen" in page
    assert "lijst.txt" in page
    assert "Eerst de buren" in read("anna", made.json["url"])
    client = cast.client(None)
    version = ask("bram", "get", made.json["url"]).json
    assert version["version"] == made.json["version"], "the base of the next version of a document stays"
    client.post(
        f"/api/v1{made.json['url']}/versions",
        data={"file": (io.BytesIO(b"Een andere lijst."), "lijst.txt"), "base_version": version["version"]},
        headers=cast.api("bram"),
    )
    assert taken(ask, draft["url"])["mark"] == "changed"


def test_by_address(ask: Any, sources: SimpleNamespace, draft: dict[str, Any]) -> None:
    url = f"{draft['url']}/sources"
    for address in (f"http://localhost/posts/{sources.post}", f"/threads/{sources.thread}?after=0#post-{sources.post}"):
        assert ask("dina", "post", url, address=address).status_code == 201
    assert [one["thing_id"] for one in ask("dina", "get", draft["url"]).json["sources"]] == [sources.post]
    for wrong in ("https://elders.example/posts/1", "/posts/999999", "/people/1", "zomaar", "/communities/een"):
        assert set(ask("dina", "post", url, address=wrong).json["errors"]) == {"address"}


def test_stranger_gets_404(ask: Any, sources: SimpleNamespace, reviewed: dict[str, Any]) -> None:
    source = reviewed["sources"][0]["id"]
    for who in ("chris", "jan", "iris"):
        assert ask(who, "post", f"/things/{sources.post}/guidance", title="Nee").status_code == 404
        assert ask(who, "delete", f"/guidance/sources/{source}").status_code == 404
        assert ask(who, "put", f"/guidance/sources/{source}/affirmation").status_code == 404
        assert ask(who, "delete", f"{reviewed['url']}/name").status_code == 404
        assert ask(who, "put", f"{reviewed['url']}/name").status_code == 404


def test_wrong_role_gets_403(ask: Any, cast: Any, sources: SimpleNamespace, reviewed: dict[str, Any]) -> None:
    source = reviewed["sources"][0]["id"]
    for who in ("anna", "bram", "gerda"):
        assert ask(who, "post", f"/things/{sources.post}/guidance", title="Nee").status_code == 403
        assert ask(who, "delete", f"/guidance/sources/{source}").status_code == 403
        assert ask(who, "put", f"/guidance/sources/{source}/affirmation").status_code == 403
    for who in ("anna", "gerda", "dina"):  # who did not contribute
        assert ask(who, "delete", f"{reviewed['url']}/name").status_code == 403
        assert ask(who, "put", f"{reviewed['url']}/name").status_code == 403
    own = ask("eva", "post", LIST, title="Van Eva").json
    assert ask("dina", "post", f"/things/{sources.post}/guidance", card=own["id"]).status_code == 403


def test_bad_input_names_the_field(ask: Any, send: Any, sources: SimpleNamespace, draft: dict[str, Any]) -> None:
    url = f"/things/{sources.post}/guidance"
    assert set(ask("dina", "post", url).json["errors"]) == {"title"}
    assert set(ask("dina", "post", url, card=draft["id"], excerpt="Dat schreef hij niet.").json["errors"]) == {
        "excerpt"
    }
    assert set(ask("dina", "post", url, card=draft["id"], section="zomaar").json["errors"]) == {"section"}
    page = send("dina", url, card=draft["id"], excerpt="Dat schreef hij niet.")
    assert page.status_code == 422
    assert "Dat schreef hij niet." in page.text


def test_is_journalled(
    ask: Any, cast: Any, journalled: Any, sources: SimpleNamespace, reviewed: dict[str, Any]
) -> None:
    source, id = reviewed["sources"][0]["id"], reviewed["id"]
    assert journalled("guidance.take") == (
        "Dina Deskundig",
        {"card": id, "source": source, "people": [cast.bram], "why": "card_credited"},
    )
    ask("bram", "patch", f"/posts/{sources.post}", body="Anders.", base_version=1)
    assert journalled("guidance.mark_source")[1]["mark"] == "changed"
    ask("dina", "put", f"/guidance/sources/{source}/affirmation")
    ask("bram", "delete", f"{reviewed['url']}/name")
    ask("bram", "put", f"{reviewed['url']}/name")
    ask("dina", "delete", f"/guidance/sources/{source}")
    for verb, who in (("affirm", "Dina"), ("leave_out", "Dina"), ("withdraw_name", "Bram"), ("restore_name", "Bram")):
        assert journalled(f"guidance.{verb}")[0].startswith(who)


def test_a_source_that_changes_flags_its_guidance(
    ask: Any, read: Any, sources: SimpleNamespace, adopted: dict[str, Any], notices: Any, waiting: Any
) -> None:
    url = adopted["url"]
    assert notices("dina") == ["card_approved"]
    assert "Gebruikt in handreiking" in read("anna", f"/threads/{sources.thread}")
    ask("bram", "patch", f"/posts/{sources.post}", body="Wij tekenen pas later.", base_version=1)
    source = taken(ask, url)
    assert (source["mark"], source["excerpt"]) == ("changed", "")
    assert notices("dina") == ["card_approved", "card_source"]
    assert waiting("guidance_sources") == [(url, "1 bron is gewijzigd of verdwenen.")]
    assert "morgen" not in read("anna", url), "what was taken is not shown while it may be wrong"
    assert "Nog juist" not in read("anna", url)
    assert "Nog juist" in read("dina", url)
    assert ask("dina", "put", f"/guidance/sources/{source['id']}/affirmation").status_code == 200
    assert taken(ask, url)["excerpt"] == "Wij tekenen pas later."
    assert waiting("guidance_sources") == []


def test_a_source_that_is_back_as_it_was_is_no_change(
    ask: Any, sources: SimpleNamespace, adopted: dict[str, Any], waiting: Any
) -> None:
    url, post = adopted["url"], f"/posts/{sources.post}"
    for on, off, mark in (
        (("eva", "put", f"{post}/hiding"), ("eva", "delete", f"{post}/hiding"), "hidden"),
        (("bram", "delete", post), ("bram", "post", f"{post}/restoring"), "retracted"),
        (
            ("eva", "put", f"/threads/{sources.thread}/hiding"),
            ("eva", "delete", f"/threads/{sources.thread}/hiding"),
            "hidden",
        ),
    ):
        who, method, path = on
        assert ask(who, method, path, reason="Even niet").status_code < 300, path
        source = taken(ask, url)
        assert (source["mark"], source["url"], source["excerpt"], source["place"]) == (mark, "", "", "")
        assert ask("dina", "put", f"/guidance/sources/{source['id']}/affirmation").status_code == 409
        who, method, path = off
        assert ask(who, method, path).status_code < 300, path
        assert taken(ask, url)["mark"] == ""
        assert waiting("guidance_sources") == []


def test_an_outcome_that_changes_or_goes(ask: Any, sources: SimpleNamespace, draft: dict[str, Any]) -> None:
    ask("dina", "post", f"/things/{sources.outcome}/guidance", card=draft["id"])
    version = ask("bram", "get", f"/outcomes/{sources.outcome}").json["version"]
    assert (
        ask("bram", "patch", f"/outcomes/{sources.outcome}", text="Toch niet.", base_version=version).status_code == 200
    )
    assert taken(ask, draft["url"])["mark"] == "changed"
    ask("bram", "delete", f"/outcomes/{sources.outcome}")
    assert taken(ask, draft["url"])["mark"] == "retracted"


def test_a_thread_that_moves_takes_its_words_along(
    ask: Any, app: Any, cast: Any, sources: SimpleNamespace, adopted: dict[str, Any]
) -> None:
    assert ask("fons", "post", f"/threads/{sources.thread}/move", community="twee").status_code < 300
    source = taken(ask, adopted["url"])
    assert (source["mark"], source["url"], source["excerpt"], source["place"]) == ("moved", "", "", "")
    assert (
        "Eerst de buren"
        not in cast.client(None)
        .get(f"/threads/{sources.thread}", headers={**cast.api("chris"), "Accept": "text/html"})
        .text
    )


def test_what_was_removed_as_a_breach_is_erased_here_too(
    app: Any, ask: Any, sources: SimpleNamespace, adopted: dict[str, Any]
) -> None:
    answer = ask("eva", "post", f"/things/{sources.post}/breach", what=["contact"])
    assert answer.status_code == 201, answer.text
    assert taken(ask, adopted["url"])["mark"] == "erased"
    with app.app_context():
        assert db.session.query(CardSource).one().excerpt == ""
    assert ask("dina", "put", f"/guidance/sources/{taken(ask, adopted['url'])['id']}/affirmation").status_code == 409


def test_a_name_is_withdrawn_from_every_version(ask: Any, read: Any, cast: Any, adopted: dict[str, Any]) -> None:
    url = adopted["url"]
    assert "Mijn naam weghalen" in read("bram", url)
    assert "Mijn naam weghalen" not in read("anna", url)
    assert ask("bram", "delete", f"{url}/name").status_code == 200
    source = taken(ask, url)
    assert (source["author"], source["author_id"], source["organisation"]) == ("", None, "")
    assert source["excerpt"], "what was written stays"
    for page in (read("anna", url), read("anna", f"{url}?version=1")):
        assert "Bram" not in page
        assert "een deelnemer" in page
    assert ask("bram", "put", f"{url}/name").status_code == 200
    assert "Bram" in read("anna", url)


def test_what_is_not_shown_cannot_be_taken(ask: Any, sources: SimpleNamespace, draft: dict[str, Any]) -> None:
    ask("bram", "delete", f"/posts/{sources.post}")
    answer = ask("dina", "post", f"/things/{sources.post}/guidance", card=draft["id"])
    assert (answer.status_code, answer.json["code"]) == (409, "gone")
