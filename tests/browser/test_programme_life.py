"""A programme from its call to the archive: by browser and mail, as the coach and the people whom she invites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.calls import link_in
from tests.browser.conftest import Browsers
from tests.browser.setting_up import PHONE, add_community, enter, flash, mailed_link, start
from tests.product import ROOT, Product

pytestmark = pytest.mark.browser

PROGRAMME = "/programmes/weer-thuis-in-de-wijk"
BEGIN, LATER = datetime(2027, 1, 11, 8, tzinfo=UTC), datetime(2027, 3, 8, 8, tzinfo=UTC)
# Python runs this in the server and in its processes before anything else.
SHIFT = """\

from datetime import UTC, datetime
from pathlib import Path
from cop.base import clock
clock.shift(datetime.fromisoformat(Path(__file__).with_name("begin").read_text()) - datetime.fromtimestamp({now}, UTC))
"""


class Served(Product):
    """An empty platform whose clock starts where a test puts it."""

    def __enter__(self) -> Served:
        self.go_to(BEGIN)
        return self

    def go_to(self, moment: datetime) -> None:
        """Start anew at a moment."""
        self.stop()
        (self.data / "clock").mkdir(exist_ok=True)
        (self.data / "clock" / "begin").write_text(moment.isoformat())
        (self.data / "clock" / "sitecustomize.py").write_text(SHIFT.format(now=datetime.now(UTC).timestamp()))
        self.start()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an empty platform from the first moment on."""
    folder = tmp_path_factory.mktemp("life")
    path = f"{folder / 'clock'}:{ROOT}"
    with Served(folder, mode="development", COP_RATE_LIMITS="off", PYTHONPATH=path) as served:
        yield served


