"""A meeting from the poll for its date to what people thought of it, by browser, mail and API, and without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Locator, Page, expect

from cop.base import clock
from tests.browser.conftest import Browsers
from tests.browser.setting_up import PHONE, flash
from tests.meetings.test_replies import file, mail
from tests.product import Product

pytestmark = pytest.mark.browser

HOUSING = "/communities/woningvoorraad"
TITLE, NEXT = "Van leegstand naar thuis", "Van leegstand naar thuis, het vervolg"
QUESTION, ACTION = "Wie betaalt de huismeester?", "De lijst met leegstaande panden delen"
WILLEMIJN, ELSA, BAS = "w.voorbeeld@waterveen.example", "e.hypothese@trimbos.example", "b.verzonnen@proefhoek.example"
GUEST = "gonda@buiten.example"
THE_DAY = datetime(2017, 12, 13, 12, 10, tzinfo=UTC)  # ten minutes after it began
THE_DAY_AFTER = datetime(2017, 12, 14, 9, tzinfo=UTC)


class Served(Product):
    """The demonstration, whose clock can be moved."""

    def go_to(self, moment: datetime) -> None:
        """Start again at a moment, with the jobs that are due by then."""
        self.stop()
        (self.data / "demo-clock").write_text(f"{(moment - datetime.now(UTC)).total_seconds()}\n")
        self.sessions.clear()
        self.start()

    def mail_about(self, to: str, about: str) -> SimpleNamespace:
        """Return the newest mail to an address about something: its headers, its text, and its item for calendars."""
        received = self.post.wait(to, about, 30)
        text = received.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        return SimpleNamespace(headers=received, text=text, item=item_of(received))

    def link(self, to: str, about: str, pattern: str) -> str:
        """Return the path of a link in a mail."""
        text = self.mail_about(to, about).text
        found = re.search(pattern, text)
        assert found, text
        return found[0]


def item_of(received: EmailMessage) -> Any:
    """Return the item for calendars of a mail, None without one; expect one part of it, where programs look for it."""
    parts = [part for part in received.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return None
    (part,) = parts
    (both,) = [one for one in received.walk() if one.get_content_type() == "multipart/alternative"]
    assert both.get_payload()[-1] is part
    assert part["Content-Disposition"] is None
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert part.get_param("method") == str(calendar["METHOD"])
    return SimpleNamespace(
        method=str(calendar["METHOD"]),
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        starts=clock.local(event.decoded("DTSTART")),
        status=str(event["STATUS"]),
        attendee=str(event["ATTENDEE"]),
        partstat=str(event["ATTENDEE"].params["PARTSTAT"]),
        organizer=str(event["ORGANIZER"]),
        addresses=set(re.findall(r"mailto:([^\s\"]+)", content.replace(b"\r\n ", b"").decode())),
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a demonstration of its own: its clock is moved."""
    with Served(tmp_path_factory.mktemp("meeting"), COP_RATE_LIMITS="off") as product:
        yield product


class People(Browsers):
    """The browsers of the people, one for each: the coach at a desk, the others with a phone."""

    def __init__(self, browser: Browser, product: Product, people: dict[str, int]):
        super().__init__(browser, product, people)
        self.known: dict[str | None, Page] = {}

    def at(self, who: str | None, path: str) -> Page:
        """Open a page as a person, or signed out without a name; a second time in the same browser."""
        if who not in self.known:
            self.known[who] = self.open(who, path, **({} if who == "Marijke" else {"viewport": PHONE}))
        else:
            self.known[who].goto(path)
        return self.known[who]

    def put_away(self) -> None:
        """Close all browsers; fail if there were errors."""
        assert self.leave() == []
        self.known.clear()


@pytest.fixture
def opened(browser: Browser, served: Served) -> Iterator[People]:
    """Return the people of the demonstration; fail at the end if there were errors."""
    browsers = People(browser, served, {name.split()[0]: id for name, id in served.cast().items()})
    yield browsers
    browsers.close()


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that looks like one."""
    main = page.locator("main")
    main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def heading(page: Page, words: str) -> None:
    """Expect a page by its heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def shows(page: Page, part: Locator) -> None:
    """Load a page again until it shows what a job makes."""
    for _time in range(60):
        if part.count():
            return
        page.wait_for_timeout(250)
        page.reload()
    expect(part).to_be_visible()


