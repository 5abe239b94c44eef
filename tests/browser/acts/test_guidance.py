"""Guidance in a browser: from a message to an adopted version, and what follows."""

from __future__ import annotations

import re

import pytest
from itsdangerous import URLSafeSerializer
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers, findings
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = pytest.mark.browser

LANDING = "/communities/zachte-landing"
PHONE = {"width": WIDTHS[0], "height": 800}


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that looks like one."""
    main = page.locator("main")
    main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).first.click()


def accessible(page: Page) -> None:
    """Expect a page without violations that does not scroll sideways."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def said(page: Page, words: str) -> None:
    """Expect a message."""
    expect(page.locator("#flash")).to_contain_text(words)


def of_bas(product: Product, people: dict[str, int]) -> str:
    """Return the address of a thread that Bas starts."""
    given = {"title": "Bellen of lopen", "body": "Ik bel altijd eerst aan. Dat scheelt een dossier."}
    status, made = product.call(people["Bas"], "POST", f"{LANDING}/threads", given)
    assert status == 201, made
    return str(made["url"])


@presses(
    "guidance.take",
    "guidance.take_address",
    "guidance.edit",
    "guidance.leave_out",
    "guidance.review",
    "guidance.withdraw",
    "guidance.comment",
    "guidance.uncomment",
    "guidance.settle",
    "guidance.reopen",
    "guidance.advise",
    "guidance.adopt",
)
def test_from_a_message_to_an_adopted_version(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    thread = of_bas(product, people)
    post = product.ask(people["Bas"], f"{thread}/posts")["items"][0]["url"]
    page = browsers.open("Anouk", f"{post}/acts", axe=True, viewport=PHONE)
    press(page, "In handreiking gebruiken")
    accessible(page)
    page.get_by_label("Voor welke handreiking?").select_option(label="Een nieuwe handreiking")
    page.get_by_label("Welke woorden?").fill("Dit schreef hij niet.")
    press(page, "Gebruiken")
    expect(page.locator("#f-title-error")).to_be_visible()
    page.get_by_label("Titel van de nieuwe handreiking").fill("Eerst aanbellen")
    page.get_by_label("Welke woorden?").fill("Ik bel altijd eerst aan.")
    page.get_by_label("Welk onderdeel steunt hierop?").select_option(label="Wat werkt")
    press(page, "Gebruiken")
    said(page, "De bron staat bij de handreiking")
    sources = page.get_by_role("region", name="Bronnen")
    expect(sources).to_contain_text("Ik bel altijd eerst aan.")
    url = page.url.partition("#")[0]
    press(page, "Weglaten")
    expect(sources).to_contain_text("Nog geen bronnen.")
    page.get_by_label("Bron of bijlage toevoegen").fill(post)
    press(page, "Toevoegen")
    expect(sources).to_contain_text("Dat scheelt een dossier.")
    press(page, "Schrijven")
    accessible(page)
    page.get_by_label("Wat werkt").fill("Bel **eerst** aan, en loop pas daarna door.")
    press(page, "Opslaan")
    expect(page.get_by_role("region", name="Wat werkt")).to_contain_text("Bel eerst aan")
    accessible(page)

    page.get_by_label("Wie beoordeelt dit?").select_option(label="Elsa Hypothese")
    press(page, "Beoordeling vragen")
    press(page, "Terughalen als concept")
    said(page, "weer een concept")
    press(page, "Beoordeling vragen")

    reviewer = browsers.open("Elsa", url, axe=True, viewport=PHONE)
    comments = reviewer.get_by_role("region", name="Opmerkingen")
    for words in ("Noem ook de buren.", "Dit was voor een ander."):
        reviewer.get_by_label("Waarover?").select_option(label="Wat werkt")
        reviewer.get_by_label("Uw opmerking").fill(words)
        press(reviewer, "Opmerking plaatsen")
        expect(comments).to_contain_text(words)
    comments.get_by_role("button", name="Verwijderen").last.click()
    expect(comments).not_to_contain_text("Dit was voor een ander.")
    accessible(reviewer)
    page.goto(url)
    press(page, "Verwerkt")
    expect(page.get_by_role("region", name="Opmerkingen")).to_contain_text("verwerkt")
    press(page, "Toch niet verwerkt")
    expect(page.get_by_role("button", name="Verwerkt", exact=True)).to_be_visible()
    reviewer.get_by_label(re.compile("^Goedgekeurd")).check()
    press(reviewer, "Versturen")
    said(reviewer, "De eigenaar krijgt bericht")
    page.reload()
    accessible(page)
    press(page, "Vaststellen")
    said(page, "Vastgesteld als versie 1")
    accessible(page)
    author = browsers.open("Bas", thread, viewport=PHONE)
    expect(author.locator("main")).to_contain_text("Gebruikt in handreiking Eerst aanbellen")


@presses(
    "guidance.draft",
    "guidance.remove",
    "guidance.restore",
    "guidance.confirm",
    "guidance.assign",
    "guidance.revise",
    "guidance.unrevise",
    "guidance.expire",
    "guidance.reinstate",
    "guidance.affirm",
    "guidance.withdraw_name",
    "guidance.restore_name",
)
def test_guidance_that_holds_as_long_as_it_does(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    page = browsers.open("Anouk", f"{LANDING}/guidance", axe=True, viewport=PHONE)
    accessible(page)
    press(page, "Nieuwe handreiking")
    accessible(page)
    page.get_by_label("Titel").fill("Toch niet nodig")
    press(page, "Beginnen")
    expect(page.get_by_role("heading", level=1)).to_have_text("Handreiking schrijven")
    press(page, "Annuleren")
    press(page, "Verwijderen")
    expect(page.locator("main")).not_to_contain_text("Toch niet nodig")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Toch niet nodig")

    thread = of_bas(product, people)
    post = product.ask(people["Bas"], f"{thread}/posts")["items"][0]
    _status, card = product.call(people["Anouk"], "POST", f"/things/{post['id']}/guidance", {"title": "Eerst lopen"})
    url = card["url"]
    product.call(people["Anouk"], "PATCH", url, {"works": "Loop eerst.", "works_base": 1})
    product.call(people["Anouk"], "PUT", f"{url}/review", {"reviewer": people["Elsa"]})
    product.call(people["Elsa"], "PUT", f"{url}/advice", {"advice": "approved"})
    assert product.call(people["Anouk"], "PUT", f"{url}/adoption", {})[0] == 200
    product.call(people["Bas"], "PATCH", post["url"], {"body": "Ik loop eerst.", "base_version": post["version"]})
    page.goto(url)
    expect(page.get_by_role("region", name="Bronnen")).to_contain_text("Gewijzigd sinds dit is overgenomen")
    accessible(page)
    press(page, "Nog juist")
    expect(page.get_by_role("region", name="Bronnen")).to_contain_text("Ik loop eerst.")
    press(page, "Klopt nog")
    said(page, "Over een jaar vragen wij het weer")
    press(page, "Herzien")
    expect(page.locator("main")).to_contain_text("Dit is een herziening in wording")
    press(page, "Herziening stoppen")
    said(page, "De herziening is gestopt")
    page.get_by_text("Eigenaar en datum").click()
    page.get_by_label("Eigenaar").select_option(label="Elsa Hypothese")
    press(page, "Opslaan")
    said(page, "De wijziging is opgeslagen")
    page.locator("summary", has_text="Laten vervallen").click()
    page.get_by_label("Waarom geldt dit niet meer?").fill("Wij lopen niet meer.")
    press(page, "Laten vervallen")
    expect(page.locator("main")).to_contain_text("Deze handreiking geldt niet meer")
    accessible(page)
    press(page, "Toch laten gelden")
    said(page, "De handreiking geldt weer")

    author = browsers.open("Bas", url, axe=True, viewport=PHONE)
    thanks = author.get_by_role("region", name="Met dank aan")
    expect(thanks).to_contain_text("Bas")
    press(author, "Mijn naam weghalen")
    expect(thanks).to_have_count(0)
    accessible(author)
    press(author, "Mijn naam weer tonen")
    expect(thanks).to_contain_text("Bas")


@presses("guidance.confirm_by_mail", "guidance.revise_by_mail")
def test_the_owner_answers_from_the_mail(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    """The link of the mail is signed with the key of the platform."""
    card = product.ask(people["Anouk"], f"{LANDING}/guidance?status=adopted")["items"][-1]
    signer = URLSafeSerializer([product.environment["COP_SECRET_KEY"]], salt="guidance-confirmation")
    link = f"/guidance/confirmation/{signer.dumps([card['id'], card['owner_id']])}"
    page = browsers.open(None, link, axe=True, viewport=PHONE)
    accessible(page)
    press(page, "Klopt nog")
    said(page, "Over een jaar vragen wij het weer")
    press(page, "Moet herzien worden")
    expect(page.locator("main")).to_contain_text("Er wordt aan een herziening gewerkt")
    accessible(page)
