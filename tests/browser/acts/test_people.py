"""Every act on oneself and, for administrators, on others in a browser: signing in, profile, password, devices, tokens."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import WIDTHS, presses
from tests.product import Product

pytestmark = pytest.mark.browser

AT_WIDTHS = pytest.mark.parametrize("width", WIDTHS)
PASSWORD = "paard batterij nietje correct"


def picture() -> bytes:
    """Return a PNG of 8 by 8 pixels in one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\x20\x60\x90" * 8) * 8)
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def flash(page: Page) -> Locator:
    return page.locator("#flash")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


@pytest.fixture
def link(product: Product) -> Callable[..., str]:
    """Return a function that returns the path of the link in the newest mail to an address."""

    def read(mail: str, about: str = "", kind: str = "sign-in") -> str:
        text = product.post.wait(mail, about).get_body(("plain",)).get_content()  # type: ignore[union-attr]
        found = re.search(rf"{re.escape(product.address)}(/{kind}/\S+)", text)
        assert found, text
        return found[1]

    return read


@AT_WIDTHS
@presses("people.edit", "people.set_photo")
def test_profile_and_photo(browsers: Browsers, people: dict[str, int], width: int) -> None:
    page = browsers.open("Nienke", "/settings", viewport={"width": width, "height": 700})
    page.get_by_label("Functie").fill("")
    page.get_by_label("Naam", exact=True).fill("  ")
    page.get_by_role("button", name="Profiel opslaan").click()
    expect(page.locator(".field-error")).to_be_visible()
    page.get_by_label("Naam", exact=True).fill("Nienke Ontwerp")
    page.get_by_label("Functie").fill(f"Ontwerper {width}")
    page.get_by_label("Waar werkt u aan?").fill("Aan een loket.")
    page.get_by_label("Thema’s").fill("regie, nazorg")
    page.get_by_label("Telefoonnummer").fill("06 12345678")
    page.get_by_label("Andere deelnemers mogen mijn mailadres zien").check()
    page.get_by_role("button", name="Profiel opslaan").click()
    expect(flash(page)).to_have_text("Uw profiel is opgeslagen.")
    page.reload()
    expect(page.get_by_label("Functie")).to_have_value(f"Ontwerper {width}")

    photo: Any = {"name": "ik.png", "mimeType": "image/png", "buffer": picture()}
    page.locator("input[name=photo]").set_input_files([photo])
    page.get_by_role("button", name="Foto opslaan").click()
    expect(flash(page)).to_have_text("Uw foto is opgeslagen.")
    page.get_by_role("link", name="Zo zien anderen uw profiel").click()
    expect(page.locator(".profile-head img")).to_be_visible()
    expect(page.locator(".profile-head")).to_contain_text(f"Ontwerper {width}")
    expect(page.get_by_role("link", name="06 12345678")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Profiel wijzigen").click()
    expect(page).to_have_url(re.compile("/settings"))
    page.reload()  # what Turbo shows of an earlier visit goes when the page arrives, and a press on it with that
    page.get_by_role("button", name="Foto verwijderen").click()
    expect(flash(page)).to_have_text("Uw foto is verwijderd.")
    expect(page.get_by_role("button", name="Foto verwijderen")).to_have_count(0)


@AT_WIDTHS
@presses("people.set_language", "people.theme")
def test_language_and_theme(browsers: Browsers, width: int) -> None:
    page = browsers.open("Nienke", "/settings/display", viewport={"width": width, "height": 700})
    page.get_by_label("Taal van pagina’s en mail").select_option("en")
    page.get_by_role("button", name="Taal opslaan").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    heading(page, "Settings")
    page.locator("#f-language").select_option("nl")
    page.locator("#language button").click()
    heading(page, "Instellingen")
    for value in ("dark", "light"):
        page.get_by_label("Kleuren op dit apparaat").select_option(value)
        page.get_by_role("button", name="Weergave opslaan").click()
        expect(page.locator("html")).to_have_attribute("data-theme", value)
        page.reload()
        expect(page.get_by_label("Kleuren op dit apparaat")).to_have_value(value)
    page.locator("summary", has_text="Uw menu").click()
    page.get_by_role("button", name="Zoals op mijn apparaat").click()
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile("."))


