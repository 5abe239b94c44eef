"""Home by the phase of a programme and by what its communities emphasise; the header with the programme."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email, to_message
from cop.society.memberships import Membership
from cop.society.programmes import Community, Programme


def enter(cast: Any, phase: str) -> None:
    assert cast.client("fons").post("/programmes/proef/phase", data={"phase": phase}).status_code == 303


def emphasise(cast: Any, *emphasis: str) -> None:
    sent = {"name": "Eerste kring", "emphasis": ["", *emphasis]}
    assert cast.client("eva").post("/communities/een", data=sent).status_code == 303


def heads(page: str) -> list[str]:
    """Return the heads of the blocks of a page, in their order."""
    return re.findall(r"<h2>([^<]+)</h2>", page)


def test_the_phase_decides_the_order_of_the_blocks(cast: Any) -> None:
    usual = ["Nog niet gelezen", "Vragen zonder antwoord", "Nieuwste documenten"]
    enter(cast, "deepening")
    assert [one for one in heads(cast.client("anna").get("/").text) if one in usual] == usual
    enter(cast, "closing")
    assert [one for one in heads(cast.client("anna").get("/").text) if one in usual] == [usual[1], usual[2], usual[0]]
    enter(cast, "archive")
    assert [one for one in heads(cast.client("anna").get("/").text) if one in usual] == [usual[2]]


def test_an_emphasis_puts_its_block_first_and_can_be_taken_back(cast: Any) -> None:
    enter(cast, "deepening")
    emphasise(cast, "documents", "relationships")
    page = cast.client("anna").get("/").text
    found = heads(page)
    assert found.index("Nieuwste documenten") < found.index("Nieuw in uw kringen") < found.index("Nog niet gelezen")
    assert "Uw profiel aanvullen" in page
    assert "Uw profiel aanvullen" not in cast.client("chris").get("/").text  # of another community
    community = heads(cast.client("anna").get("/communities/een").text)
    assert community.index("Nieuwste documenten") < community.index("Laatste gesprekken")
    emphasise(cast)
    assert "Nieuw in uw kringen" not in cast.client("anna").get("/").text


def test_an_emphasis_is_one_of_six(cast: Any) -> None:
    answer = cast.client(None).patch("/api/v1/communities/een", headers=cast.api("eva"), json={"emphasis": ["zang"]})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["emphasis"])


def test_home_asks_for_what_is_missing_and_stops_when_it_is_there(cast: Any, run_as: Any) -> None:
    from cop.partnerships import actions as partnerships

    enter(cast, "harvest")
    assert "Wat hebt u in dit programma geleerd?" in cast.client("anna").get("/").text
    assert "Wat hebt u in dit programma geleerd?" not in cast.client("gerda").get("/").text  # who only reads
    told = {"kind": "experience", "title": "Wat wij leerden", "body": "Begin klein."}
    cast.client("anna").post("/communities/een/threads", data=told)
    assert "Wat hebt u in dit programma geleerd?" not in cast.client("anna").get("/").text
    enter(cast, "start")
    given = {"name": "Duo Proef", "organisations": cast.organisations[:2], "people": [cast.anna]}
    id = run_as("fons", partnerships.add, Programme, cast.programme, **given)
    assert f'href="/partnerships/{id}"' in cast.client("anna").get("/").text
    assert f'href="/partnerships/{id}"' not in cast.client("chris").get("/").text
    cast.client("fons").post(f"/partnerships/{id}", data={"name": "Duo Proef", "challenge": "Meer woningen"})
    assert "Wat is de lokale opgave" not in cast.client("anna").get("/").text


def test_open_questions_are_settled_in_the_closing(cast: Any) -> None:
    asked = {"kind": "question", "title": "Wie weet het?", "body": "Wij zoeken."}
    cast.client("anna").post("/communities/een/threads", data=asked)
    enter(cast, "closing")
    assert "1 vraag van u is nog open." in cast.client("anna").get("/").text
    assert "vraag van u is nog open." not in cast.client("bram").get("/").text


def test_published_dates_are_on_home(cast: Any) -> None:
    days = [clock.today() + timedelta(days=n) for n in (-1, 3)]
    dates = [{"day": str(day), "title": f"Bijeenkomst {n}"} for n, day in enumerate(days)]
    enter(cast, "recruiting")
    sent = {"what": "Wij zoeken koplopers.", "dates": dates}
    cast.client(None).patch("/api/v1/programmes/proef/public", headers=cast.api("fons"), json=sent)
    assert "Bijeenkomst 1" not in cast.client("anna").get("/").text  # a draft
    cast.client("fons").post("/programmes/proef/publication")
    page = cast.client("anna").get("/").text
    assert "Bijeenkomst 1" in page
    assert "Bijeenkomst 0" not in page  # it is over


@pytest.fixture
def second(app: Any, cast: Any) -> str:
    """Return the address of a second programme in which Anna takes part."""
    with app.app_context(), transaction():
        programme = Programme(name="Tweede programma", slug="tweede", colour="blue")
        programme.communities = [Community(name="Andere kring", slug="ander")]
        db.session.add(programme)
        db.session.flush()
        db.session.add(Membership(person_id=cast.anna, community_id=programme.communities[0].id, role="member"))
        return programme.url


def test_who_has_two_programmes_switches_between_them(cast: Any, second: str) -> None:
    both = cast.client("anna").get("/").text
    assert 'aria-label="Programma kiezen"' in both
    assert f'href="{second}"' in both
    assert "Alle programma’s" in both
    assert 'aria-label="Programma kiezen"' not in cast.client("bram").get("/").text
    assert "Tweede programma" not in cast.client("bram").get("/").text
    inside = cast.client("anna").get("/communities/ander").text.partition("</header>")[0]
    assert "programme-blue" in inside
    assert f'<a href="{second}" aria-current="true">' in inside
    assert "programme-blue" not in cast.client("anna").get("/communities/een").text.partition("</header>")[0]


def test_mail_bears_the_name_colour_and_logo(cast: Any, app: Any) -> None:
    drawing = io.BytesIO()
    Image.new("RGB", (90, 30), "teal").save(drawing, "PNG")
    drawing.seek(0)
    cast.client("fons").post("/programmes/proef/logo", data={"logo": (drawing, "logo.png")})
    cast.client("fons").post("/programmes/proef", data={"name": "Proefprogramma", "colour": "purple"})
    cast.client("fons").post("/programmes/proef/phase", data={"phase": "harvest", "mail": "1"})
    with app.app_context():
        email = db.session.query(Email).filter_by(kind="programmes/phase", person_id=cast.anna).one()
        mail = to_message(email)
        jobs.run_due()
    html = mail.get_body(("html",))
    assert html is not None
    assert "#5a2f6d" in html.get_content()
    (logo,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{logo["Content-ID"].strip("<>")}"' in html.get_content()
    assert Image.open(io.BytesIO(logo.get_content())).size == (90, 30)
    assert "Proefprogramma" in html.get_content()
