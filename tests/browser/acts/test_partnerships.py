"""Every act of a partnership in a browser: its set-up, local challenge, check-in, question, consent and documents."""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]

PROGRAMME = "/programmes/weer-thuis-in-de-wijk"
DUO = "/partnerships/1"


def flash(page: Page, words: str) -> None:
    """Expect a message after an act."""
    expect(page.locator("#flash")).to_contain_text(words)


def fits(page: Page) -> None:
    """Expect a page that does not scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button of the page."""
    page.locator("main, .page-aside").get_by_role("button", name=name).first.click()


def again(product: Product) -> None:
    """Open the check-in of this month of the first partnership anew."""
    with closing(sqlite3.connect(product.data / "cop.sqlite3", timeout=30)) as database, database:
        database.execute(
            "UPDATE check_in SET state = 'open', reason = '', standing = '', answered = NULL, answered_by_id = NULL"
            " WHERE partnership_id = 1 AND month = (SELECT max(month) FROM check_in)"
        )


def mailed(product: Product, person: int) -> str:
    """Return the address of a link to the check-in of this month, as a mail has it."""
    secret = secrets.token_urlsafe(32)
    with closing(sqlite3.connect(product.data / "cop.sqlite3", timeout=30)) as database, database:
        database.execute(
            "INSERT INTO check_in_link (key, check_in_id, person_id) VALUES (?,"
            " (SELECT id FROM check_in WHERE partnership_id = 1 ORDER BY month DESC LIMIT 1), ?)",
            (hashlib.sha256(secret.encode()).hexdigest(), person),
        )
    return f"/check-in/{secret}"


@presses("partnerships.add", "partnerships.edit", "partnerships.remove")
def test_the_team_records_changes_and_removes_one(browsers: Browsers, width: int) -> None:
    page = browsers.open("Marijke", f"{PROGRAMME}/partnerships/new", viewport={"width": width, "height": 800})
    page.locator("#f-name").fill(f"Proefduo {width}")
    for organisation in ("Gemeente Waterveen", "Woonstichting De Proefhoek"):
        page.locator("#f-organisations").get_by_label(organisation).check()
    press(page, "Toevoegen")
    flash(page, f"De samenwerking Proefduo {width} is toegevoegd.")
    expect(page.get_by_text("De lokale opgave is nog niet beschreven.")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="Wijzigen").click()
    page.locator("#f-name").fill(f"Ander duo {width}")
    press(page, "Opslaan")
    flash(page, f"De gegevens van Ander duo {width} zijn opgeslagen.")
    page.get_by_role("link", name="Verwijderen").click()
    press(page, "Verwijderen")
    flash(page, f"De samenwerking Ander duo {width} is verwijderd.")


@presses("partnerships.describe", "partnerships.restore_challenge")
def test_the_challenge_is_described_and_put_back(browsers: Browsers, width: int) -> None:
    page = browsers.open("Willemijn", f"{DUO}/challenge", viewport={"width": width, "height": 800})
    page.locator("#f-help_wanted").fill(f"Wie kent een jurist? {width}")
    fits(page)
    press(page, "Opslaan")
    flash(page, "De lokale opgave is bijgewerkt.")
    expect(page.get_by_text(f"Wie kent een jurist? {width}")).to_be_visible()
    page.get_by_role("link", name="Eerdere versies").click()
    expect(page.locator("ins", has_text=str(width))).to_be_visible()
    fits(page)
    page.get_by_label("Toon versie 1").check()
    press(page, "Vergelijken")
    press(page, "Versie 1 terugzetten")
    flash(page, "Versie 1 van de lokale opgave staat er weer.")
    expect(page.locator("main .facts").first).not_to_contain_text("jurist")
    page.locator("#flash").get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("main .facts").first).to_contain_text(f"Wie kent een jurist? {width}")


