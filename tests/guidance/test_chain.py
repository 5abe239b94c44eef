"""From a question to guidance that is used: asked, declined by one expert, accepted and answered by another from the mail,
made into guidance with chat messages and a document as sources, reviewed, adopted, found in other words, used by two
partnerships, flagged because a source was retracted, and revised."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cop.access import SYSTEM
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room
from cop.documents import actions as documents
from cop.partnerships import actions as partnerships
from cop.society.credentials import new_token
from cop.society.memberships import enrol
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.guidance.conftest import LIST
from tests.house.world import _blob

SOUGHT = "Hoe krijgt u huurders en buren aan de praat?"


@pytest.fixture
def stage(app: Any, cast: Any, ask: Any) -> SimpleNamespace:
    """A second expert, two chat messages of Bram, his document, and a partnership each of Anna and of Bram."""
    with app.app_context(), transaction():
        one, programme = db.session.get_one(Community, cast.one), db.session.get_one(Programme, cast.programme)
        elsa = Person(mail="elsa@proef.example", name="Elsa Expert", state="active", entered=clock.now())
        db.session.add(elsa)
        db.session.flush()
        enrol(elsa, one, "expert", clock.today() + timedelta(days=99))
        cast.tokens["elsa"], cast.elsa = new_token(elsa), elsa.id
        bram = db.session.get_one(Person, cast.bram)
        file = documents.upload(bram, one, blob=_blob(app, "Een kaart voor de deur."), name="kaart.txt").id
        duos = [
            partnerships.add(SYSTEM, programme, name=name, organisations=cast.organisations[:2], people=[person]).id
            for name, person in (("Duo Proefdam", cast.anna), ("Duo Proefveen", cast.bram))
        ]
        room = ensure_room(one).id
    said = [
        ask("bram", "post", f"/rooms/{room}/messages", body=words).json["id"]
        for words in ("Ik bel altijd eerst aan bij de buren.", "Neem een kaartje mee met een telefoonnummer.")
    ]
    return SimpleNamespace(file=file, duos=duos, said=said)


def test_question_becomes_guidance_that_is_used_and_revised(
    ask: Any, read: Any, cast: Any, outbox: Any, stage: SimpleNamespace, notices: Any
) -> None:
    asked = {"title": SOUGHT, "body": "Wij plaatsen in mei de eerste bewoners."}
    thread = ask("anna", "post", "/communities/een/threads", **asked).json["id"]
    request = ask("anna", "post", f"/threads/{thread}/expert").json
    first, second = ("dina", "elsa") if request["expert"]["id"] == cast.dina else ("elsa", "dina")
    assert ask(first, "put", f"{request['url']}/decline", reason="time").status_code == 200
    mail = [one for one in outbox(f"{second}@") if one.kind == "experts/asked"][-1]
    nobody = cast.client(None)
    (deciding,) = re.findall(r"/expert/asked/\S+", mail.text)
    (answering,) = re.findall(r"/expert/answer/\S+", mail.text)
    assert nobody.post(f"{deciding}/acceptance").status_code == 303
    assert "antwoordt, uiterlijk" in read("anna", f"/threads/{thread}")
    assert nobody.post(answering, data={"body": "Bel aan voor de bewoner er woont."}).status_code in (201, 303)
    posts = ask("anna", "get", f"/threads/{thread}/posts").json["items"]
    answer = posts[-1]
    assert answer["author"]["role"] == "expert"
    assert ask("anna", "put", f"/threads/{thread}/answer", post=answer["id"]).status_code == 200

    card = ask("eva", "post", LIST, title="Kennismaken voor de sleutel").json
    url = card["url"]
    ask("eva", "patch", url, works="Aanbellen, met een kaartje.", works_base=1)
    for source in (answer["id"], *stage.said, stage.file):
        taken = ask("eva", "post", f"/things/{source}/guidance", card=card["id"], section="works")
        assert taken.status_code == 201, taken.json
    assert set(notices("bram")) == {"card_credited"}
    assert ask("eva", "put", f"{url}/review", reviewer=cast.elsa).status_code == 200
    assert ask("elsa", "put", f"{url}/advice", advice="approved").status_code == 200
    assert ask("eva", "put", f"{url}/adoption").json["status"] == "adopted"
    assert "Gebruikt in handreiking" in read("anna", f"/threads/{thread}")
    assert "Gebruikt in handreiking" in read("anna", f"/files/{stage.file}")

    found = ask("chris", "get", "/search", q="aanbellen kaartjes").json["items"]
    assert not [one for one in found if one["url"] == url]  # Chris is in another community
    for words in ("kennismaking sleutels", "aanbellen kaartje"):
        hits = ask("gerda", "get", "/search", q=words).json["items"]
        assert hits[0]["url"] == url, words

    for number in range(4):  # from five threads on
        ask("bram", "post", "/communities/een/threads", title=f"Iets anders {number}", body="Wie weet dit?")
    similar = ask("gerda", "get", "/communities/een/similar", q="Kennismaken met de sleutel").json["items"]
    assert (similar[0]["url"], similar[0]["helps"]) == (url, True)
    offered = ask("anna", "get", "/communities/een/similar", q="Kennismaken met de sleutel").json["items"][0]["answers"]
    assert ask("anna", "post", offered, title="Hoe gaat kennismaken?").status_code == 201
    assert "beantwoordde 1 vraag" in read("gerda", url)

    for who, duo in zip(("anna", "bram"), stage.duos, strict=True):
        made = ask(who, "post", f"/things/{card['id']}/uses", purpose="Onze eerste plaatsing", partnership=duo)
        assert made.status_code == 201, made.json
    assert "gebruikt door 2 samenwerkingen" in read("gerda", url)

    assert ask("bram", "delete", f"/messages/{stage.said[0]}").status_code == 200
    assert notices("eva").count("card_source") == 1
    assert "Ik bel altijd eerst aan" not in read("gerda", url)
    assert "Kennismaken voor de sleutel" in read("eva", "/desk")
    assert ask("eva", "put", f"{url}/revision").status_code == 200
    base = next(one for one in ask("eva", "get", url, version=0).json["sections"] if one["name"] == "works")["version"]
    ask("eva", "patch", url, works="Aanbellen met de buurman, met een kaartje.", works_base=base)
    (marked,) = (one for one in ask("eva", "get", url, version=0).json["sources"] if one["mark"])
    assert (marked["thing_id"], marked["mark"]) == (stage.said[0], "retracted")
    assert ask("eva", "delete", f"/guidance/sources/{marked['id']}").status_code in (200, 204)
    assert ask("eva", "put", f"{url}/review", reviewer=cast.elsa).status_code == 200
    assert ask("elsa", "put", f"{url}/advice", advice="approved").status_code == 200
    assert ask("eva", "put", f"{url}/adoption", remark="Zonder de ingetrokken bron").json["version"] == 2
    page = read("gerda", f"{url}/versions")
    assert "Zonder de ingetrokken bron" in page
