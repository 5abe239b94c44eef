"""A call in a browser, on a phone and on a desk: made and published by the team, answered by people without an account
who come in by mail, reviewed, decided and accepted."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import presses
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", [360, 1280])]

TEAM, REVIEWERS = "Marijke", ("Elsa", "Willemijn")
number = count(1)


def flash(page: Page, words: str) -> None:
    expect(page.locator("#flash")).to_contain_text(words)


def looked_at(page: Page) -> None:
    """Expect a page that does not scroll sideways and in which axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert findings(page) == [], page.url


def link_in(product: Product, mail: str, about: str = "") -> str:
    """Return the path of the link in the newest mail to an address."""
    text = product.post.wait(mail, about).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"/(calls/[^/\s]+/entry\?key=\S+|sign-in/\S+)", text)
    assert found, text
    return found[0]


@presses(
    "calls.add",
    "calls.edit",
    "calls.build",
    "calls.publish",
    "calls.unpublish",
    "applications.start",
    "applications.enter",
    "applications.save",
    "applications.attach",
    "applications.detach",
    "contacts.add",
    "contacts.remove",
    "applications.submit",
    "reviewers.add",
    "reviewers.remove",
    "reviews.assign",
    "reviews.declare",
    "reviews.save",
    "calls.close_round",
    "calls.open_round",
    "decisions.propose",
    "decisions.edit_mail",
    "decisions.send",
    "applications.accept",
    "applications.undo",
)
def test_a_call_from_form_to_partnership(browsers: Browsers, product: Product, width: int, tmp_path: Path) -> None:
    n, size = next(number), {"width": width, "height": 800}
    team = browsers.open(TEAM, "/programmes/weer-thuis-in-de-wijk", axe=True, viewport=size)
    team.get_by_role("link", name="Oproepen").click()
    team.get_by_label("Titel").fill(f"Koplopers {n}")
    team.get_by_role("button", name="Oproep maken").click()
    flash(team, "De oproep is gemaakt.")
    team.get_by_label("Tekst van de oproep").fill("Doe mee met **Weer thuis**.")
    opens, closes = team.locator("#f-opens"), team.locator("#f-closes")
    opens.get_by_label("Dag").fill("1 november 2026")
    closes.get_by_label("Dag").fill("1 februari 2027")
    team.get_by_label("Aantal plaatsen").fill("10")
    team.get_by_role("button", name="Opslaan").click()
    flash(team, "De oproep is opgeslagen.")
    looked_at(team)
    team.get_by_role("link", name="Formulier", exact=True).click()
    team.get_by_text("Vraag toevoegen aan “Uw opgave”").click()
    added = team.locator(".build-add[open]")
    added.get_by_label("Soort antwoord").select_option("file")
    added.get_by_label("Vraag", exact=True).fill("Uw plan")
    added.get_by_role("button", name="Vraag toevoegen").click()
    expect(team.get_by_role("heading", name="Uw plan")).to_be_visible()
    team.locator("#label-criterion").fill("Haalbaar")
    team.get_by_role("button", name="Criterium toevoegen").click()
    expect(team.get_by_role("heading", name="Haalbaar")).to_be_visible()
    looked_at(team)
    team.get_by_role("link", name="Oproep", exact=True).click()
    team.get_by_role("button", name="Publiceren").click()
    flash(team, "voor iedereen te zien")
    call = team.url.removesuffix("/edit")
    team.get_by_role("button", name="Terugnemen").click()
    flash(team, "niet meer te zien")
    team.get_by_role("button", name="Publiceren").click()
    flash(team, "voor iedereen te zien")
    # Somebody without an account applies.
    mail = f"lies{n}@zonnedal.example"
    lies = browsers.open(None, call, axe=True, viewport=size)
    looked_at(lies)
    lies.locator("#f-mail").fill(mail)
    lies.get_by_label("Uw naam").fill("Lies Lead")
    lies.get_by_role("button", name="Stuur mij een mail").click()
    lies.goto(link_in(product, mail))
    looked_at(lies)
    lies.get_by_role("button", name="Ga verder").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Uw aanvraag")
    home = lies.url
    looked_at(lies)
    lies.get_by_role("link", name="Wie doen mee").click()
    lies.get_by_label("Naam van de organisatie 1").fill("Gemeente Zonnedal")
    lies.get_by_label("Soort organisatie 1").select_option("municipality")
    expect(lies.locator(".save-state")).to_have_text("Opgeslagen.")
    looked_at(lies)
    lies.reload()
    expect(lies.get_by_label("Naam van de organisatie 1")).to_have_value("Gemeente Zonnedal")
    lies.get_by_role("button", name="Ga verder").click()
    # The line is dead for a while: what was typed waits in the browser.
    lies.context.set_offline(True)
    lies.get_by_label("Aan welke opgave").fill("Wij zoeken huizen.")
    expect(lies.locator("[data-count]")).to_have_text("3 woorden")
    expect(lies.locator(".save-state")).to_contain_text("Geen verbinding.")
    lies.context.set_offline(False)
    expect(lies.locator(".save-state")).to_have_text("Opgeslagen.", timeout=15_000)
    browsers.errors.clear()  # the browser logs the requests that failed while it was offline
    plan = tmp_path / "plan.txt"
    plan.write_text("Een plan.")
    for _again in range(2):
        lies.get_by_label("Kies een bestand").set_input_files(plan)
        lies.get_by_role("button", name="Toevoegen").click()
        expect(lies.get_by_role("link", name="plan.txt")).to_be_visible()
        if not _again:
            lies.get_by_role("button", name="Weghalen: plan.txt").click()
            expect(lies.get_by_role("link", name="plan.txt")).to_have_count(0)
    expect(lies.get_by_label("Aan welke opgave")).to_have_value("Wij zoeken huizen.")
    # A colleague goes on, on another device, by a link of their own.
    lies.goto(f"{home}/contacts")
    for colleague in ("mo", "weg"):
        lies.get_by_label("Mailadres").fill(f"{colleague}{n}@dak.example")
        lies.get_by_label("Naam").fill(f"{colleague.title()} Mee")
        lies.get_by_role("button", name="Uitnodigen").click()
        flash(lies, "krijgt een mail met een eigen link.")
    lies.get_by_role("button", name="Beëindigen: Weg Mee").click()
    flash(lies, "werkt niet meer mee")
    looked_at(lies)
    mo = browsers.open(None, link_in(product, f"mo{n}@dak.example"), viewport={"width": 360, "height": 700})
    mo.get_by_role("button", name="Ga verder").click()
    lies.goto(f"{home}/check")
    expect(lies.locator("#f-composition")).to_contain_text("woningcorporatie of zorgaanbieder")
    lies.get_by_role("button", name="Indienen").click()
    expect(lies.locator(".errors")).to_contain_text("woningcorporatie of zorgaanbieder")
    looked_at(lies)
    mo.get_by_role("link", name="Wie doen mee").click()
    mo.get_by_label("Naam van de organisatie 2").fill("Woonstichting Dak")
    mo.get_by_label("Soort organisatie 2").select_option("housing")
    expect(mo.locator(".save-state")).to_have_text("Opgeslagen.")
    lies.goto(f"{home}/check")
    lies.get_by_role("button", name="Indienen").click()
    expect(lies.get_by_role("heading", level=1)).to_have_text("Uw aanvraag is ingediend")
    looked_at(lies)
    product.post.wait(mail, "Ontvangen")
    # Two reviewers, who do not see each other.
    team.goto(f"{call}/reviewers")
    people = {one.split()[0]: id for one, id in product.cast().items()}
    for who in (*REVIEWERS, TEAM):
        team.get_by_label("Mailadres").fill(product.ask(people[who], "/me")["mail"])
        team.get_by_role("button", name="Uitnodigen").click()
        flash(team, "om aanvragen te beoordelen.")
    team.get_by_role("button", name=re.compile(f"Beëindigen: {TEAM}")).click()
    flash(team, "beoordeelt deze oproep niet meer.")
    team.get_by_role("button", name="Verdelen").click()
    flash(team, "2 beoordelingen zijn toegewezen.")
    looked_at(team)
    for who in REVIEWERS:
        reviewer = browsers.open(who, f"{call}/reviewing", axe=True, viewport=size)
        looked_at(reviewer)
        reviewer.get_by_role("link", name="Gemeente Zonnedal").click()
        expect(reviewer.get_by_text("Wij zoeken huizen.")).to_have_count(0)
        looked_at(reviewer)
        reviewer.get_by_role("button", name="Nee, ik kan beoordelen").click()
        expect(reviewer.get_by_text("Wij zoeken huizen.")).to_be_visible()
        expect(reviewer.get_by_role("heading", name="Oordeel van anderen")).to_have_count(0)
        looked_at(reviewer)
        reviewer.get_by_label("5 – sterk").check()
        reviewer.get_by_role("button", name="Klaar, naar de volgende").click()
        flash(reviewer, "Uw beoordeling is opgeslagen.")
    team.get_by_role("button", name="Ronde sluiten").click()
    flash(team, "De ronde is gesloten.")
    team.get_by_role("button", name="Ronde heropenen").click()
    flash(team, "De ronde is weer open.")
    team.goto(f"{call}/applications")
    looked_at(team)
    team.get_by_role("link", name="Gemeente Zonnedal").click()
    looked_at(team)
    # Deciding, with the mail read before it goes out.
    team.goto(f"{call}/decisions")
    team.get_by_role("button", name="Toelaten").click()
    expect(team.get_by_text("1 van 10 plaatsen vergeven")).to_be_visible()
    looked_at(team)
    team.get_by_role("link", name="Lees en bewerk").click()
    text = team.get_by_label("Tekst")
    text.fill(f"{text.input_value()}\nTot snel!")
    looked_at(team)
    team.get_by_role("button", name="Gelezen, klaar om te versturen").click()
    flash(team, "klaar om te versturen")
    lies.goto(home)
    expect(lies.get_by_text("toegelaten")).to_have_count(0)
    team.get_by_role("button", name="Bekendmaken en mailen").click()
    flash(team, "1 uitkomst is bekendgemaakt.")
    assert (
        "Tot snel!" in product.post.wait(mail, "toegelaten").get_content_maintype()
        or product.post.wait(mail, "toegelaten").get_body(("plain",)).get_content()
    )  # type: ignore[union-attr]
    lies.reload()
    expect(lies.get_by_text("toegelaten")).to_be_visible()
    team.get_by_role("link", name="Samenwerking maken").click()
    looked_at(team)
    team.get_by_label("Naam van de samenwerking").fill(f"Zonnedal {n}")
    team.get_by_role("button", name="Samenwerking maken").click()
    flash(team, "De samenwerking is gemaakt")
    expect(team.get_by_role("heading", level=1)).to_have_text(f"Zonnedal {n}")
    team.goto(f"{home}/acceptance")
    team.get_by_role("button", name="Terugnemen").click()
    flash(team, "zijn teruggenomen.")


