"""Names of two hundred letters without a space fit in every page, on a phone and on a desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.product import Product

pytestmark = pytest.mark.browser

LONG = ("Verslag_themabijeenkomst_" * 8)[:190]
WIDTHS = (320, 1280)
PROGRAMME = "/programmes/weer-thuis-in-de-wijk"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Serve a demonstration of these tests alone: other tests look for people and places by their names."""
    with Product(tmp_path_factory.mktemp("long-names"), COP_RATE_LIMITS="off") as served:
        yield served


@pytest.fixture(scope="module")
def people(product: Product) -> dict[str, int]:
    """Return the ids of its people by first name, as they were."""
    return {name.split()[0]: id for name, id in product.cast().items()}


@pytest.fixture(scope="module")
def pages(product: Product, people: dict[str, int]) -> list[str]:
    """Give everything that has a name a long one, and return the pages that show them."""
    marijke, iris = people["Marijke"], people["Iris"]

    def api(person: int, method: str, path: str, **given: Any) -> Any:
        status, found = product.call(person, method, path, given)
        assert status < 300, f"{method} {path}: {status} {found}"
        return found

    api(marijke, "PATCH", "/settings", name=LONG, function=LONG, themes=[LONG[:60]])
    thread = api(
        marijke,
        "POST",
        "/communities/procesregie/threads",
        title=LONG,
        body=f"{LONG}\n\n> {LONG}\n\n| {LONG} | b |\n|-|-|\n| a | {LONG} |",
    )
    api(people["Daan"], "POST", f"{thread['url']}/posts", body=f"`{LONG}` https://example.org/{LONG}")
    folder = api(marijke, "POST", "/communities/procesregie/folders", name=LONG)
    room = product.ask(marijke, "/communities/procesregie/rooms")["items"][0]
    api(marijke, "POST", f"{room['url']}/messages", body=LONG)
    boundary = "long-names"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{LONG}.txt"\r\n\r\n'
    status, _headers, body = product.request(
        "POST",
        "/api/v1/communities/procesregie/files",
        f"{head}Tekst.\r\n--{boundary}--\r\n",
        Cookie=f"cop={product.session(marijke)}",
        Sec_Fetch_Site="same-origin",
        Content_Type=f"multipart/form-data; boundary={boundary}",
    )
    assert status == 201, body
    file = json.loads(body)
    api(marijke, "POST", "/communities/procesregie/members", mail=f"{'a' * 60}@{'b' * 60}.example", name=LONG)
    api(marijke, "PATCH", "/communities/procesregie", name=LONG, purpose=LONG)
    organisation = product.ask(iris, "/organisations")["items"][0]
    api(iris, "PATCH", organisation["url"], name=LONG)
    api(iris, "PATCH", "/programmes/weer-thuis-in-de-wijk", name=LONG)
    api(marijke, "PATCH", "/partnerships/1", name=LONG)
    api(marijke, "POST", f"{PROGRAMME}/access-review", everybody=True)
    slug = "/communities/procesregie"
    return [
        "/",
        *(
            f"{slug}{page}"
            for page in ("", "/threads", "/threads/new", "/documents", "/members", "/rooms", "/settings")
        ),
        f"{slug}/documents?folder={folder['id']}",
        thread["url"],
        f"{thread['url']}/desk",
        room["url"],
        f"/files/{file['id']}",
        f"/people/{marijke}",
        "/settings",
        "/notices",
        f"/search?q={LONG[:24]}",
        "/communities",
        "/coach",
        f"/organisations/{organisation['id']}",
        "/partnerships/1",
        f"/communities/procesregie/members/{people['Willemijn']}",
        f"/people/{people['Willemijn']}/departure",
        *(
            f"{PROGRAMME}{page}"
            for page in (
                "",
                "/edit",
                "/public",
                "/phase",
                "/calls",
                "/access-review",
                "/directory",
                "/directory/experts",
                "/directory/organisations",
                "/directory/partnerships",
                "/directory/matches",
            )
        ),
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_long_names_fit(
    product: Product, browser: Browser, people: dict[str, int], pages: list[str], width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_cookies([{"name": "cop", "value": product.session(people["Marijke"]), "url": product.address}])
    page = context.new_page()
    wide = []
    for path in pages:
        page.goto(f"{product.address}{path}")
        found = page.evaluate(
            """() => {
              const room = document.documentElement.clientWidth
              const beyond = [...document.querySelectorAll("body *")].filter(
                (one) => one.getBoundingClientRect().right > room + 1 && !one.closest(".hidden, pre, [hidden]"))
              return [document.documentElement.scrollWidth - room,
                beyond.slice(0, 4).map((one) => `${one.tagName}.${one.className}`)]
            }"""
        )
        if found[0] > 0:
            wide.append(f"{path}: {found}")
    context.close()
    assert not wide, "\n" + "\n".join(wide)