@presses(
    "people.set_password", "people.sign_in_by_password", "people.sign_out", "people.sign_out_everywhere"
)  # fmt: skip
def test_password_and_devices(browsers: Browsers) -> None:
    page = browsers.open("Monique", "/settings/sign-in")
    page.get_by_label("Nieuw wachtwoord").fill("kort")
    page.locator("#password").get_by_role("button", name="Wachtwoord opslaan").click()
    assert page.locator("#f-password").evaluate("field => !field.validity.valid")
    page.get_by_label("Nieuw wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Wachtwoord opslaan").click()
    expect(flash(page)).to_contain_text("Uw wachtwoord is opgeslagen.")

    other = browsers.open(None, "/sign-in?next=/settings/sign-in")
    other.get_by_text("Inloggen met een wachtwoord").click()
    form = other.locator("form[action='/sign-in/password']")
    form.get_by_label("Mailadres").fill("m.denkelijk@kastanjedam.example")
    form.get_by_label("Wachtwoord").fill("iets heel anders")
    form.get_by_role("button", name="Inloggen").click()
    expect(other.locator("#f-password-error")).to_contain_text("horen niet bij elkaar")
    form.get_by_label("Wachtwoord").fill(PASSWORD)
    form.get_by_role("button", name="Inloggen").click()
    heading(other, "Instellingen")

    page.reload()
    rows = page.locator("#sessions li")
    expect(rows).to_have_count(2)
    rows.get_by_role("button", name=re.compile("^Uitloggen: ")).click()
    expect(flash(page)).to_contain_text("uitgelogd")
    expect(rows).to_have_count(1)
    other.goto("/notices")
    heading(other, "Inloggen")

    page.goto("/settings/sign-in")
    if page.get_by_label("Huidig wachtwoord").is_visible():
        page.get_by_label("Huidig wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Wachtwoord verwijderen").click()
    expect(flash(page)).to_contain_text("Uw wachtwoord is verwijderd.")
    expect(page.get_by_role("button", name="Wachtwoord verwijderen")).to_have_count(0)
    page.get_by_role("button", name="Overal uitloggen").click()
    heading(page, "Inloggen")
    page.goto("/settings")
    heading(page, "Inloggen")

    again = browsers.open("Monique")
    again.locator("summary", has_text="Uw menu").click()
    again.get_by_role("button", name="Uitloggen").click()
    heading(again, "Inloggen")
    again.go_back()
    again.reload()
    heading(again, "Samen leren in praktijkgemeenschappen")  # what is public
    expect(again.locator("summary", has_text="Uw menu")).to_have_count(0)


@presses("people.change_mail", "people.confirm_mail")
def test_address_changes_after_two_confirmations(browsers: Browsers, link: Callable[..., str]) -> None:
    page = browsers.open("Tarik", "/settings/sign-in")
    page.get_by_label("Nieuw mailadres").fill("tarik.quasi@ergensanders.example")
    page.get_by_role("button", name="Mailadres wijzigen").click()
    expect(flash(page)).to_contain_text("Bevestig de wijziging in allebei.")
    expect(page.get_by_text("wacht op bevestiging")).to_be_visible()
    for mail, words in (
        ("t.quasi@ergensanders.example", "Klik nu ook op de knop in de mail op het andere adres."),
        ("tarik.quasi@ergensanders.example", "Uw mailadres is gewijzigd."),
    ):
        page.goto(link(mail, kind="settings/mail"))
        page.get_by_role("button", name="Bevestig dit adres").click()
        expect(flash(page)).to_contain_text(words)
    expect(page.locator("#mail strong")).to_have_text("tarik.quasi@ergensanders.example")
    page.reload()
    expect(page.get_by_text("wacht op bevestiging")).to_have_count(0)


@AT_WIDTHS
@presses("tokens.make", "tokens.revoke")
def test_token_is_made_and_revoked(browsers: Browsers, width: int) -> None:
    label = f"Agenda {width}"
    page = browsers.open("Nienke", "/settings/tokens", viewport={"width": width, "height": 700})
    page.get_by_label("Waarvoor is het token?").fill(label)
    page.get_by_label("Hoeveel dagen werkt het?").fill("30")
    page.get_by_role("button", name="Token maken").click()
    expect(page.get_by_text("U ziet het maar één keer.")).to_be_visible()
    token = page.locator(".setting-secret code").inner_text()
    me = "/api/v1/me"
    known = {"Authorization": f"Bearer {token}"}
    assert page.request.get(me, headers={**known, "Cookie": ""}).status == 200
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto("/settings/tokens")
    expect(page.locator(".setting-secret")).to_have_count(0)
    expect(page.locator(".setting-rows li", has_text=label)).to_contain_text("werkt tot")
    page.get_by_role("button", name=f"Token intrekken: {label}").click()
    expect(flash(page)).to_have_text("Het token werkt niet meer.")
    expect(page.locator(".setting-rows li", has_text=label)).to_have_count(0)