@pytest.fixture
def opened(browser: Browser, empty: Served) -> Iterator[Browsers]:
    """Return browsers on the empty platform; fail at the end if there were errors."""
    browsers = Browsers(browser, empty, {})
    yield browsers
    browsers.close()


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    """Expect a page by its heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def publish(coach: Page) -> str:
    """Publish the programme and its call for frontrunners; return the address of the call."""
    for community in ("Procesregie", "Zachte landing"):
        add_community(coach, PROGRAMME, community)
    coach.goto(f"{PROGRAMME}/public")
    coach.get_by_label("Waar gaat het over?").fill("Wij zoeken **koplopers**.")
    coach.get_by_label("Mailadres").fill("cora@weerthuis.example")
    coach.get_by_role("button", name="Openbaar maken", exact=True).click()
    flash(coach, "De pagina is openbaar")
    coach.goto(f"{PROGRAMME}/calls")
    coach.get_by_label("Titel").fill("Koplopers gezocht")
    coach.get_by_role("button", name="Oproep maken").click()
    flash(coach, "De oproep is gemaakt.")
    coach.get_by_label("Tekst van de oproep").fill("Doe mee met **Weer thuis**.")
    coach.locator("#f-opens").get_by_label("Dag").fill("10 januari 2027")
    coach.locator("#f-closes").get_by_label("Dag").fill("20 januari 2027")
    call = coach.url.removesuffix("/edit")
    coach.get_by_role("button", name="Opslaan").click()
    flash(coach, "De oproep is opgeslagen.")
    coach.goto(f"{call}/form")
    coach.locator("#composition-frontrunners").check()
    coach.get_by_role("button", name="Samenstelling opslaan").click()
    flash(coach, "Het formulier is opgeslagen.")
    coach.locator("#label-criterion").fill("Haalbaar")
    coach.get_by_role("button", name="Criterium toevoegen").click()
    expect(coach.get_by_role("heading", name="Haalbaar")).to_be_visible()
    coach.goto(f"{call}/edit")
    coach.get_by_label("Aantal plaatsen").fill("2")
    coach.get_by_role("button", name="Publiceren").click()
    flash(coach, "voor iedereen te zien")
    return call


def begin(browsers: Browsers, product: Product, call: str, mail: str, name: str, size: dict[str, int]) -> Page:
    """Begin an application by the mail that the call sends."""
    page = browsers.open(None, call, viewport=size)
    page.locator("#f-mail").fill(mail)
    page.get_by_label("Uw naam").fill(name)
    page.get_by_role("button", name="Stuur mij een mail").click()
    expect(page.get_by_text("U hebt nu een mail.")).to_be_visible()
    page.goto(link_in(product, mail))
    page.get_by_role("button", name="Ga verder").click()
    heading(page, "Uw aanvraag")
    return page


def add_organisation(page: Page, number: int, name: str, kind: str) -> None:
    """Fill in an organisation of an application, which the page saves by itself."""
    page.get_by_label(f"Naam van de organisatie {number}").fill(name)
    with page.expect_response(lambda got: "/answers" in got.url and kind in (got.request.post_data or "")):
        page.get_by_label(f"Soort organisatie {number}").select_option(kind)
    expect(page.locator(".save-state")).to_have_text("Opgeslagen.")


def explain(page: Page, home: str, words: str) -> None:
    """Fill in the question and the criterion."""
    page.goto(home)
    page.get_by_role("link", name="Uw opgave").click()
    heading(page, "Uw opgave")
    page.get_by_label("Aan welke opgave wilt u werken?").fill(words)
    page.get_by_role("button", name="Ga verder").click()
    heading(page, "Criteria")
    page.get_by_role("checkbox", name="Haalbaar").check()
    page.get_by_role("textbox", name="Toelichting Haalbaar").fill("Het college steunt dit.")
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Criteria")


def submit(page: Page, home: str) -> None:
    """Send an application in."""
    page.goto(f"{home}/check")
    page.get_by_role("button", name="Indienen").click()
    heading(page, "Uw aanvraag is ingediend")


def apply(browsers: Browsers, product: Product, call: str) -> None:
    """Three applications: by two devices, stopped by the rule of composition first, and at once."""
    lies = begin(browsers, product, call, "lies@zonnedal.example", "Lies Lead", PHONE)
    home = lies.url
    lies.get_by_role("link", name="Wie doen mee").click()
    add_organisation(lies, 1, "Gemeente Zonnedal", "municipality")
    lies.goto(f"{home}/contacts")
    lies.get_by_label("Mailadres").fill("mo@dak.example")
    lies.get_by_label("Naam").fill("Mo Mee")
    lies.get_by_role("button", name="Uitnodigen").click()
    flash(lies, "Mo Mee krijgt een mail")
    mo = browsers.open(None, link_in(product, "mo@dak.example"))
    mo.get_by_role("button", name="Ga verder").click()
    heading(mo, "Uw aanvraag")
    mo.get_by_role("link", name="Wie doen mee").click()
    expect(mo.get_by_label("Naam van de organisatie 1")).to_have_value("Gemeente Zonnedal")
    add_organisation(mo, 2, "Woonstichting Dak", "housing")
    explain(mo, home, "Wij zoeken huizen.")
    submit(lies, home)

    bas = begin(browsers, product, call, "bas@heuvel.example", "Bas Berg", PHONE)
    home = bas.url
    bas.get_by_role("link", name="Wie doen mee").click()
    add_organisation(bas, 1, "Gemeente Heuvel", "municipality")
    explain(bas, home, "Wij zoeken buren.")
    bas.goto(f"{home}/check")
    bas.get_by_role("button", name="Indienen").click()
    expect(bas.locator(".errors")).to_contain_text("woningcorporatie of zorgaanbieder")
    bas.goto(home)
    bas.get_by_role("link", name="Wie doen mee").click()
    add_organisation(bas, 2, "Heuvelzorg", "care")
    submit(bas, home)

    vera = begin(browsers, product, call, "vera@ver.example", "Vera Veld", PHONE)
    home = vera.url
    vera.get_by_role("link", name="Wie doen mee").click()
    add_organisation(vera, 1, "Gemeente Ver", "municipality")
    add_organisation(vera, 2, "Verwonen", "housing")
    explain(vera, home, "Wij weten het nog niet.")
    submit(vera, home)


def review(browsers: Browsers, product: Product, coach: Page, call: str) -> None:
    """Two reviewers who are new to the platform, blind to each other; one of them has an interest in an application."""
    coach.goto(f"{call}/reviewers")
    for name, mail in (("Rita Recht", "rita@elders.example"), ("Ron Rond", "ron@elders.example")):
        coach.get_by_label("Mailadres").fill(mail)
        coach.get_by_label("Naam").fill(name)
        coach.get_by_role("button", name="Uitnodigen").click()
        flash(coach, f"{name} krijgt een mail")
    coach.get_by_role("button", name="Verdelen").click()
    flash(coach, "6 beoordelingen zijn toegewezen.")
    for name, mail in (("Rita Recht", "rita@elders.example"), ("Ron Rond", "ron@elders.example")):
        reviewer = enter(browsers, mailed_link(product, mail), name)
        reviewer.goto(f"{call}/reviewing")
        if name == "Rita Recht":
            reviewer.get_by_role("link", name="Gemeente Ver").click()
            heading(reviewer, "Hebt u een belang bij deze aanvraag?")
            reviewer.get_by_role("button", name="Ja, ik heb een belang").click()
            heading(reviewer, "Aanvragen beoordelen")
            expect(reviewer.get_by_text("0 van 2 klaar")).to_be_visible()
            reviewer.get_by_role("link", name="Gemeente Ver").click()
            heading(reviewer, "Hebt u een belang bij deze aanvraag?")
            expect(reviewer.locator("main")).not_to_contain_text("Wij weten het nog niet.")
        for title in ("Gemeente Zonnedal", "Gemeente Heuvel", "Gemeente Ver")[: 2 if name == "Rita Recht" else 3]:
            reviewer.goto(f"{call}/reviewing")
            reviewer.get_by_role("link", name=title).click()
            reviewer.get_by_role("button", name="Nee, ik kan beoordelen").click()
            expect(reviewer.get_by_role("heading", name="Oordeel van anderen")).to_have_count(0)
            reviewer.get_by_role("group", name="Haalbaar").get_by_label("5 – sterk").check()
            reviewer.get_by_role("button", name="Klaar, naar de volgende").click()
            flash(reviewer, "Uw beoordeling is opgeslagen.")


def decide(coach: Page, product: Product, call: str) -> None:
    """Propose outcomes, read the mails before they are sent, announce them, and accept the two that are admitted."""
    coach.goto(f"{call}/decisions")
    for title, act in (
        ("Gemeente Zonnedal", "Toelaten"),
        ("Gemeente Heuvel", "Toelaten"),
        ("Gemeente Ver", "Afwijzen"),
    ):
        coach.get_by_role("row", name=title).get_by_role("button", name=act).click()
        link = coach.get_by_role("row", name=title).get_by_role("link", name="Lees en bewerk")
        link.click()
        heading(coach, re.compile(title))
        text = coach.get_by_label("Tekst")
        text.fill(f"{text.input_value()}\nGroet van Cora.")
        coach.get_by_role("button", name="Gelezen, klaar om te versturen").click()
        flash(coach, "De mail is klaar om te versturen.")
        coach.goto(f"{call}/decisions")
    assert not [one for one in product.post.emails if "toegelaten" in str(one["Subject"])]
    coach.get_by_role("button", name="Bekendmaken en mailen").click()
    flash(coach, "3 uitkomsten zijn bekendgemaakt.")
    told = product.post.wait("lies@zonnedal.example", "is toegelaten").get_body(("plain",))
    assert told
    assert "Groet van Cora." in told.get_content()
    for title, name in (("Gemeente Zonnedal", "Zonnedal"), ("Gemeente Heuvel", "Heuvel")):
        coach.goto(f"{call}/decisions")
        coach.get_by_role("row", name=title).get_by_role("link", name="Samenwerking maken").click()
        heading(coach, "Samenwerking maken")
        coach.get_by_label("Naam van de samenwerking").fill(name)
        coach.get_by_role("button", name="Samenwerking maken").click()
        flash(coach, "De samenwerking is gemaakt")


def found_there(browsers: Browsers, product: Product) -> str:
    """The lead contact enters, finds the partnership with its first task, and describes the local challenge."""
    lies = enter(browsers, mailed_link(product, "lies@zonnedal.example", "Uitnodiging"), "Lies Lead", PHONE)
    lies.goto("/")
    lies.get_by_role("link", name="Beschrijf de lokale opgave van Zonnedal").click()
    expect(lies.locator("#f-goal")).to_have_value("Wij zoeken huizen.")
    lies.locator("#f-goal").fill("Iedereen een thuis.")
    lies.get_by_role("button", name="Opslaan").click()
    heading(lies, "Zonnedal")
    expect(lies.locator("main")).to_contain_text("Iedereen een thuis.")
    address = lies.url
    for community in ("procesregie", "zachte-landing"):
        assert lies.goto(f"/communities/{community}").status == 200  # type: ignore[union-attr]
    return address


def begin_phase(coach: Page, name: str, words: str) -> None:
    """Begin a phase of the programme."""
    coach.goto(f"{PROGRAMME}/phase")
    coach.get_by_label(name).check()
    coach.get_by_role("button", name="Fase beginnen").click()
    flash(coach, words)


def come_back(browsers: Browsers, product: Product, mail: str) -> Page:
    """Sign in by mail."""
    page = browsers.open(None, "/sign-in")
    page.get_by_label("Mailadres").first.fill(mail)
    page.get_by_role("button", name="Stuur mij een mail").click()
    heading(page, re.compile("mail"))
    page.goto(mailed_link(product, mail, "Inloggen"))
    page.get_by_role("button", name="Ga verder").click()
    expect(page.locator(".masthead-person")).to_be_visible()
    return page


def check_in(browsers: Browsers, product: Product, partnership: str) -> str:
    """Answer the check-in from the mail, without signing in, and turn its request for help into a question."""
    asked = product.post.wait("lies@zonnedal.example", "Hoe staat het ervoor").get_body(("plain",))
    assert asked
    link = re.search(r"/check-in/\S+", asked.get_content())
    assert link, asked.get_content()
    visitor = browsers.open(None, link[0], viewport=PHONE)
    visitor.get_by_label("Hoe staat het ervoor?").fill("Drie woningen gevonden.")
    visitor.get_by_label("Welke hulp kunt u gebruiken?").fill("Wie heeft een voorbeeld van een convenant?")
    visitor.get_by_role("button", name="Opslaan").click()
    flash(visitor, "opgeslagen")
    lies = come_back(browsers, product, "lies@zonnedal.example")
    lies.goto(partnership)
    lies.get_by_role("link", name="Maak er een vraag van").first.click()
    lies.get_by_label("Praktijkgemeenschap").select_option(label="Procesregie")
    lies.get_by_label("Uw vraag in één zin").fill("Wie heeft een convenant?")
    lies.get_by_role("button", name="Vraag plaatsen").click()
    heading(lies, "Wie heeft een convenant?")
    expect(lies.get_by_role("link", name="Zonnedal")).to_be_visible()
    return lies.url


def write_to_the_silent(coach: Page, product: Product) -> None:
    """The desk shows the partnership that says nothing, and the coach writes to it."""
    coach.goto("/coach")
    signal = coach.locator("main li.signal", has_text="Heuvel").filter(has_text="Laatste teken").first
    signal.get_by_role("link", name="Mail schrijven").click()
    coach.get_by_label("Onderwerp").fill("Hoe gaat het in Heuvel?")
    coach.get_by_role("button", name="Mail versturen").click()
    flash(coach, "Uw mail is verstuurd")
    product.post.wait("bas@heuvel.example", "Hoe gaat het in Heuvel?")


def hand_over(coach: Page, product: Product, partnership: str) -> None:
    """Somebody leaves, and a successor takes over."""
    coach.goto(partnership)
    coach.get_by_role("link", name="Lies Lead").click()
    coach.get_by_role("link", name="Uit dienst").click()
    coach.get_by_label("Mailadres").fill("olga@zonnedal.example")
    coach.get_by_role("textbox", name="Naam").fill("Olga Opvolger")
    coach.get_by_role("button", name="Bekijk wat er gebeurt").click()
    heading(coach, "Dit gebeurt er")
    coach.get_by_role("button", name="Bevestig: uit dienst").click()
    flash(coach, "Lies Lead is uit dienst.")
    product.post.wait("olga@zonnedal.example")
    coach.goto(partnership)
    expect(coach.locator("#people + *, [aria-labelledby=people]").first).not_to_contain_text("Lies Lead")


def test_a_programme_from_call_to_archive(opened: Browsers, empty: Served) -> None:
    _admin, coach = start(opened, empty)
    call = publish(coach)
    stranger = opened.open(None, "/")
    stranger.get_by_role("link", name="Koplopers gezocht").click()
    heading(stranger, "Koplopers gezocht")
    apply(opened, empty, call)
    review(opened, empty, coach, call)
    decide(coach, empty, call)
    partnership = found_there(opened, empty)
    enter(opened, mailed_link(empty, "bas@heuvel.example", "Uitnodiging"), "Bas Berg")
    begin_phase(coach, "Verdieping", "De nieuwe fase")

    assert opened.leave() == []
    empty.go_to(LATER)
    coach = come_back(opened, empty, "cora@weerthuis.example")
    thread = check_in(opened, empty, partnership)
    write_to_the_silent(coach, empty)
    hand_over(coach, empty, partnership)
    begin_phase(coach, "Archief", "staat nu in het archief")
    olga = enter(opened, mailed_link(empty, "olga@zonnedal.example"), "Olga Opvolger")
    olga.goto(thread)
    expect(olga.locator("main .notice").first).to_contain_text("staat in het archief")
    expect(olga.get_by_role("button", name="Reageer")).to_have_count(0)
    posted = olga.request.post(
        f"/api/v1{thread.removeprefix(empty.address)}/posts",
        data={"body": "Toch nog iets"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert posted.status == 403, posted.text()