@presses("partnerships.check_in", "partnerships.skip", "partnerships.ask")
def test_the_month_is_skipped_answered_and_asked_from(browsers: Browsers, product: Product, width: int) -> None:
    again(product)
    page = browsers.open("Willemijn", "/", viewport={"width": width, "height": 800})
    page.get_by_role("link", name=re.compile("Stand van zaken van .*Waterveen")).click()
    page.get_by_text("Deze maand overslaan").click()
    page.get_by_label("Waarom slaat u deze maand over?").fill("Vakantie")
    press(page, "Maand overslaan")
    flash(page, "Deze maand is overgeslagen.")
    expect(page.get_by_text("Deze maand is overgeslagen: Vakantie")).to_be_visible()
    page.get_by_role("link", name="Invullen").click()
    page.get_by_label("Hoe staat het ervoor?").fill(f"Het convenant is getekend. {width}")
    page.get_by_label("Welke hulp kunt u gebruiken?").fill(f"Wie heeft een huurcontract? {width}")
    fits(page)
    press(page, "Opslaan")
    flash(page, "Bedankt. Uw antwoord over deze maand is opgeslagen.")
    entry = page.locator("main .entries > li", has_text=f"Het convenant is getekend. {width}")
    asking = entry.get_by_role("link", name="Maak er een vraag van")
    asked = entry.get_by_role("link", name=re.compile("Wie heeft een huurcontract"))
    expect(asking.or_(asked)).to_be_visible()
    if asking.is_visible():  # a month is asked once: at the other width not again
        asking.click()
        expect(page.get_by_label("Uw vraag in één zin")).to_have_value(f"Wie heeft een huurcontract? {width}")
        fits(page)
        press(page, "Vraag plaatsen")
        flash(page, "Uw vraag staat nu in de praktijkgemeenschap.")
        page.locator(".post").get_by_role("link", name=re.compile("Waterveen")).first.click()
        expect(page).to_have_url(re.compile(f"{DUO}$"))
    expect(asked).to_be_visible()


@presses("partnerships.check_in_by_mail", "partnerships.skip_by_mail")
def test_the_month_is_answered_from_the_mail(
    browsers: Browsers, product: Product, people: dict[str, int], width: int
) -> None:
    again(product)
    link = mailed(product, people["Bas"])
    page = browsers.open(None, link, viewport={"width": width, "height": 800})
    expect(page.get_by_text("U vult dit in als Bas Verzonnen. Inloggen is niet nodig.")).to_be_visible()
    fits(page)
    page.get_by_text("Deze maand overslaan").click()
    page.get_by_label("Waarom slaat u deze maand over?").fill("Te druk")
    press(page, "Maand overslaan")
    flash(page, "Deze maand is overgeslagen.")
    page.get_by_label("Hoe staat het ervoor?").fill(f"Vanuit de mail {width}")
    press(page, "Opslaan")
    flash(page, "Bedankt. Uw antwoord over deze maand is opgeslagen.")
    expect(page.get_by_label("Hoe staat het ervoor?")).to_have_value(f"Vanuit de mail {width}")
    page.goto(DUO)
    expect(page).to_have_url(re.compile("/sign-in"))


@presses("partnerships.consent", "partnerships.withdraw_consent")
def test_consent_is_given_and_withdrawn(browsers: Browsers, width: int) -> None:
    page = browsers.open("Willemijn", DUO, viewport={"width": width, "height": 800})
    press(page, re.compile("Toestemming geven namens"))
    flash(page, "De toestemming is vastgelegd.")
    expect(page.get_by_text("Mag buiten het programma worden getoond: ja, zegt Willemijn")).to_be_visible()
    fits(page)
    press(page, re.compile("^Toestemming van .* intrekken"))
    flash(page, "De toestemming is ingetrokken.")
    expect(page.get_by_text("Toestemming ingetrokken door Willemijn")).to_be_visible()


@presses("files.upload_to_partnership", "folders.add_to_partnership")
def test_documents_are_shared_in_the_partnership(browsers: Browsers, tmp_path: Path, width: int) -> None:
    page = browsers.open("Willemijn", DUO, viewport={"width": width, "height": 800})
    page.get_by_role("link", name="Documenten", exact=True).click()
    page.get_by_text("Nieuwe map").click()
    page.get_by_label("Naam van de map").fill(f"Verslagen {width}")
    press(page, "Map maken")
    expect(page.get_by_role("heading", name=f"Verslagen {width}")).to_be_visible()
    plan = tmp_path / f"plan-{width}.txt"
    plan.write_text(f"Het plan van de partners, {width}.")
    page.get_by_text("Document toevoegen").click()
    page.locator("#f-file").set_input_files(plan)
    expect(page.locator("table.documents").get_by_role("link", name=f"plan-{width}.txt")).to_be_visible(timeout=20_000)
    fits(page)
    page.goto(DUO)
    page.get_by_role("link", name="Chat").first.click()
    page.get_by_label("Uw bericht").fill(f"Ik heb het plan gedeeld, {width}")
    press(page, "Versturen")
    expect(page.locator("#messages .message-text", has_text=f"plan gedeeld, {width}")).to_be_visible()
