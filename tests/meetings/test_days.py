"""Meetings of several days: typed row by row, shown on page, list and mail, one item in calendars, moved per day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from cop.base.db import db
from cop.meetings.models import Meeting, days_of
from tests.meetings.conftest import HOUR, START

DAY = timedelta(days=1)
API = "/api/v1/communities/een/meetings"
# The last of these days has summer time.
SENT = [
    {"starts": "2027-03-26T09:30", "ends": "2027-03-26T16:00"},
    {"starts": "2027-03-27T10:00", "ends": "2027-03-27T15:00"},
    {"starts": "2027-03-28T11:00", "ends": "2027-03-28T12:00"},
]
TYPED = {
    "title": "Drie dagen",
    "kind": "thematic",
    "starts_day": "26 maart 2027",
    "starts_time": "9.30",
    "ends_time": "16.00",
    "day_2_starts_day": "27-3-2027",
    "day_2_starts_time": "10.00",
    "day_2_ends_time": "15.00",
    "day_4_starts_day": "28-3-2027",
    "day_4_starts_time": "11.00",
    "day_4_ends_time": "12.00",
}
SHOWN = [
    "vrijdag 26 maart 2027, 09.30 tot 16.00 uur",
    "zaterdag 27 maart 2027, 10.00 tot 15.00 uur",
    "zondag 28 maart 2027, 11.00 tot 12.00 uur",
]


@pytest.fixture
def submit(cast: Any) -> Any:
    """`submit(url, given)`: submit a form as Eva, without JavaScript."""
    return lambda url, given: cast.client(None).post(
        url, data=given, headers={**cast.api("eva"), "Accept": "text/html"}
    )


@pytest.fixture
def three(ask: Any) -> str:
    """The address of an announced meeting of three days."""
    made = ask("eva", "post", API, title="Drie dagen", kind="thematic", days=SENT)
    assert made.status_code == 201
    assert ask("eva", "put", f"/api/v1{made.json['url']}/announcement").status_code == 200
    return str(made.json["url"])


def days(app: Any, url: str) -> list[Any]:
    with app.app_context():
        return days_of(db.session.get_one(Meeting, int(url.rpartition("/")[2])))


def test_works(submit: Any, read: Any, app: Any, mails: Any, ask: Any) -> None:
    made = submit("/communities/een/meetings", TYPED)
    assert made.status_code == 303, made.text
    assert days(app, made.location) == [
        (START, START + 6.5 * HOUR),
        (START + DAY + HOUR / 2, START + DAY + 5.5 * HOUR),
        (START + 2 * DAY + HOUR / 2, START + 2 * DAY + 1.5 * HOUR),
    ]
    form = read("eva", f"{made.location}/edit")
    assert 'value="28-03-2027"' in form
    assert "Dag 4" not in form
    ask("eva", "put", f"/api/v1{made.location}/announcement")
    for page in (read("anna", made.location), read("anna", "/meetings"), mails("anna")[0].text):
        assert [words in page for words in SHOWN] == [True] * 3


def test_works_by_api(three: str, ask: Any) -> None:
    shown = ask("anna", "get", f"/api/v1{three}").json
    assert (shown["starts"], shown["ends"]) == ("2027-03-26T08:30:00.000Z", "2027-03-28T10:00:00.000Z")
    assert shown["days"][1] == {"starts": "2027-03-27T09:00:00.000Z", "ends": "2027-03-27T14:00:00.000Z"}
    assert ask("anna", "get", "/api/v1/meetings").json["items"][0]["days"] == shown["days"]


def test_the_invitation_holds_one_item_with_the_hours_of_each_day(three: str, mails: Any) -> None:
    (event,) = Calendar.from_ical(mails("anna")[0].item.raw).walk("VEVENT")
    assert event.decoded("DTSTART") == START
    assert event.decoded("DTEND") == START + 2 * DAY + 1.5 * HOUR
    assert str(event["DESCRIPTION"]).startswith("\n".join(SHOWN))


def test_a_meeting_of_one_day_has_no_hours_in_its_item(meeting: Any, mails: Any) -> None:
    (event,) = Calendar.from_ical(mails("anna")[0].item.raw).walk("VEVENT")
    assert "09.30" not in str(event["DESCRIPTION"])


def test_another_day_is_added_without_javascript(submit: Any) -> None:
    given = {**TYPED, "title": "", "another_day": "1", "purpose": "Blijft staan"}
    shown = submit("/communities/een/meetings", given)
    assert shown.status_code == 422
    assert "Blijft staan" in shown.text
    assert 'name="day_5_starts_day"' in shown.text
    assert 'name="day_6_starts_day"' not in shown.text
    assert 'value="28-3-2027"' in shown.text
    assert 'role="alert"' not in shown.text


def test_moves_per_day(three: str, ask: Any, app: Any, mails: Any, read: Any) -> None:
    assert ask("eva", "put", f"/api/v1{three}/moving", starts="2027-03-25T09:30").json["errors"].keys() == {"days"}
    later = [SENT[0], {"starts": "2027-03-27T13:00", "ends": "2027-03-27T17:00"}, SENT[2]]
    assert ask("eva", "put", f"/api/v1{three}/moving", days=later).status_code == 200
    assert days(app, three)[1] == (START + DAY + 3.5 * HOUR, START + DAY + 7.5 * HOUR)
    first, second = (mail.item for mail in mails("anna"))
    assert (first.uid, first.sequence < second.sequence) == (second.uid, True)
    assert "13.00 tot 17.00" in Calendar.from_ical(second.raw).walk("VEVENT")[0]["DESCRIPTION"]
    assert "Laat weten of u dan kunt" not in read("anna", three)
    assert ask("eva", "put", f"/api/v1{three}/moving", days=later).status_code == 409, "nothing changes"
    assert ask("eva", "put", f"/api/v1{three}/moving", days=SENT[:1]).status_code == 200
    assert len(days(app, three)) == 1


def test_a_change_of_one_day_is_a_new_version(submit: Any, ask: Any, app: Any) -> None:
    url = submit("/communities/een/meetings", TYPED).location
    version = ask("eva", "get", f"/api/v1{url}").json["version"]
    changed = [SENT[0], {**SENT[1], "ends": "2027-03-27T16:00"}, SENT[2]]
    assert ask("eva", "patch", f"/api/v1{url}", days=changed, base_version=version).status_code == 200
    assert ask("fons", "patch", f"/api/v1{url}", days=SENT, base_version=version).status_code == 409
    assert ask("eva", "patch", f"/api/v1{url}", title="Anders").json["days"][1]["ends"] == "2027-03-27T15:00:00.000Z"
    assert ask("eva", "delete", f"/api/v1{url}").status_code in (200, 204)


def test_an_announced_meeting_keeps_its_days(three: str, ask: Any) -> None:
    assert ask("eva", "patch", f"/api/v1{three}", days=SENT[:2]).status_code == 409
    assert ask("eva", "patch", f"/api/v1{three}", title="Anders", days=SENT).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        [SENT[0], {"starts": "2027-03-26T15:00", "ends": "2027-03-27T09:00"}],  # overlaps
        [SENT[0], {"starts": "2027-03-26T18:00", "ends": "2027-03-26T19:00"}],  # on the same date
        [SENT[0], {"starts": "2027-03-27T15:00", "ends": "2027-03-27T09:00"}],
        [SENT[0], {"starts": "2027-05-27T09:00", "ends": "2027-05-27T15:00"}],
        [{"starts": f"2027-03-{n}T09:00", "ends": f"2027-03-{n}T15:00"} for n in range(10, 21)],
    ],
)
def test_impossible_days_are_refused(ask: Any, sent: Any) -> None:
    refused = ask("eva", "post", API, title="X", kind="other", days=sent)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"days"})


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"day_4_starts_time": "2.30"}, "day_4_starts_time", "door de zomertijd"),
        (
            {"day_4_starts_day": "31-10-2027", "day_4_ends_time": "2:30", "day_4_starts_time": "1:00"},
            "day_4_ends_time",
            "door de zomertijd",
        ),
        ({"day_2_ends_time": ""}, "day_2_ends_time", "Vul dit in."),
        ({"day_2_starts_day": "32-1-2027"}, "day_2_starts_day", "Schrijf de datum zo"),
        ({"day_2_ends_time": "9.00"}, "day_2_ends_time", "Het einde ligt na het begin."),
    ],
)
def test_bad_input_is_explained_beside_the_field(submit: Any, given: Any, field: str, words: str) -> None:
    shown = submit("/communities/een/meetings", {**TYPED, **given})
    assert shown.status_code == 422
    assert words in shown.text.partition(f'id="f-{field}-error"')[2].partition("</p>")[0]


def test_a_list_reads_the_days_of_all_in_one_statement(three: str, ask: Any, plan: Any, count_statements: Any) -> None:
    def read() -> int:
        with count_statements() as statements:
            assert ask("anna", "get", "/api/v1/meetings").status_code == 200
        return len(statements)

    read()
    before = read()
    second = ask("eva", "post", API, title="Nog een", kind="other", days=SENT).json["url"]
    ask("eva", "put", f"/api/v1{second}/announcement")
    read()
    assert read() == before
