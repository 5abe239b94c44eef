"""A call in a browser, on a phone and on a desk: made and published by the team, answered by people without an account
who come in by mail, reviewed, decided and accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calls import Applicant, Team, link_in
from tests.browser.conftest import Browsers, findings
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]

TEAM = "Marijke"
number = count(1)
wrong: list[str] = []  # what is wrong with the pages of a test, reported together at its end


def flash(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("#flash")).to_contain_text(words)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def looked_at(page: Page) -> None:
    """Note whether a page scrolls sideways, and what axe finds in it."""
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{page.url} scrolls sideways")
    wrong.extend(f"{page.url}: {one}" for one in findings(page))


@pytest.fixture(autouse=True)
def every_page_is_right() -> Iterator[None]:
    wrong.clear()
    yield
    assert wrong == []


@pytest.fixture
def team(product: Product, people: dict[str, int]) -> Team:
    return Team(product, people[TEAM])


def size(width: int) -> dict[str, int]:
    return {"width": width, "height": 800}


@presses("calls.add", "calls.edit", "calls.build", "calls.publish", "calls.unpublish")
def test_team_builds_and_publishes_a_call(browsers: Browsers, width: int) -> None:
    title = f"Koplopers {next(number)}"
    page = browsers.open(TEAM, "/programmes/weer-thuis-in-de-wijk", axe=True, viewport=size(width))
    page.get_by_role("link", name="Oproepen").click()
    heading(page, "Oproepen")
    looked_at(page)
    page.get_by_label("Titel").fill(title)
    page.get_by_role("button", name="Oproep maken").click()
    flash(page, "De oproep is gemaakt.")
    heading(page, title)
    page.get_by_role("button", name="Publiceren").click()
    expect(page.get_by_role("alert")).to_contain_text("Nog nodig: een tekst over de oproep")
    page.get_by_label("Tekst van de oproep").fill("Doe mee met **Weer thuis**.")
    page.locator("#f-opens").get_by_label("Dag").fill("1 november 2017")
    page.locator("#f-closes").get_by_label("Dag").fill("1 juni 2018")
    page.get_by_label("Aantal plaatsen").fill("10")
    page.get_by_role("button", name="Opslaan").click()
    flash(page, "De oproep is opgeslagen.")
    expect(page.locator("#f-closes").get_by_label("Dag")).to_have_value("01-06-2018")
    expect(page.locator("#f-closes").get_by_label("Tijd")).to_have_value("")
    looked_at(page)

    page.get_by_role("link", name="Formulier", exact=True).click()
    page.get_by_text("Vraag toevoegen aan “Uw opgave”").click()
    added = page.locator(".build-add[open]")
    added.get_by_label("Soort antwoord").select_option("file")
    added.get_by_label("Vraag", exact=True).fill("Uw plan")
    looked_at(page)
    added.get_by_role("button", name="Vraag toevoegen").click()
    expect(page.get_by_role("heading", name="Uw plan")).to_be_visible()
    page.locator("#label-criterion").fill("Haalbaar")
    page.get_by_role("button", name="Criterium toevoegen").click()
    expect(page.get_by_role("heading", name="Haalbaar")).to_be_visible()
    page.get_by_role("button", name="Weghalen: Uw plan").click()
    expect(page.get_by_role("heading", name="Uw plan")).to_have_count(0)

    page.get_by_role("link", name="Oproep", exact=True).click()
    page.get_by_role("button", name="Publiceren").click()
    flash(page, "voor iedereen te zien")
    call = page.url.removesuffix("/edit")
    page.get_by_role("button", name="Terugnemen").click()
    flash(page, "niet meer te zien")
    heading(browsers.open(None, call), "Inloggen")
    page.get_by_role("button", name="Publiceren").click()
    flash(page, "voor iedereen te zien")
    public = browsers.open(None, call, axe=True, viewport=size(width))
    heading(public, title)
    expect(public.get_by_text("tot en met vrijdag 1 juni 2018")).to_be_visible()
    expect(public.get_by_role("link", name="Oproep beheren")).to_have_count(0)
    looked_at(public)


@presses(
    "applications.start",
    "applications.enter",
    "applications.save",
    "applications.attach",
    "applications.detach",
    "contacts.add",
    "contacts.make_lead",
    "contacts.remove",
    "contacts.sign_out",
    "applications.submit",
    "applications.withdraw",
)
def test_somebody_without_an_account_applies(
    browsers: Browsers, product: Product, team: Team, width: int, tmp_path: Path
) -> None:
    n = next(number)
    call, mail = team.open_call(f"Aanvragen {n}"), f"lies{n}@zonnedal.example"
    lies = browsers.open(None, call, axe=True, viewport=size(width))
    lies.locator("#f-mail").fill(mail)
    lies.get_by_label("Uw naam").fill("Lies Lead")
    lies.get_by_role("button", name="Stuur mij een mail").click()
    expect(lies.get_by_text("U hebt nu een mail.")).to_be_visible()
    lies.goto(link_in(product, mail))
    looked_at(lies)
    lies.get_by_role("button", name="Ga verder").click()
    heading(lies, "Uw aanvraag")
    home = lies.url
    looked_at(lies)
    lies.get_by_role("link", name="Wie doen mee").click()
    heading(lies, "Wie doen mee")
    lies.get_by_label("Naam van de organisatie 1").fill("Gemeente Zonnedal")
    lies.get_by_label("Soort organisatie 1").select_option("municipality")
    expect(lies.locator(".save-state")).to_have_text("Opgeslagen.")
    looked_at(lies)
    lies.reload()
    expect(lies.get_by_label("Naam van de organisatie 1")).to_have_value("Gemeente Zonnedal")
    lies.get_by_role("button", name="Ga verder").click()
    heading(lies, "Uw opgave")
    # Without a connection, what is typed waits in the browser.
    expect(lies.locator("cop-answers:defined")).to_be_attached()
    lies.context.set_offline(True)
    lies.get_by_label("Opgave").fill("Wij zoeken huizen.")
    expect(lies.locator("[data-count]").first).to_have_text("3 woorden")
    expect(lies.locator(".save-state")).to_contain_text("Geen verbinding.")
    lies.context.set_offline(False)
    expect(lies.locator(".save-state")).to_have_text("Opgeslagen.")
    browsers.errors.clear()  # the requests that failed without a connection
    plan = tmp_path / "plan.txt"
    plan.write_text("Een plan.")
    lies.locator("input[type=file]").set_input_files(plan)
    lies.get_by_role("button", name="Toevoegen").click()
    expect(lies.get_by_role("link", name="plan.txt")).to_be_visible()
    expect(lies.get_by_label("Opgave")).to_have_value("Wij zoeken huizen.")
    looked_at(lies)
    lies.get_by_role("button", name="Weghalen: plan.txt").click()
    expect(lies.get_by_role("link", name="plan.txt")).to_have_count(0)

    # Colleagues go on, on other devices, by links of their own.
    lies.goto(f"{home}/contacts")
    for colleague in ("mo", "weg"):
        lies.get_by_label("Mailadres").fill(f"{colleague}{n}@dak.example")
        lies.get_by_label("Naam").fill(f"{colleague.title()} Mee")
        lies.get_by_role("button", name="Uitnodigen").click()
        flash(lies, f"{colleague.title()} Mee krijgt een mail met een eigen link.")
    looked_at(lies)
    lies.get_by_role("button", name="Beëindigen: Weg Mee").click()
    flash(lies, "Weg Mee werkt niet meer mee")
    ended = browsers.open(None, link_in(product, f"weg{n}@dak.example"))
    expect(ended.get_by_text("Deze link geldt niet meer.")).to_be_visible()
    mo = browsers.open(None, link_in(product, f"mo{n}@dak.example"), viewport=size(360))
    mo.get_by_role("button", name="Ga verder").click()
    heading(mo, "Uw aanvraag")
    lies.reload()
    lies.get_by_role("button", name="Maak eerste contactpersoon: Mo Mee").click()
    flash(lies, "Mo Mee is nu de eerste contactpersoon.")
    expect(lies.get_by_role("button", name=re.compile("^Maak eerste"))).to_have_count(0)
    mo.goto(f"{home}/contacts")
    mo.get_by_role("button", name="Maak eerste contactpersoon: Lies Lead").click()
    flash(mo, "Lies Lead is nu de eerste contactpersoon.")
    mo.get_by_role("link", name="Terug naar het overzicht").click()
    heading(mo, "Uw aanvraag")

    lies.goto(f"{home}/check")
    expect(lies.locator("#f-composition")).to_contain_text("woningcorporatie of zorgaanbieder")
    lies.get_by_role("button", name="Indienen").click()
    expect(lies.locator(".errors")).to_contain_text("woningcorporatie of zorgaanbieder")
    looked_at(lies)
    mo.get_by_role("link", name="Wie doen mee").click()
    heading(mo, "Wie doen mee")
    mo.get_by_label("Naam van de organisatie 2").fill("Woonstichting Dak")
    mo.get_by_label("Soort organisatie 2").select_option("housing")
    expect(mo.locator(".save-state")).to_have_text("Opgeslagen.")
    lies.goto(f"{home}/check")
    lies.get_by_role("button", name="Indienen").click()
    heading(lies, "Uw aanvraag is ingediend")
    looked_at(lies)
    product.post.wait(mail, "Ontvangen")

    # A change after the submission stands beside it until it is sent in as well.
    lies.goto(f"{home}/sections/s2?back=check")
    lies.get_by_label("Opgave").fill("Wij zoeken veel huizen.")
    lies.get_by_role("button", name="Ga verder").click()
    heading(lies, "Controleer uw antwoorden")
    lies.goto(home)
    expect(lies.get_by_text("Die wijziging is nog niet ingediend.")).to_be_visible()
    looked_at(lies)
    lies.get_by_role("link", name="Controleer uw antwoorden").click()
    lies.get_by_role("button", name="Opnieuw indienen").click()
    heading(lies, "Uw aanvraag is ingediend")
    expect(lies.get_by_text("Wij zoeken veel huizen.")).to_be_visible()
    expect(lies.get_by_text("versie 2")).to_be_visible()

    lies.goto(home)
    lies.get_by_role("link", name="Aanvraag intrekken").click()
    heading(lies, "Aanvraag intrekken")
    looked_at(lies)
    lies.get_by_role("button", name="Intrekken").click()
    flash(lies, "Uw aanvraag is ingetrokken.")
    mo.goto(f"{home}/sections/s2")
    expect(mo.get_by_text("Deze aanvraag is ingetrokken.")).to_be_visible()
    expect(mo.get_by_role("button", name="Opslaan")).to_have_count(0)
    lies.get_by_role("button", name="Uitloggen").click()
    flash(lies, "U bent uitgelogd.")
    lies.goto(home)
    expect(lies.get_by_role("heading", name="Uw aanvraag")).to_have_count(0)


@presses(
    "reviewers.add",
    "reviewers.remove",
    "reviews.assign",
    "reviews.declare",
    "reviews.save",
    "calls.close_round",
    "calls.open_round",
)
def test_reviewers_score_without_seeing_each_other(
    browsers: Browsers, product: Product, people: dict[str, int], team: Team, width: int
) -> None:
    n, reviewers = next(number), ("Elsa", "Willemijn")
    call = team.open_call(f"Beoordelen {n}")
    applicant = Applicant(product, call, f"lies{n}@zonnedal.example").complete()
    page = browsers.open(TEAM, f"{call}/reviewers", axe=True, viewport=size(width))
    looked_at(page)
    for who in (*reviewers, TEAM):
        page.get_by_label("Mailadres").fill(product.ask(people[who], "/me")["mail"])
        page.get_by_role("button", name="Uitnodigen").click()
        flash(page, re.compile(f"{who} .*krijgt een mail om aanvragen te beoordelen"))
    page.get_by_role("button", name=re.compile(f"Beëindigen: {TEAM}")).click()
    flash(page, "beoordeelt deze oproep niet meer.")
    page.get_by_role("button", name="Verdelen").click()
    flash(page, "2 beoordelingen zijn toegewezen.")
    looked_at(page)
    for who in reviewers:
        reviewer = browsers.open(who, f"{call}/reviewing", axe=True, viewport=size(width))
        looked_at(reviewer)
        reviewer.get_by_role("link", name="Gemeente Zonnedal").click()
        heading(reviewer, "Hebt u een belang bij deze aanvraag?")
        expect(reviewer.get_by_text("Wij zoeken huizen.")).to_have_count(0)
        looked_at(reviewer)
        reviewer.get_by_role("button", name="Nee, ik kan beoordelen").click()
        expect(reviewer.get_by_text("Wij zoeken huizen.")).to_be_visible()
        expect(reviewer.get_by_role("heading", name="Oordeel van anderen")).to_have_count(0)
        looked_at(reviewer)
        reviewer.get_by_role("button", name="Klaar, naar de volgende").click()
        expect(reviewer.locator(".errors")).to_be_visible()
        for criterion in ("Bestuurlijk draagvlak", "Haalbaar"):
            reviewer.get_by_role("group", name=criterion).get_by_label("5 – sterk").check()
        reviewer.get_by_role("button", name="Klaar, naar de volgende").click()
        flash(reviewer, "Uw beoordeling is opgeslagen.")
        heading(reviewer, "Aanvragen beoordelen")
        expect(reviewer.get_by_text("1 van 1 klaar")).to_be_visible()
    page.get_by_role("button", name="Ronde sluiten").click()
    flash(page, "De ronde is gesloten.")
    page.get_by_role("button", name="Ronde heropenen").click()
    flash(page, "De ronde is weer open.")
    expect(page.get_by_role("button", name="Ronde sluiten")).to_be_visible()
    page.get_by_role("link", name="Aanvragen", exact=True).click()
    expect(page.get_by_role("row", name=applicant.reference)).to_contain_text("2/2")
    looked_at(page)
    page.get_by_role("link", name="Gemeente Zonnedal").click()
    heading(page, "Gemeente Zonnedal, Woonstichting Dak")
    looked_at(page)


@presses(
    "decisions.propose", "decisions.edit_mail", "decisions.send", "applications.accept", "applications.undo"
)  # fmt: skip
def test_team_decides_announces_and_accepts(browsers: Browsers, product: Product, team: Team, width: int) -> None:
    n = next(number)
    call, mail = team.open_call(f"Besluiten {n}", cap=10), f"lies{n}@zonnedal.example"
    applicant = Applicant(product, call, mail).complete()
    lies = browsers.open(None, call, viewport=size(width))
    lies.context.add_cookies(applicant.cookies())
    page = browsers.open(TEAM, f"{call}/decisions", axe=True, viewport=size(width))
    looked_at(page)
    page.get_by_role("button", name="Toelaten").click()
    expect(page.get_by_text("1 van 10 plaatsen vergeven")).to_be_visible()
    looked_at(page)
    page.get_by_role("link", name="Lees en bewerk").click()
    heading(page, "Gemeente Zonnedal, Woonstichting Dak")
    text = page.get_by_label("Tekst")
    text.fill(f"{text.input_value()}\nTot snel!")
    looked_at(page)
    page.get_by_role("button", name="Gelezen, klaar om te versturen").click()
    flash(page, "De mail is klaar om te versturen.")
    lies.goto(applicant.url)
    heading(lies, "Uw aanvraag")
    expect(lies.get_by_role("heading", name="De uitkomst")).to_have_count(0)
    looked_at(page)
    page.get_by_role("button", name="Bekendmaken en mailen").click()
    flash(page, "1 uitkomst is bekendgemaakt.")
    told = product.post.wait(mail, "is toegelaten").get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Tot snel!" in told
    lies.reload()
    expect(lies.get_by_text("Uw aanvraag: toegelaten.")).to_be_visible()
    page.get_by_role("link", name="Samenwerking maken").click()
    heading(page, "Samenwerking maken")
    looked_at(page)
    page.get_by_label("Naam van de samenwerking").fill(f"Zonnedal {n}")
    page.get_by_role("button", name="Samenwerking maken").click()
    flash(page, "De samenwerking is gemaakt")
    heading(page, f"Zonnedal {n}")
    made = page.url
    page.goto(f"{applicant.url}/acceptance")
    looked_at(page)
    page.get_by_role("button", name="Terugnemen").click()
    flash(page, "zijn teruggenomen.")
    page.goto(made)
    heading(page, "Deze pagina bestaat niet")


@presses("applications.extend", "applications.answer_offer", "calls.reopen")
def test_more_time_and_an_offered_place(browsers: Browsers, product: Product, team: Team, width: int) -> None:
    n = next(number)
    call = team.open_call(f"Reserve {n}", cap=1, offer_days=5)
    first, second = (Applicant(product, call, f"{who}{n}@t.example").complete() for who in ("een", "twee"))
    page = browsers.open(TEAM, f"{call}/applications", axe=True, viewport=size(width))
    page.get_by_role("row", name=second.reference).get_by_role("link", name="Meer tijd").click()
    heading(page, f"Meer tijd voor {second.reference}")
    looked_at(page)
    page.get_by_label("Laatste dag voor deze aanvraag").fill("1 mei 2018")
    page.get_by_label("Reden").fill("Ziek")
    page.get_by_role("button", name="Meer tijd geven").click()
    expect(page.locator(".errors")).to_contain_text("Kies een moment na de sluiting van de oproep.")
    page.get_by_label("Laatste dag voor deze aanvraag").fill("1 juli 2018")
    page.get_by_role("button", name="Meer tijd geven").click()
    flash(page, "Deze aanvraag heeft nu meer tijd.")
    row = page.get_by_role("row", name=second.reference)
    expect(row).to_contain_text("tot en met zondag 1 juli 2018")

    for applicant, outcome in ((first, "admit"), (second, "reserve")):
        team.decide(call, applicant.reference, outcome)
    page.reload()
    expect(row).to_contain_text("reserve")
    expect(row.get_by_role("link", name="Meer tijd")).to_have_count(0)
    first.ask("DELETE", f"{first.url}/submission")
    product.post.wait(second.mail, "plaats")
    reserve = browsers.open(None, call, axe=True, viewport=size(width))
    reserve.context.add_cookies(second.cookies())
    reserve.goto(second.url)
    looked_at(reserve)
    reserve.get_by_role("button", name="Plaats aannemen").click()
    flash(reserve, "U neemt de plaats aan.")
    expect(reserve.get_by_text("Uw aanvraag: plaats aangenomen.")).to_be_visible()

    closed = team.open_call(f"Kort {n}", opens="2017-10-01", closes="2017-11-01")
    visitor = browsers.open(None, closed)
    expect(visitor.get_by_text("Deze oproep is gesloten.")).to_be_visible()
    expect(visitor.get_by_role("button", name="Stuur mij een mail")).to_have_count(0)
    page.goto(f"{closed}/edit")
    page.get_by_label("Nieuwe laatste dag").fill("1 februari 2018")
    page.get_by_label("Reden").fill("Te weinig aanvragen")
    page.get_by_role("button", name="Heropenen").click()
    flash(page, "De oproep is weer open.")
    looked_at(page)
    page.get_by_label("Aantal plaatsen").fill("12")
    page.get_by_role("button", name="Opslaan").click()
    flash(page, "De oproep is opgeslagen.")
    visitor.reload()
    expect(visitor.get_by_role("button", name="Stuur mij een mail")).to_be_visible()


def test_answer_that_was_typed_before_the_script_came_is_saved(
    browsers: Browsers, product: Product, team: Team, width: int
) -> None:
    n = next(number)
    call, mail = team.open_call(f"Traag {n}"), f"traag{n}@zonnedal.example"
    page = browsers.open(None, call, viewport=size(width))
    page.locator("#f-mail").fill(mail)
    page.get_by_label("Uw naam").fill("Lies Lead")
    page.get_by_role("button", name="Stuur mij een mail").click()
    expect(page.get_by_text("U hebt nu een mail.")).to_be_visible()
    page.goto(link_in(product, mail))
    held: list[Any] = []
    page.route("**/cop-answers*", lambda route: held.append(route))
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_role("link", name="Wie doen mee").click()
    heading(page, "Wie doen mee")
    page.get_by_label("Naam van de organisatie 1").fill("Gemeente Zonnedal")
    page.wait_for_timeout(200)
    assert held
    for route in held:
        route.continue_()
    expect(page.locator(".save-state")).to_have_text("Opgeslagen.")