def fits(page: Page) -> None:
    """Expect a page that does not scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def answer(page: Page, label: str, words: str) -> None:
    """Answer an invitation by the form of a page."""
    page.get_by_label(label, exact=True).check()
    press(page, "Antwoord opslaan")
    flash(page, words)


def test_from_the_date_poll_to_the_pulse(opened: People, served: Served) -> None:
    meeting = choose_a_date(opened, served)
    fill_the_seats(opened, served, meeting)
    move(opened, served, meeting)
    prepare(opened, served, meeting)
    opened.put_away()
    served.go_to(THE_DAY)
    meet(opened, served, meeting)
    opened.put_away()
    served.go_to(THE_DAY_AFTER)
    look_back(opened, served, meeting)
    cancel_the_next(opened, served)
    nobody_reads_the_address_of_another(served)


def choose_a_date(opened: People, served: Served) -> str:
    """The coach asks when people can; they answer on the page and by the link in the mail; the meeting is announced.

    Return the address of its page.
    """
    coach = opened.at("Marijke", f"{HOUSING}/polls/new")
    coach.locator("#f-title").fill(TITLE)
    coach.locator("#f-venue").fill("De Kantelaar, Proefhoek")
    for number, day in ((1, "11 december 2017"), (2, "12 december 2017"), (3, "19 december 2017")):
        coach.locator(f"#f-option_{number}_starts_day").fill(day)
        coach.locator(f"#f-option_{number}_starts_time").fill("9.30")
    press(coach, "Concept opslaan")
    flash(coach, "Het concept is opgeslagen")
    press(coach, "Openen")
    press(coach, "Openen en mailen")
    flash(coach, "De datumprikker is open.")

    partner = opened.at("Willemijn", f"{HOUSING}/meetings")
    press(partner, TITLE)
    expert = opened.at(None, served.link(ELSA, f"Wanneer kunt u? {TITLE}", r"/vote/\S+"))
    for page in (partner, expert):
        for number, choice in enumerate(("Nee", "Ja", "Liever niet")):
            page.locator(".poll-option").nth(number).get_by_label(choice, exact=True).check()
        press(page, "Antwoord opslaan")
        flash(page, "Uw antwoord is opgeslagen")

    coach.reload()
    expect(coach.locator("main ol.entries li").first).to_contain_text("12 december 2017")
    coach.get_by_role("link", name="Kies deze datum").first.click()
    press(coach, "Kiezen en aankondigen")
    flash(coach, "De datum is gekozen.")
    press(coach, "Naar de bijeenkomst")
    press(coach, "Wijzigen")
    coach.locator("#f-host").fill("Woonstichting De Proefhoek")
    coach.locator("#f-capacity").fill("3")
    press(coach, "Opslaan")
    flash(coach, "De bijeenkomst is gewijzigd.")
    expect(coach.locator("main")).to_contain_text("0 van 3 plaatsen bezet")
    return coach.url.removeprefix(served.address)


def fill_the_seats(opened: People, served: Served, meeting: str) -> None:
    """Everybody is invited and answers in their way: by a button in the mail, a calendar program, or the page.

    A guest waits, until an expert cannot come after all.
    """
    invitation = served.mail_about(WILLEMIJN, f"Uitnodiging: {TITLE}")
    item, headers = invitation.item, invitation.headers
    assert (item.method, item.status, item.partstat) == ("REQUEST", "CONFIRMED", "NEEDS-ACTION")
    assert (item.attendee, f"{item.starts:%d-%m %H:%M}") == (f"mailto:{WILLEMIJN}", "12-12 09:30")
    assert item.organizer == f"mailto:{headers['From'].addresses[0].addr_spec}"
    assert headers["Reply-To"] == headers["From"]
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["In-Reply-To"] == headers["References"] == f"<meeting-{meeting.rpartition('/')[2]}@127.0.0.1>"

    partner = opened.at(None, served.link(WILLEMIJN, "Uitnodiging", r"/rsvp/\S+answer=yes"))
    expect(partner.get_by_label("Ja", exact=True)).to_be_checked()
    press(partner, "Antwoord opslaan")
    flash(partner, "U komt.")
    outlook = (  # no organizer
        f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Elsa Hypothese:MAILTO:{ELSA}",
        "COMMENT;LANGUAGE=nl-NL:\\n",
        "SUMMARY;LANGUAGE=nl-NL:Geaccepteerd",
        f"SEQUENCE:{served.mail_about(ELSA, 'Uitnodiging').item.sequence}",
        "DTSTAMP:20171204T080000Z",
    )
    assert served.command("receive", given=mail(file(item.uid, *outlook), ELSA).as_string()) == "answered\n"
    host = opened.at("Bas", meeting)
    answer(host, "Ja", "U komt.")
    expect(host.locator("main")).to_contain_text("3 van 3 plaatsen bezet")
    host.get_by_role("link", name="Wie komt er?").click()
    host.get_by_role("link", name="Gasten", exact=True).click()
    heading(host, "Gasten")
    fits(host)

    coach = opened.at("Marijke", f"{meeting}/guests")
    coach.get_by_label("Naam").fill("Gonda van Buiten")
    coach.get_by_label("Mailadres").fill(GUEST)
    press(coach, "Uitnodigen")
    flash(coach, "De gast krijgt een uitnodiging per mail.")
    guest = opened.at(None, served.link(GUEST, "Uitnodiging", r"/rsvp/\S+answer=yes"))
    press(guest, "Antwoord opslaan")
    flash(guest, "U staat op de wachtlijst")
    assert served.mail_about(GUEST, "Wachtlijst").item.method == "CANCEL"

    expert = opened.at("Elsa", meeting)
    expect(expert.get_by_label("Ja", exact=True)).to_be_checked()
    answer(expert, "Nee", "U komt niet.")
    seat = served.mail_about(GUEST, f"Er is plaats voor u: {TITLE}").item
    assert (seat.method, seat.uid, seat.partstat) == ("REQUEST", item.uid, "ACCEPTED")
    guest.reload()
    expect(guest.locator("main")).to_contain_text("U komt.")


def move(opened: People, served: Served, meeting: str) -> None:
    """The meeting is moved by a day: the same item of the calendar shifts, and people are asked again."""
    before = served.mail_about(WILLEMIJN, f"Uitnodiging: {TITLE}").item
    coach = opened.at("Marijke", f"{meeting}/moving")
    for name, value in (("starts_day", "13 december 2017"), ("starts_time", "13.00"), ("ends_time", "15.30")):
        coach.locator(f"#f-{name}").fill(value)
    coach.locator("#f-ends_day").fill("")
    press(coach, "Verplaatsen en mailen")
    flash(coach, "De bijeenkomst is verplaatst.")
    for to in (WILLEMIJN, GUEST):
        moved = served.mail_about(to, f"Verplaatst: {TITLE}")
        assert (moved.item.uid, moved.item.method) == (before.uid, "REQUEST")
        assert moved.item.sequence > before.sequence
        assert f"{moved.item.starts:%d-%m %H:%M}" == "13-12 13:00"
        assert "Uw plaats blijft van u" in moved.text
    partner = opened.at(None, served.link(WILLEMIJN, "Verplaatst", r"/rsvp/\S+answer=yes"))
    press(partner, "Antwoord opslaan")
    flash(partner, "U komt.")


def prepare(opened: People, served: Served, meeting: str) -> None:
    """Who cannot come asks a question, another votes for it, and the coach puts it on the programme."""
    coach = opened.at("Marijke", f"{meeting}/agenda")
    coach.get_by_label("Soort").select_option("news")
    coach.get_by_label("Minuten").fill("120")
    press(coach, "Toevoegen")
    flash(coach, "Het onderdeel is toegevoegd.")
    expert = opened.at("Elsa", meeting)
    expert.get_by_label("Wat is uw vraag?").fill(QUESTION)
    press(expert, "Vraag insturen")
    flash(expert, "Uw vraag staat erbij.")
    partner = opened.at("Willemijn", meeting)
    partner.get_by_role("button", name=re.compile("^Stem op")).click()
    expect(partner.get_by_role("button", name=re.compile("^Stem terugnemen"))).to_be_visible()
    fits(partner)
    coach.goto(f"{meeting}/questions")
    expect(coach.locator("main")).to_contain_text("1 stem")
    coach.get_by_role("link", name=re.compile("^Beheren")).click()
    coach.get_by_label("Onderdeel").select_option(label="13.00 Actualiteiten")
    press(coach, "In het programma zetten")
    flash(coach, "De vraag staat in het programma.")


def meet(opened: People, served: Served, meeting: str) -> None:
    """The day: the screen of the room follows, people say that they are there, answer a round, talk, and agree."""
    wall = opened.at("Marijke", f"{meeting}/screen")
    expect(wall.locator("#wall-state")).to_contain_text("Actualiteiten")
    expect(wall.locator(".wall-questions")).to_contain_text(QUESTION)
    partner = opened.at("Willemijn", "/here/" + wall.locator(".qr-address").inner_text().partition("/here/")[2])
    fits(partner)
    press(partner, "Ik ben er")
    flash(partner, "U staat op de lijst.")
    expect(wall.locator("#wall-state")).to_contain_text("1 aanwezig")
    host = opened.at("Bas", f"{meeting}/attendance")
    for who in ("Gonda", "Bas"):
        host.get_by_role("button", name=f"Is er: {who}").click()
    expect(wall.locator("#wall-state")).to_contain_text("3 aanwezig")

    coach = opened.at("Marijke", meeting)
    coach.get_by_label("Wat is de vraag?").fill("Wat neemt u mee?")
    press(coach, "Rondje beginnen")
    flash(coach, "Het rondje is begonnen.")
    partner.goto(meeting)
    partner.get_by_label("Uw antwoord op deze vraag").fill("Eerst bellen, dan mailen.")
    press(partner, "Antwoord geven")
    flash(partner, "Uw antwoord staat erbij.")
    fits(partner)
    expect(coach.locator("#rounds-now")).to_contain_text("Eerst bellen, dan mailen.")
    press(coach, "Rondje sluiten")
    flash(coach, "Het rondje is gesloten.")

    shows(partner, partner.get_by_role("link", name="Naar de chat van deze bijeenkomst"))
    for page in (partner, coach):
        page.goto(meeting)
        press(page, "Naar de chat van deze bijeenkomst")
        expect(page.locator(".room-state[role=status]")).to_have_text("Verbonden")
    partner.locator("#f-message").fill("Ik deel de lijst met panden.")
    press(partner, "Versturen")
    said = coach.locator(".message").filter(has_text="Ik deel de lijst")
    said.hover()
    said.locator("[data-act=acts]").click()
    coach.get_by_role("menu").get_by_text("Opbrengst vastleggen").click()
    heading(coach, "Opbrengst vastleggen")
    coach.get_by_label(re.compile("^Actie")).check()
    coach.get_by_label("Wat is er afgesproken of geleerd?").fill(ACTION)
    coach.get_by_label("Wie doet dit?").select_option(label="Willemijn Voorbeeld")
    coach.get_by_label("Wanneer is het klaar?").fill("18 december 2017")
    press(coach, "Vastleggen")
    heading(coach, ACTION)
    coach.get_by_role("link", name=TITLE).click()
    press(coach, "Opbrengst vastleggen")
    coach.get_by_label("Wat is er afgesproken of geleerd?").fill("Leegstand melden werkt alleen samen.")
    press(coach, "Vastleggen")
    heading(coach, "Leegstand melden werkt alleen samen.")
    expect(partner.locator(".message").filter(has_text="Ik deel de lijst")).to_contain_text(ACTION)


def look_back(opened: People, served: Served, meeting: str) -> None:
    """The day after: the minutes are published and read, the action is reminded of, and the questions are answered."""
    coach = opened.at("Marijke", meeting)
    press(coach, "Verslag beginnen")
    for words in ("1 gast", QUESTION, "Eerst bellen, dan mailen.", ACTION, "Leegstand melden werkt alleen samen."):
        expect(coach.locator("#blocks")).to_contain_text(words)
    expect(coach.locator("#blocks")).not_to_contain_text("Gonda")
    coach.get_by_role("link", name="Schrijven in Actualiteiten").click()
    coach.locator("cop-block:defined").wait_for(state="attached")
    coach.locator("#f-body").focus()
    expect(coach.locator("cop-editor .ProseMirror")).to_be_focused()
    coach.keyboard.type("De gemeente betaalt. ")
    press(coach, "Opslaan")
    flash(coach, "Het blok is opgeslagen.")
    press(coach, "Nalezen en publiceren")
    press(coach, "Publiceren")
    flash(coach, "Het verslag is gepubliceerd.")

    partner = opened.at("Willemijn", meeting)
    press(partner, "Lees het verslag")
    expect(partner.locator("main .prose")).to_contain_text("De gemeente betaalt.")
    fits(partner)
    status, coming = served.call(
        opened.people["Marijke"],
        "POST",
        f"{HOUSING}/meetings",
        {"title": NEXT, "kind": "thematic", "starts": "2018-01-23T13:00", "ends": "2018-01-23T15:00"},
    )
    assert status == 201, coming
    assert served.call(opened.people["Marijke"], "PUT", f"{coming['url']}/announcement")[0] == 200
    reminder = served.link(WILLEMIJN, f"Bijna zover: {ACTION}", r"/outcomes/\d+")
    partner.goto(coming["url"])
    still_open = partner.get_by_role("region", name="Nog open van de vorige keer")
    expect(still_open.get_by_role("link", name=ACTION)).to_have_attribute("href", reminder)
    fits(partner)
    partner.goto(reminder)
    press(partner, "Gedaan")
    flash(partner, "gedaan")
    partner.goto(coming["url"])
    heading(partner, NEXT)
    expect(partner.get_by_role("link", name=ACTION)).to_have_count(0)

    useful = served.link(WILLEMIJN, f"Hoe was het? {TITLE}", r"/pulse/\S+useful=yes")
    stranger = opened.at(None, useful)
    stranger.get_by_label("Wat neemt u mee?").fill("Een lijst met panden.")
    fits(stranger)
    press(stranger, "Antwoord opslaan")
    flash(stranger, "zonder uw naam")
    coach.goto(f"{meeting}/pulse")
    expect(coach.locator("main")).to_contain_text("Een lijst met panden.")


def cancel_the_next(opened: People, served: Served) -> None:
    """A meeting that is cancelled goes out of the calendars that people subscribe to, and out of their own."""
    partner = opened.at("Willemijn", "/calendar-feeds")
    press(partner, "Agenda-adres maken")
    address = partner.locator("main code").inner_text()
    assert NEXT in summaries(partner, address)
    coach = opened.at("Marijke", f"{HOUSING}/meetings")
    press(coach, NEXT)
    press(coach, "Afzeggen")
    coach.get_by_label("Reden").fill("De zaal staat onder water.")
    press(coach, "Afzeggen en mailen")
    flash(coach, "De bijeenkomst is afgezegd.")
    shown = summaries(partner, address)
    assert NEXT not in shown
    assert TITLE in shown
    invited, cancelled = (served.mail_about(WILLEMIJN, f"{what}: {NEXT}") for what in ("Uitnodiging", "Afgezegd"))
    assert (cancelled.item.method, cancelled.item.status) == ("CANCEL", "CANCELLED")
    assert cancelled.item.uid == invited.item.uid
    assert cancelled.item.sequence > invited.item.sequence
    assert "De zaal staat onder water." in cancelled.text


def summaries(page: Page, address: str) -> list[str]:
    """Return the titles in a calendar to subscribe to."""
    return [str(one["SUMMARY"]) for one in Calendar.from_ical(page.request.get(address).body()).walk("VEVENT")]


def nobody_reads_the_address_of_another(served: Served) -> None:
    """Expect in each item that was mailed the addresses of its reader and its sender alone."""
    methods = set()
    for received in served.post.emails:
        item = item_of(received)
        if item is not None:
            own = {received[name].addresses[0].addr_spec for name in ("From", "To")}
            assert item.addresses == own, received["Subject"]
            methods.add((str(received["Subject"]).partition(":")[0], item.method))
    assert methods >= {("Uitnodiging", "REQUEST"), ("Verplaatst", "REQUEST"), ("U komt", "REQUEST")}
    assert methods >= {("U komt niet", "CANCEL"), ("Wachtlijst", "CANCEL"), ("Afgezegd", "CANCEL")}


# Without JavaScript, and by the API


class Operations:
    """The API, by the ids of its operations."""

    def __init__(self, product: Product, people: dict[str, int]):
        self.product, self.people = product, people
        document = json.loads(product.request("GET", "/api/v1/openapi.json")[2])
        self.paths = {
            operation["operationId"]: (method.upper(), path)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        }

    def __call__(self, who: str, operation: str, *, status: int = 200, at: dict[str, Any], **given: Any) -> Any:
        """Return the response to an operation by a person; `at` fills its path."""
        method, path = self.paths[operation]
        got, answer = self.product.call(self.people[who], method, path.format(**at), given or None)
        assert got == status, f"{operation}: {got} {answer}"
        return answer

    def plan(self, title: str, minutes: int) -> dict[str, int]:
        """Plan and announce a meeting that begins in so many minutes by the clock of the demonstration."""
        shift = timedelta(seconds=float((self.product.data / "demo-clock").read_text()))
        starts = datetime.now(UTC) + shift + timedelta(minutes=minutes)
        times = {"starts": starts.isoformat(), "ends": (starts + timedelta(hours=2)).isoformat()}
        given = {"title": title, "kind": "thematic", **times}
        meeting = self("Marijke", "meetings.plan", status=201, at={"slug": "woningvoorraad"}, **given)
        at = {"id": meeting["id"]}
        assert self("Marijke", "meetings.announce", at=at)["status"] == "announced"
        return at

    def publish(self, at: dict[str, int], words: str) -> None:
        """Write minutes with these words, and publish them."""
        self("Marijke", "minutes.begin", status=201, at=at)
        block = self("Marijke", "minutes.blocks", at=at)["items"][-1]
        given = {"title": block["title"], "body": words, "base_version": block["version"]}
        self("Marijke", "minutes.edit", at={"id": block["id"]}, **given)
        self("Marijke", "minutes.publish", at=at)


@pytest.fixture
def operations(product: Product, people: dict[str, int]) -> Operations:
    """Return the API of the demonstration."""
    return Operations(product, people)


def test_a_meeting_without_javascript_on_a_phone(browsers: Browsers, operations: Operations) -> None:
    at = operations.plan("Zonder script bij elkaar", 600)
    page = browsers.open("Willemijn", f"/meetings/{at['id']}", java_script_enabled=False, viewport=PHONE)
    page.get_by_role("radio", name="Ja", exact=True).check()
    page.get_by_label("Opmerking").fill("Ik kom met de trein.")
    press(page, "Antwoord opslaan")
    flash(page, "U komt.")
    page.get_by_label("Wat is uw vraag?").fill("Waar is de ingang?")
    press(page, "Vraag insturen")
    flash(page, "Uw vraag staat erbij.")
    expect(page.locator("#questions")).to_contain_text("Waar is de ingang?")
    fits(page)
    page.get_by_role("radio", name="Nee", exact=True).check()
    press(page, "Antwoord opslaan")
    flash(page, "U komt niet.")
    operations.publish(at, "De ingang is **achter** het station.")
    page.reload()
    press(page, "Lees het verslag")
    expect(page.locator("main .prose strong")).to_have_text("achter")
    fits(page)


def test_a_meeting_by_the_api(product: Product, operations: Operations) -> None:
    feed = operations("Willemijn", "calendar.make", status=201, at={}, community="")["address"]
    assert operations.paths["calendar.feed"] == ("GET", "/calendar/{secret}.ics")
    today, later = operations.plan("Een dag per programma", 30), operations.plan("Een dag die niet komt", 3000)
    moved = operations("Marijke", "meetings.move", at=later, venue="Elders, Proefhoek")
    assert (moved["status"], moved["venue"]) == ("moved", "Elders, Proefhoek")
    assert {"Een dag per programma", "Een dag die niet komt"} <= feed_of(product, feed)
    assert operations("Marijke", "meetings.cancel", at=later, reason="Storm")["status"] == "cancelled"
    assert "Een dag die niet komt" not in feed_of(product, feed)

    assert operations("Willemijn", "meetings.rsvp", at=today, answer="yes")["answer"] == "yes"
    asked = operations("Willemijn", "meetings.ask", status=201, at=today, text=QUESTION, kind="question")
    assert asked["text"] == QUESTION
    address = operations("Marijke", "attendance.code", at=today)["address"]
    scanned = {"token": address.rpartition("/")[2]}
    operations("Willemijn", "meetings.attend", at=scanned, scan="")
    listed = operations("Marijke", "attendance.list", at=today)["items"]
    assert [(one["name"], one["state"]) for one in listed] == [("Willemijn Voorbeeld", "present")]

    room = operations("Marijke", "rooms.open", at=today)
    said = operations("Willemijn", "messages.say", status=201, at={"id": room["id"]}, body="Ik deel de lijst.")
    action = {"kind": "action", "text": ACTION, "due": "2031-01-13", "owner": operations.people["Willemijn"]}
    marked = operations("Marijke", "outcomes.mark", status=201, at={"id": said["id"]}, meeting=today["id"], **action)
    assert (marked["state"], marked["meeting"]) == ("open", f"/meetings/{today['id']}")
    done = operations("Willemijn", "tasks.finish", at={"id": marked["id"]}, remark="Per mail")
    assert (done["state"], done["remark"]) == ("done", "Per mail")
    operations.publish(today, "De gemeente betaalt.")
    assert "De gemeente betaalt." in operations("Elsa", "minutes.show", at=today)["html"]


def feed_of(product: Product, address: str) -> set[str]:
    """Return the titles in a calendar to subscribe to, fetched as a calendar program does."""
    status, headers, content = product.request("GET", address.removeprefix(product.address))
    assert (status, headers.get_content_type()) == (200, "text/calendar")
    return {str(one["SUMMARY"]) for one in Calendar.from_ical(content).walk("VEVENT")}
