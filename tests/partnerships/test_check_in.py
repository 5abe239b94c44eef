"""partnerships.check_in and partnerships.skip: the month is answered on the page or by the link of the mail.

partnerships.open_month and partnerships.close_month: a job opens and closes the months.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.partnerships.models import CheckIn, check_ins, this_month
from cop.society.programmes import Programme

JANUARY = datetime(2027, 1, 4, 7, 30, tzinfo=clock.AMSTERDAM)


def answer(cast: Any, duo: Any, who: str = "anna", **given: Any) -> Any:
    return cast.client(None).put(f"{duo.api}/check-in", headers=cast.api(who), json={"standing": "Goed", **given})


def skip(cast: Any, duo: Any, who: str = "anna", **given: Any) -> Any:
    given = {"reason": "Vakantie", **given}
    return cast.client(None).put(f"{duo.api}/check-in/skipping", headers=cast.api(who), json=given)


def go_to(moment: datetime) -> None:
    clock.shift(timedelta(0))
    clock.shift(moment - clock.now())


def run_months(app: Any) -> None:
    with app.app_context():
        jobs.JOBS["partnerships.months"]()
        db.session.remove()


def page(cast: Any, who: str, url: str) -> str:
    """Return a page as somebody whose session does not expire when the clock goes on."""
    return cast.client(None).get(url, headers={**cast.api(who), "Accept": "text/html"}).text


def states(app: Any, duo: Any) -> list[tuple[date, str]]:
    with app.app_context():
        return [(one.month, one.state) for one in check_ins(duo.id)]


def test_works(cast: Any, duo: Any, month: int) -> None:
    assert "Stand van zaken van Duo Proefdam" in cast.client("anna").get("/").text
    assert "Stand van zaken van Duo Proefdam" not in cast.client("chris").get("/").text
    assert "Stand van zaken invullen" in cast.client("anna").get(duo.url).text
    assert 'name="base_version" value="0"' in cast.client("anna").get(f"{duo.url}/check-in").text
    given = {"standing": "Het convenant is getekend.", "help_wanted": "Een jurist", "base_version": 0}
    done = cast.client("anna").post(f"{duo.url}/check-in", data=given, follow_redirects=True)
    assert "Bedankt. Uw antwoord over deze maand is opgeslagen." in done.text
    assert "Stand van zaken van Duo Proefdam" not in cast.client("bram").get("/").text
    for who in ("bram", "fons", "chris"):
        assert "Het convenant is getekend." in cast.client(who).get(duo.url).text, who
    changed = cast.client("bram").post(f"{duo.url}/check-in", data={"standing": "Toch niet.", "base_version": 1})
    assert changed.status_code == 303
    assert "Het convenant is getekend." not in cast.client("anna").get(duo.url).text


def test_works_by_api(cast: Any, duo: Any, month: int) -> None:
    made = answer(cast, duo, obstacle="Grond", evidence="Drie sleutels").json
    assert (made["state"], made["version"], made["answered_by"]) == ("answered", 1, "Anna Adem")
    (listed,) = cast.client(None).get(f"{duo.api}/check-ins", headers=cast.api("chris")).json["items"]
    assert (listed["standing"], listed["evidence"]) == ("Goed", "Drie sleutels")


def test_a_private_answer_stays_in_the_partnership(cast: Any, duo: Any, month: int) -> None:
    answer(cast, duo, standing="Tussen ons", private=True)
    assert "Tussen ons" in cast.client("bram").get(duo.url).text
    for who in ("chris", "eva", "iris"):
        assert "Tussen ons" not in cast.client(who).get(duo.url).text, who
        assert cast.client(None).get(f"{duo.api}/check-ins", headers=cast.api(who)).json["items"] == [], who


def test_works_for_skip(cast: Any, duo: Any, month: int) -> None:
    done = cast.client("anna").post(f"{duo.url}/check-in/skipping", data={"reason": "Vakantie"}, follow_redirects=True)
    assert "Deze maand is overgeslagen: Vakantie" in done.text
    assert "Vakantie" not in cast.client("chris").get(duo.url).text
    assert answer(cast, duo, "bram").json["state"] == "answered"
    assert skip(cast, duo).status_code == 409


def test_works_by_api_for_skip(cast: Any, duo: Any, month: int) -> None:
    skipped = skip(cast, duo).json
    assert (skipped["state"], skipped["reason"]) == ("skipped", "Vakantie")


def test_two_at_once_lose_nothing(cast: Any, duo: Any, month: int) -> None:
    answer(cast, duo, standing="Van Anna")
    late = cast.client("bram").post(f"{duo.url}/check-in", data={"standing": "Van Bram", "base_version": 0})
    assert late.status_code == 409
    assert "Van Bram" in late.text
    assert "Van Anna" in late.text


def test_stranger_gets_404(cast: Any, duo: Any, month: int) -> None:
    assert answer(cast, duo, "hans").status_code == 404
    assert skip(cast, duo, "hans").status_code == 404
    assert cast.client("chris").get(f"{duo.url}/check-in").status_code == 404


def test_wrong_role_gets_403(cast: Any, duo: Any, month: int) -> None:
    for who in ("chris", "eva", "iris"):
        assert answer(cast, duo, who).status_code == 403, who
        assert skip(cast, duo, who).status_code == 403, who


def test_bad_input_names_the_field(cast: Any, duo: Any, month: int) -> None:
    assert set(answer(cast, duo, standing=" ").json["errors"]) == {"standing"}
    assert set(skip(cast, duo, reason="").json["errors"]) == {"reason"}
    typed = cast.client("anna").post(f"{duo.url}/check-in", data={"standing": "", "obstacle": "Blijft staan"})
    assert typed.status_code == 422
    assert "Blijft staan" in typed.text


def test_is_journalled(cast: Any, duo: Any, month: int, journal_entries: Any) -> None:
    skip(cast, duo)
    answer(cast, duo, "bram", standing="Een geheim")
    for verb, who, state in (("skip", cast.anna, "skipped"), ("check_in", cast.bram, "answered")):
        entry = journal_entries(f"partnerships.{verb}")[-1]
        assert (entry.person_id, entry.object_id) == (who, duo.id)
        assert entry.details == {"month": this_month().isoformat(), "state": state}


# The months


def test_works_for_open_month_and_close_month(cast: Any, app: Any, duo: Any, journal_entries: Any) -> None:
    go_to(JANUARY)
    run_months(app)
    run_months(app)
    assert states(app, duo) == [(date(2027, 1, 1), "open")]
    go_to(datetime(2027, 2, 1, 7, 30, tzinfo=clock.AMSTERDAM))
    run_months(app)
    assert states(app, duo) == [(date(2027, 2, 1), "open"), (date(2027, 1, 1), "missed")]
    assert "1 maand is niet ingevuld." in page(cast, "anna", duo.url)
    assert "niet ingevuld" not in page(cast, "chris", duo.url)


def test_is_journalled_for_open_month_and_close_month(app: Any, duo: Any, journal_entries: Any) -> None:
    for moment in (JANUARY, datetime(2027, 2, 1, 7, 30, tzinfo=clock.AMSTERDAM)):
        go_to(moment)
        run_months(app)
    assert [one.details["month"] for one in journal_entries("partnerships.open_month")] == ["2027-01-01", "2027-02-01"]
    assert [one.details["month"] for one in journal_entries("partnerships.close_month")] == ["2027-01-01"]


@pytest.mark.parametrize(("day", "phase"), [(11, "deepening"), (4, "recruiting"), (4, "archive")])
def test_no_month_opens_late_or_outside_the_work(cast: Any, app: Any, duo: Any, day: int, phase: str) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Programme, cast.programme).phase = phase
    go_to(datetime(2027, 1, day, 7, 30, tzinfo=clock.AMSTERDAM))
    run_months(app)
    assert states(app, duo) == []


def test_an_answered_month_can_be_changed_until_the_next_opens(cast: Any, app: Any, duo: Any) -> None:
    go_to(JANUARY)
    run_months(app)
    answer(cast, duo, standing="Januari")
    go_to(datetime(2027, 1, 31, 20, tzinfo=clock.AMSTERDAM))
    assert answer(cast, duo, standing="Januari, beter").json["month"] == "2027-01-01"
    go_to(datetime(2027, 2, 1, 7, 30, tzinfo=clock.AMSTERDAM))
    run_months(app)
    assert states(app, duo) == [(date(2027, 2, 1), "open"), (date(2027, 1, 1), "answered")]
    assert answer(cast, duo, standing="Februari").json["month"] == "2027-02-01"
    assert "Januari, beter" in page(cast, "chris", duo.url)


# By the link of the mail


def test_answered_from_the_mail_without_signing_in(cast: Any, app: Any, duo: Any, month: int, mailed: Any) -> None:
    (link,) = mailed("anna")
    nobody = cast.client(None)
    assert "U vult dit in als Anna Adem. Inloggen is niet nodig." in nobody.get(link).text
    assert states(app, duo)[0][1] == "open"  # opening it changes nothing
    assert nobody.post(link, data={"standing": ""}).status_code == 422
    done = nobody.post(link, data={"standing": "Vanuit de mail", "base_version": 0}, follow_redirects=True)
    assert "Bedankt" in done.text
    assert "Vanuit de mail" in page(cast, "chris", duo.url)
    with app.app_context():
        assert db.session.get_one(CheckIn, month).answered_by_id == cast.anna
    assert nobody.get(duo.url).status_code == 303  # it signs nobody in
    again = cast.client(None).put(
        f"/api/v1{mailed('bram')[0]}", json={"standing": "Nog eens"}, headers={"Accept": "application/json"}
    )
    assert again.json["answered_by"] == "Bram Baan"


def test_skipped_from_the_mail(cast: Any, app: Any, duo: Any, month: int, mailed: Any) -> None:
    (link,) = mailed("anna")
    done = cast.client(None).post(f"{link}/skipping", data={"reason": "Vakantie"}, follow_redirects=True)
    assert "Deze maand is overgeslagen: Vakantie" in done.text
    assert states(app, duo)[0][1] == "skipped"


def refused(cast: Any, link: str) -> None:
    """Expect a link that no longer works, with what was typed to copy."""
    assert cast.client(None).get(link).status_code == 410
    typed = cast.client(None).post(link, data={"standing": "Mijn halve tekst"})
    assert typed.status_code == 410
    assert "Mijn halve tekst" in typed.text
    assert cast.client(None).post(f"{link}/skipping", data={"reason": "x"}).status_code == 410
    by_api = cast.client(None).put(f"/api/v1{link}", json={"standing": "x"}, headers={"Accept": "application/json"})
    assert by_api.status_code == 410


def test_the_link_ends_when_the_person_leaves(cast: Any, duo: Any, month: int, mailed: Any) -> None:
    (link,), (other,) = mailed("anna"), mailed("bram")
    cast.client("fons").post(duo.url, data={"people": [cast.bram]})
    refused(cast, link)
    cast.client("fons").post(duo.url, data={"people": [cast.anna, cast.bram]})
    refused(cast, link)  # back in, the old link stays dead
    assert cast.client(None).get(other).status_code == 200


def test_the_link_ends_with_the_month(cast: Any, app: Any, duo: Any, mailed: Any) -> None:
    go_to(JANUARY)
    run_months(app)
    (link,) = mailed("anna")
    go_to(datetime(2027, 1, 31, 23, 59, tzinfo=clock.AMSTERDAM))
    assert cast.client(None).get(link).status_code == 200
    go_to(datetime(2027, 2, 1, 0, 1, tzinfo=clock.AMSTERDAM))
    refused(cast, link)
    run_months(app)
    refused(cast, link)
    assert cast.client(None).get(mailed("anna")[-1]).status_code == 200


def test_the_link_ends_in_the_archive_and_for_a_closed_account(
    cast: Any, app: Any, duo: Any, month: int, mailed: Any
) -> None:
    (link,), (other,) = mailed("anna"), mailed("bram")
    cast.client("iris").post(f"/people/{cast.bram}/deactivation")
    refused(cast, other)
    with app.app_context(), transaction():
        db.session.get_one(Programme, cast.programme).phase = "archive"
    refused(cast, link)
    assert answer(cast, duo).status_code == 403
    assert "Half" in cast.client("anna").post(f"{duo.url}/check-in", data={"standing": "Half"}).text
    assert cast.client(None).get("/check-in/verzonnen").status_code == 410


def test_mail_is_not_sent_to_who_left_before(cast: Any, app: Any, duo: Any, month: int, mailed: Any) -> None:
    cast.client("fons").post(duo.url, data={"people": [cast.bram]})
    with app.app_context():
        jobs.run_due()
        from cop.base.email import Email

        sent = [mail.address for mail in db.session.query(Email).filter_by(kind="partnerships/check_in", state="sent")]
    assert "anna@proef.example" not in sent


def test_somebody_in_two_partnerships_answers_each(cast: Any, app: Any, duo: Any, run_as: Any, mailed: Any) -> None:
    from cop.partnerships import actions

    organisations = cast.organisations
    second = run_as(
        "fons", actions.add, Programme, cast.programme, name="Trio", organisations=organisations, people=[cast.anna]
    )
    go_to(JANUARY)
    run_months(app)
    first, other = mailed("anna")
    cast.client(None).post(first, data={"standing": "Van het duo"})
    cast.client(None).post(other, data={"standing": "Van het trio"})
    assert "Van het duo" in page(cast, "chris", duo.url)
    trio = page(cast, "chris", f"/partnerships/{second}")
    assert "Van het trio" in trio
    assert "Van het duo" not in trio
