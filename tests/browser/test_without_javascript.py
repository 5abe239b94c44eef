"""Everything works with plain forms and links."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsers
from tests.browser.presses import presses
from tests.product import ROOT, Product

pytestmark = pytest.mark.browser

DOCUMENT = ROOT / "cop" / "cli" / "demo" / "files" / "model-huisregels-v1.docx"


def plain(browsers: Browsers, who: str | None, path: str = "/", **options: Any) -> Page:
    """Open a page without JavaScript."""
    return browsers.open(who, path, java_script_enabled=False, **options)


def test_sign_in_by_mail(browsers: Browsers, product: Product) -> None:
    page = plain(browsers, None, "/notices")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    page.get_by_label("Mailadres").first.fill("h.testema@noorderbrug.example")
    page.get_by_role("button", name="Stuur mij een mail").click()
    email = product.post.wait("h.testema@noorderbrug.example", "Inloggen bij")
    text = email.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert text.splitlines()[:2] == ["Beste Henk Testema,", ""]
    address = re.search(rf"{re.escape(product.address)}/sign-in/\S+", text)[0]  # type: ignore[index]
    for _scanner in range(2):
        assert page.request.get(address).status == 200  # a mail scanner opens the link without using it up
    page.goto(address)
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meldingen")  # the page requested before sign-in
    page.locator("summary", has_text="Uw menu").click()
    page.get_by_role("button", name="Uitloggen").click()
    page.goto("/notices")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")


def test_question_and_answer(browsers: Browsers, product: Product) -> None:
    word = f"formulier{uuid4().hex[:6]}"
    willemijn = plain(browsers, "Willemijn", "/communities/woningvoorraad/threads/new")
    willemijn.get_by_label("Titel").fill("   ")
    willemijn.get_by_label("Uw tekst").fill(f"Wij zoeken een **{word}**, @Elsa Hypothese.")
    willemijn.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(willemijn.locator(".field-error")).to_contain_text("Vul dit in.")
    expect(willemijn.get_by_label("Uw tekst")).to_have_value(
        f"Wij zoeken een **{word}**, @Elsa Hypothese."
    )  # the input is kept
    willemijn.get_by_label("Titel").fill(f"Wie heeft een {word}?")
    willemijn.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(willemijn.locator("#posts strong")).to_have_text(word)
    expect(willemijn.locator("#posts a.mention")).to_have_text("@Elsa Hypothese")
    product.post.wait("e.hypothese@trimbos.example", word)

    elsa = plain(browsers, "Elsa", willemijn.url)
    elsa.get_by_label("Uw reactie").fill("Ja, kijk eens naar *Deventer*.")
    elsa.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(elsa.locator("#posts em")).to_have_text("Deventer")
    elsa.locator("#posts > article", has_text="Deventer").locator("a[href$='/acts']").first.click()
    elsa.get_by_role("link", name="Bewerken").click()
    elsa.get_by_label(re.compile("tekst", re.I)).fill("Ja, kijk eens naar *Zutphen*.")
    elsa.get_by_role("button", name="Opslaan").click()
    expect(elsa.locator("#posts em")).to_have_text("Zutphen")

    willemijn.reload()
    expect(willemijn.locator("#posts")).to_contain_text("Zutphen")
    willemijn.locator("#posts > article", has_text="Zutphen").locator("a[href$='/acts']").first.click()
    willemijn.get_by_role("button", name="Dit is het antwoord").click()
    expect(willemijn.locator(".thread-head")).to_contain_text("Beantwoord")
    willemijn.get_by_role("searchbox").first.fill(word)
    willemijn.get_by_role("button", name="Zoek").first.click()
    expect(willemijn.locator(".hits")).to_contain_text(word)

    elsa.locator("#posts > article", has_text="Zutphen").last.locator("a[href$='/acts']").first.click()
    elsa.get_by_role("button", name="Nuttig").click()
    elsa.goto(willemijn.url.partition("/search")[0] + "/notices")
    expect(elsa.locator("main")).to_contain_text("gekozen als antwoord")


def test_document_versions(browsers: Browsers) -> None:
    name = f"zonder-script-{uuid4().hex[:6]}.docx"
    page = plain(browsers, "Willemijn", "/communities/woningvoorraad/documents")
    first = {"name": name, "mimeType": "application/octet-stream", "buffer": DOCUMENT.read_bytes()}
    page.get_by_text("Document toevoegen").click()
    page.locator("input[type=file]").set_input_files([first])  # type: ignore[list-item]
    page.get_by_role("button", name="Delen", exact=True).click()
    page.goto("/communities/woningvoorraad/documents?sort=recent")
    page.locator(".document-name a", has_text=name).click()
    page.locator("#new-version input[type=file]").set_input_files([first])  # type: ignore[list-item]
    page.get_by_label("Wat is er anders?").fill("Nog eens nagelezen")
    page.get_by_role("button", name="Nieuwe versie opslaan").click()
    expect(page.locator(".document-facts").first).to_contain_text("versie 2")
    expect(page.locator(".version.is-current")).to_contain_text("Nog eens nagelezen")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Downloaden").first.click()
    assert saved.value.suggested_filename == name
    page.get_by_role("button", name="Naar de prullenbak").first.click()
    page.goto("/communities/woningvoorraad/documents/trash")
    expect(page.locator("main")).to_contain_text(name)


def test_chat_and_harvest(browsers: Browsers) -> None:
    mark = f"f{uuid4().hex[:6]}"
    page = plain(browsers, "Willemijn", "/communities/zachte-landing/rooms")
    for number in ("een", "twee", "drie"):
        page.get_by_label("Uw bericht").fill(f"{mark} {number}")
        page.get_by_role("button", name="Versturen").click()
        expect(page.locator("#messages")).to_contain_text(f"{mark} {number}")
    page.get_by_role("link", name="Berichten kiezen").click()
    for number in ("een", "twee", "drie"):
        page.locator(".message", has_text=f"{mark} {number}").get_by_role("checkbox").check()
    page.get_by_role("button", name="Maak hier een gesprek van").click()
    expect(page.get_by_label("Uw tekst")).to_have_value(re.compile(f"{mark} een.*{mark} drie", re.S))
    page.get_by_label("Titel").fill(f"Uit het live gesprek {mark}")
    page.get_by_role("button", name="Plaatsen", exact=True).click()
    expect(page.locator("#posts")).to_contain_text(f"{mark} twee")


@presses("posts.hide", "threads.close", "threads.pin", "threads.retitle")
def test_moderation(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    title = f"Te beheren {uuid4().hex[:6]}"
    status, made = product.call(
        people["Willemijn"], "POST", "/communities/woningvoorraad/threads", {"title": title, "body": "Tekst"}
    )
    assert status == 201
    page = plain(browsers, "Marijke", f"{made['url']}/curation")
    page.get_by_role("button", name="Vastzetten", exact=True).click()
    expect(page.locator(".thread-head")).to_contain_text("Vastgezet")
    page.goto(f"{made['url']}/curation")
    page.get_by_label("Titel").fill(f"{title}, beter gezegd")
    page.get_by_role("button", name="Titel wijzigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{title}, beter gezegd")
    page.locator("#posts > article").first.locator("a[href$='/acts']").first.click()
    page.get_by_label("Waarom verbergt u dit?").fill("Hier staat een naam in.")
    page.get_by_role("button", name="Verbergen").click()
    expect(page.locator("#posts")).to_contain_text("Hier staat een naam in.")
    page.goto(f"{made['url']}/curation")
    page.get_by_role("button", name="Sluiten", exact=True).click()
    reader = plain(browsers, "Willemijn", made["url"])
    expect(reader.locator("#reply")).to_contain_text("gesloten")
    expect(reader.locator("#posts")).not_to_contain_text("Tekst")


def test_language_and_theme(browsers: Browsers) -> None:
    page = plain(browsers, "Willemijn", "/settings")
    page.goto("/help")
    page.locator("summary", has_text="Uw menu").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("button", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")


def test_unsubscribe_in_one_click(browsers: Browsers, product: Product, people: dict[str, int]) -> None:
    """Unsubscribing works signed out, from the page and from the mail program."""
    status, _made = product.call(
        people["Bas"],
        "POST",
        "/communities/zachte-landing/threads",
        {"title": "Voor de nieuwsbrief", "body": "Kijkt u mee, @Mirjam Fabel?"},
    )
    assert status == 201
    email = product.post.wait("m.fabel@", "nieuwsbrief")
    text = email.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "\nGeen mail meer als iemand u noemt: http://" in text
    address = str(email["List-Unsubscribe"]).strip("<>")
    page = plain(browsers, None, address)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("main")).to_contain_text("Gelukt")
    path = address.removeprefix(product.address)
    status, _headers, _body = product.request(
        "POST", path, "List-Unsubscribe=One-Click", Content_Type="application/x-www-form-urlencoded"
    )
    assert status == 200
    before = len(product.post.emails)
    product.call(
        people["Bas"],
        "POST",
        "/communities/zachte-landing/threads",
        {"title": "Nog eens", "body": "@Mirjam Fabel, en nu? En u, @Fatima Fictief?"},
    )
    product.post.wait("f.fictief@", "Nog eens")  # the next person mentioned gets a mail
    assert [one for one in product.post.emails[before:] if "m.fabel@" in str(one["To"])] == []