@AT_WIDTHS
@presses(
    "people.add",
    "people.enter",
    "people.link",
    "people.link_again",
    "people.sign_in",
    "people.sign_in_by_code",
)
def test_newcomer_is_added_enters_and_comes_back(
    browsers: Browsers, product: Product, link: Callable[..., str], width: int
) -> None:
    mail, size = f"nora{width}@waterveen.example", {"width": width, "height": 700}
    iris = browsers.open("Iris", "/people", viewport=size)
    iris.get_by_label("Naam", exact=True).fill(f"Nora Nieuw {width}")
    iris.get_by_label("Mailadres", exact=True).fill(mail)
    iris.get_by_role("button", name="Toevoegen en uitnodigen").click()
    expect(flash(iris)).to_have_text(f"Nora Nieuw {width} krijgt een mail met een link om in te loggen.")

    first = link(mail)
    page = browsers.open(None, first, viewport=size)
    page.get_by_role("button", name="Ga verder").click()
    heading(page, "Welkom")
    page.get_by_label("Functie").fill("Wijkregisseur")
    page.get_by_label("Ik houd mij aan de spelregels").check()
    page.get_by_label("Ik heb de privacyverklaring gelezen").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Ga verder").click()
    expect(page.locator("summary", has_text="Uw menu")).to_be_visible()

    again = browsers.open(None, first, viewport=size)
    heading(again, "Deze link geldt niet meer")
    again.get_by_role("button", name="Mail mij een nieuwe link").click()
    heading(again, "Kijk in uw mail")
    product.post.wait(mail, "Inloggen")
    before = len(product.post.emails)
    again.goto("/sign-in?next=/settings")
    again.get_by_label("Mailadres").first.fill(mail)
    again.get_by_role("button", name="Stuur mij een mail").click()
    heading(again, "Kijk in uw mail")
    for _try in range(150):
        mails = [one for one in product.post.emails[before:] if mail in str(one["To"])]
        if mails:
            break
        again.wait_for_timeout(100)
    text = mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    code = re.search(r"\d{3} \d{3}", text)
    assert code
    again.get_by_label("Code uit de mail").fill("000 000" if code[0] != "000 000" else "111 111")
    again.get_by_role("button", name="Ga verder").click()
    expect(again.locator("#f-code-error")).to_contain_text("Deze code klopt niet")
    again.get_by_label("Code uit de mail").fill(code[0])
    again.get_by_role("button", name="Ga verder").click()
    heading(again, "Instellingen")
    expect(again.get_by_label("Functie")).to_have_value("Wijkregisseur")


@AT_WIDTHS
@presses("people.correct")
def test_administrator_corrects_somebody_invited(
    browsers: Browsers, product: Product, link: Callable[..., str], width: int
) -> None:
    wrong, right = f"ina{width}@watervene.example", f"ina{width}@waterveen.example"
    page = browsers.open("Iris", "/people", viewport={"width": width, "height": 700})
    page.get_by_label("Naam", exact=True).fill(f"Ina Nieuw {width}")
    page.get_by_label("Mailadres", exact=True).fill(wrong)
    page.get_by_role("button", name="Toevoegen en uitnodigen").click()
    expect(flash(page)).to_contain_text("krijgt een mail")
    ended = link(wrong)
    page.get_by_role("link", name=f"Ina Nieuw {width}").click()
    acts = page.locator("section[aria-labelledby=managing]")
    acts.get_by_text("Gegevens verbeteren").click()
    acts.get_by_label("Mailadres").fill("ina@waterveen")
    acts.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#f-mail-error")).to_be_visible()
    expect(acts.get_by_label("Mailadres")).to_have_value("ina@waterveen")
    acts.get_by_label("Naam").fill(f"Ina Nieuwer {width}")
    acts.get_by_label("Mailadres").fill(right)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    acts.get_by_role("button", name="Opslaan").click()
    expect(flash(page)).to_have_text(f"Ina Nieuwer {width} krijgt een mail met een link om in te loggen.")
    heading(page, f"Ina Nieuwer {width}")
    page.reload()
    expect(acts).to_contain_text(right)
    heading(browsers.open(None, ended), "Deze link geldt niet meer")
    newcomer = browsers.open(None, link(right), viewport={"width": width, "height": 700})
    newcomer.get_by_role("button", name="Ga verder").click()
    heading(newcomer, "Welkom")


@AT_WIDTHS
@presses("people.deactivate", "people.demote", "people.promote", "people.reactivate")
def test_administrator_manages_an_account(browsers: Browsers, people: dict[str, int], width: int) -> None:
    page = browsers.open("Iris", f"/people/{people['Yvonne']}", viewport={"width": width, "height": 700})
    acts = page.locator("section[aria-labelledby=managing]")
    name = "Yvonne Ingebeeld"
    for button, words, then in (
        ("Maak beheerder", f"{name} is nu beheerder en krijgt daarover een mail.", "Geen beheerder meer"),
        ("Geen beheerder meer", f"{name} is geen beheerder meer.", "Maak beheerder"),
        ("Account afsluiten", f"Het account van {name} is afgesloten.", "Account weer openen"),
        ("Account weer openen", f"{name} kan weer inloggen.", "Account afsluiten"),
    ):
        acts.get_by_role("button", name=button).click()
        expect(flash(page)).to_contain_text(words)
        page.reload()
        expect(acts.get_by_role("button", name=then)).to_be_visible()
    acts.get_by_role("button", name="Account afsluiten").click()
    flash(page).get_by_role("button", name="Ongedaan maken").click()
    expect(flash(page)).to_have_text(f"{name} kan weer inloggen.")


@presses("people.sign_in_as")
def test_visitor_picks_somebody_of_the_demonstration(browsers: Browsers) -> None:
    page = browsers.open(None, "/sign-in", viewport={"width": 360, "height": 700})
    page.get_by_label("Zoek op naam, functie of organisatie").fill("lotte")
    shown = page.get_by_role("button", name=re.compile("^Lotte Schijn"))
    expect(page.locator(".card-people button:visible")).to_have_count(1)
    shown.click()
    expect(page.locator("summary", has_text="Uw menu: Lotte Schijn")).to_be_visible()