@presses("applications.extend", "applications.withdraw", "applications.answer_offer", "calls.reopen")
def test_more_time_and_withdrawing(browsers: Browsers, product: Product, width: int) -> None:
    n, size = next(number), {"width": width, "height": 800}
    people = {one.split()[0]: id for one, id in product.cast().items()}

    def call_api(method: str, path: str, given: object = None) -> dict[str, object]:
        status, found = product.call(people[TEAM], method, path, given)
        assert status < 300, f"{method} {path}: {status} {found}"
        return found or {}

    url = str(call_api("POST", "/programmes/weer-thuis-in-de-wijk/calls", {"title": f"Reserve {n}"})["url"])
    call_api(
        "PATCH", url, {"intro": "Doe mee.", "cap": 1, "opens": "2026-11-01", "closes": "2027-02-01", "offer_days": 5}
    )
    call_api("PUT", f"{url}/form", {"step": "compose", "composition": "none"})
    call_api("PUT", f"{url}/publication")
    pages = []
    for who in ("een", "twee"):
        page = browsers.open(None, url, axe=True, viewport=size)
        mail = f"{who}{n}@t.example"
        page.locator("#f-mail").fill(mail)
        page.get_by_label("Uw naam").fill(f"{who.title()} Lead")
        page.get_by_role("button", name="Stuur mij een mail").click()
        page.goto(link_in(product, mail))
        page.get_by_role("button", name="Ga verder").click()
        home = page.url
        page.get_by_role("link", name="Wie doen mee").click()
        page.get_by_label("Naam van de organisatie 1").fill(f"Gemeente {who}")
        page.get_by_label("Soort organisatie 1").select_option("municipality")
        page.get_by_role("button", name="Ga verder").click()
        page.get_by_label("Aan welke opgave").fill("Huizen.")
        page.get_by_role("button", name="Ga verder").click()
        page.get_by_role("button", name="Indienen").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Uw aanvraag is ingediend")
        page.goto(home)
        pages.append(page)
    for page, outcome in zip(pages, ("admit", "reserve"), strict=True):
        path = page.url.removeprefix(product.address)
        made = call_api("PUT", f"{path}/decision", {"outcome": outcome})
        ready = {name: made[name] for name in ("subject", "text", "mail_version")} | {"ready": True}
        sent = call_api("PUT", f"{path}/decision/mail", ready)
        call_api("POST", f"{url}/announcement", {"mails": [f"{sent['reference']}:{sent['mail_version']}"]})
    team = browsers.open(TEAM, f"{url}/applications", axe=True, viewport=size)
    team.get_by_role("link", name="Meer tijd").first.click()
    looked_at(team)
    team.get_by_label("Laatste dag voor deze aanvraag").fill("1 maart 2027")
    team.get_by_label("Reden").fill("Ziek")
    team.get_by_role("button", name="Meer tijd geven").click()
    flash(team, "heeft nu meer tijd")
    first, second = pages
    first.get_by_role("link", name="Aanvraag intrekken").click()
    looked_at(first)
    first.get_by_role("button", name="Intrekken").click()
    flash(first, "ingetrokken")
    second.reload()
    looked_at(second)
    second.get_by_role("button", name="Plaats aannemen").click()
    flash(second, "U neemt de plaats aan.")
    short = str(call_api("POST", "/programmes/weer-thuis-in-de-wijk/calls", {"title": f"Kort {n}"})["url"])
    call_api("PATCH", short, {"intro": "Doe mee.", "opens": "2026-10-01", "closes": "2026-11-01"})
    call_api("PUT", f"{short}/publication")
    team.goto(f"{short}/edit")
    team.get_by_label("Nieuwe laatste dag").fill("1 februari 2027")
    team.get_by_label("Reden").fill("Te weinig aanvragen")
    team.get_by_role("button", name="Heropenen").click()
    flash(team, "De oproep is weer open.")
