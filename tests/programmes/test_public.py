"""The public page of a programme: programmes.edit_public, programmes.publish, programmes.unpublish, programmes.set_logo."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import update

from cop.base.action import transaction
from cop.base.db import db

PATH = "/programmes/proef"
DRAFT = {
    "what": "Wij zoeken **koplopers**.",
    "for_whom": "Gemeenten en corporaties.",
    "contact_name": "Carla Contact",
    "contact_mail": "carla@proef.example",
    "contact_phone": "06 1234",
    "shows": ["", "phases"],
    "day_1": "12-01-2027",
    "time_1": "13.00 uur",
    "title_1": "Startbijeenkomst",
    "place_1": "Utrecht",
}


def write(cast: Any, who: str = "fons", **more: Any) -> Any:
    return cast.client(who).post(f"{PATH}/public", data={**DRAFT, **more})


def publish(cast: Any, who: str = "fons") -> Any:
    return cast.client(who).post(f"{PATH}/publication")


@pytest.fixture
def published(cast: Any) -> None:
    assert write(cast).status_code == 303
    assert publish(cast).status_code == 303


def test_a_draft_is_seen_by_the_team_alone(cast: Any) -> None:
    assert write(cast).location == f"{PATH}/public"
    page = cast.client("fons").get(f"{PATH}/public").text
    assert "Wij zoeken **koplopers**." in page
    assert 'value="Startbijeenkomst"' in page
    assert "Wij zoeken <strong>koplopers</strong>." in cast.client("fons").get(f"{PATH}/public/preview").text
    for who in ("anna", "eva"):
        assert cast.client(who).get(f"{PATH}/public").status_code == 403
        assert cast.client(who).get(f"{PATH}/public/preview").status_code == 403
    unknown = cast.client(None).get("/programmes/bestaat-niet")
    unpublished = cast.client(None).get(PATH)
    assert (unpublished.status_code, unpublished.location) == (303, f"/sign-in?next={PATH}")
    assert unknown.status_code == 303
    assert cast.client("hans").get(PATH).status_code == 404


def test_publishing_takes_what_is_typed_with_it(cast: Any) -> None:
    wrong = cast.client("fons").post(f"{PATH}/publication", data={**DRAFT, "contact_mail": "geen mailadres"})
    assert wrong.status_code == 422
    assert "Wij zoeken **koplopers**." in wrong.text  # what was typed is still there
    assert cast.client(None).get(PATH).status_code == 303
    assert cast.client("fons").post(f"{PATH}/publication", data=DRAFT).status_code == 303
    assert "Wij zoeken <strong>koplopers</strong>." in cast.client(None).get(PATH).text


def test_works_for_everybody(cast: Any, published: None) -> None:
    page = cast.client(None).get(PATH)
    assert page.status_code == 200
    for words in (
        "Wij zoeken <strong>koplopers</strong>.",
        "Startbijeenkomst",
        "Utrecht",
        "mailto:carla@proef.example",
    ):
        assert words in page.text
    assert '<meta property="og:description" content="Wij zoeken koplopers.">' in page.text
    assert '<link rel="canonical" href="http://localhost/programmes/proef">' in page.text
    assert "Anna Adem" not in page.text  # nobody of the programme
    assert "Eerste kring" not in page.text
    assert cast.client("hans").get(PATH).status_code == 200
    assert "Praktijkgemeenschappen" in cast.client("anna").get(PATH).text  # who takes part sees the programme itself


def test_works_by_api(cast: Any, app: Any) -> None:
    def ask(method: str, path: str, **given: Any) -> Any:
        return cast.client(None).open(f"/api/v1{PATH}/{path}", method=method, headers=cast.api("fons"), **given)

    draft = ask("PATCH", "public", json={"what": "Kort."})
    assert (draft.status_code, draft.json["draft"]) == (200, {"what": "Kort."})
    # A program that says JSON may send nothing.
    assert ask("PUT", "publication", data=b"", content_type="application/json").json["published"]
    assert ask("DELETE", "publication").json["published"] is None
    assert ask("PUT", "logo", json={"remove": True}).status_code == 200


def test_strangers_read_it_by_api(cast: Any, published: None) -> None:
    answer = cast.client(None).get(f"/api/v1{PATH}", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json["dates"] == [
        {"day": "2027-01-12", "time": "13.00 uur", "title": "Startbijeenkomst", "place": "Utrecht"}
    ]
    assert set(answer.json) == {
        "slug", "name", "url", "texts", "dates", "contact_name", "contact_mail", "contact_phone", "partners", "documents",
    }  # fmt: skip


def test_later_changes_wait_until_they_are_published(cast: Any, published: None) -> None:
    write(cast, what="Iets anders.", contact_name="Nog Iemand")
    assert "Iets anders." not in cast.client(None).get(PATH).text
    assert "Nog Iemand" not in cast.client(None).get(PATH).text
    publish(cast)
    assert "Iets anders." in cast.client(None).get(PATH).text


def test_unpublishing_takes_it_away_and_keeps_the_draft(cast: Any, published: None) -> None:
    assert cast.client("fons").post(f"{PATH}/publication/delete").status_code == 303
    gone = cast.client(None).get(PATH)
    assert (gone.status_code, gone.location) == (303, f"/sign-in?next={PATH}")
    assert cast.client(None).get(f"/api/v1{PATH}").status_code == 401
    assert "Wij zoeken **koplopers**." in cast.client("fons").get(f"{PATH}/public").text
    again = cast.client(None).delete(f"/api/v1{PATH}/publication", headers=cast.api("fons"))
    assert again.status_code == 409


def test_only_chosen_partnerships_that_agree_are_shown(cast: Any, run_as: Any, app: Any) -> None:
    from cop.partnerships import actions
    from cop.society.programmes import PartnerOrganisation, Programme

    ids = [
        run_as("fons", actions.add, Programme, cast.programme, name=name, organisations=cast.organisations[:2])
        for name in ("Duo Bekend", "Duo Geheim")
    ]
    write(cast, partners=["", str(ids[0])])
    publish(cast)
    assert "Duo Bekend" not in cast.client(None).get(PATH).text  # nobody gave their consent yet
    with app.app_context(), transaction():
        db.session.execute(update(PartnerOrganisation).values(consent="given"))
    page = cast.client(None).get(PATH).text
    assert "Duo Bekend" in page
    assert "Duo Geheim" not in page


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"contact_mail": "geen adres"}, "contact_mail"),
        ({"dates": [{"day": "gisteren", "title": "x"}]}, "dates"),
        ({"dates": [{"day": "2027-01-01", "title": " "}]}, "dates"),
        ({"partners": [999]}, "partners"),
        ({"what": "x" * 4001}, "what"),
        ({"shows": ["alles"]}, "shows"),
    ],
)
def test_bad_input_names_the_field(cast: Any, given: dict[str, Any], field: str) -> None:
    answer = cast.client(None).patch(f"/api/v1{PATH}/public", headers=cast.api("fons"), json=given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_it_is_not_published_before_it_says_what_it_is_about(cast: Any) -> None:
    answer = publish(cast)
    assert answer.status_code == 422
    assert 'href="#f-what"' in answer.text


def test_stranger_gets_404(cast: Any) -> None:
    refused(cast, 404, "hans")


def test_wrong_role_gets_403(cast: Any) -> None:
    refused(cast, 403, "anna", "eva", "gerda")


def refused(cast: Any, status: int, *people: str) -> None:
    for who in people:
        assert write(cast, who).status_code == publish(cast, who).status_code == status
        assert cast.client(who).post(f"{PATH}/publication/delete").status_code == status
        assert cast.client(who).post(f"{PATH}/logo", data={"remove": "1"}).status_code == status


def test_is_journalled(cast: Any, published: None, journal_entries: Any) -> None:
    cast.client("fons").post(f"{PATH}/publication/delete")
    for verb in ("edit_public", "publish", "unpublish"):
        assert journal_entries(f"programmes.{verb}")[-1].person_id == cast.fons, verb


def test_a_logo_is_shown_where_the_programme_is(cast: Any, journal_entries: Any) -> None:
    drawing = io.BytesIO()
    Image.new("RGB", (900, 300), "teal").save(drawing, "PNG")
    drawing.seek(0)
    sent = {"logo": (drawing, "logo.png")}
    assert cast.client("fons").post(f"{PATH}/logo", data=sent).status_code == 303
    shown = cast.client("anna").get(f"{PATH}/logo")
    assert (shown.mimetype, Image.open(io.BytesIO(shown.data)).size) == ("image/png", (480, 160))
    assert f'src="{PATH}/logo?' in cast.client("anna").get("/").text
    assert cast.client(None).get(f"{PATH}/logo").status_code == 303  # until it is published
    assert cast.client("hans").get(f"{PATH}/logo").status_code == 404
    write(cast)
    publish(cast)
    assert cast.client(None).get(f"{PATH}/logo").status_code == 200
    assert cast.client("anna").post(f"{PATH}/logo", data={"remove": "1"}).status_code == 403
    assert cast.client("fons").post(f"{PATH}/logo", data={"remove": "1"}).status_code == 303
    assert cast.client("anna").get(f"{PATH}/logo").status_code == 404
    assert len(journal_entries("programmes.set_logo")) == 2


def test_what_is_no_picture_is_refused(cast: Any) -> None:
    answer = cast.client("fons").post(f"{PATH}/logo", data={"logo": (io.BytesIO(b"tekst"), "logo.png")})
    assert answer.status_code == 422
    assert 'id="f-logo-error"' in answer.text
