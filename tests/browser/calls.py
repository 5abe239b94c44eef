"""Calls and applicants of the served demonstration, made over HTTP for the browser tests."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.intake.conftest import COMPLETE, FORM
from tests.product import Product

PROGRAMME = "/programmes/weer-thuis-in-de-wijk"
# The clock of the demonstration stands at 4 December 2017.
OPEN = {"intro": "Doe mee met **Weer thuis**.", "opens": "2017-11-01", "closes": "2018-06-02"}


class Team:
    """The API as a member of the programme team."""

    def __init__(self, product: Product, person: int):
        self.product, self.person = product, person

    def ask(self, method: str, path: str, given: Any = None) -> Any:
        """Return the JSON of a call that must succeed."""
        status, found = self.product.call(self.person, method, path, given)
        assert status < 300, f"{method} {path}: {status} {found}"
        return found

    def open_call(self, title: str, form: Any = FORM, **given: Any) -> str:
        """Make and publish a call; return its address."""
        url = str(self.ask("POST", f"{PROGRAMME}/calls", {"title": title})["url"])
        self.ask("PATCH", url, {"title": title, **OPEN, **given})
        self.ask("PUT", f"{url}/form", {"definition": form})
        self.ask("PUT", f"{url}/publication")
        return url

    def decide(self, call: str, reference: str, outcome: str) -> None:
        """Propose an outcome, release its mail and announce it."""
        path = f"/applications/{reference}/decision"
        made = self.ask("PUT", path, {"outcome": outcome})
        ready = {name: made[name] for name in ("subject", "text", "mail_version")} | {"ready": True}
        sent = self.ask("PUT", f"{path}/mail", ready)
        self.ask("POST", f"{call}/announcement", {"mails": [f"{reference}:{sent['mail_version']}"]})


def link_in(product: Product, mail: str, about: str = "") -> str:
    """Return the path of the link in the newest email to a contact."""
    text = product.post.wait(mail, about).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"/calls/[^/\s]+/entry\?key=\S+", text)
    assert found, text
    return found[0]


class Applicant:
    """The API as the lead contact of an application that was started by mail."""

    def __init__(self, product: Product, call: str, mail: str, name: str = "Lies Lead"):
        self.product, self.call, self.mail, self.cookie = product, call, mail, ""
        self.ask("POST", f"{call}/applications", {"mail": mail, "name": name})
        key = link_in(product, mail).partition("key=")[2]
        status, headers, body = self._send("POST", f"{call}/entry", {"key": key})
        assert status == 200, body
        self.cookie = str(headers["Set-Cookie"]).partition(";")[0]
        self.reference = str(json.loads(body)["reference"])
        self.url = f"/applications/{self.reference}"

    def _send(self, method: str, path: str, given: Any) -> tuple[int, Any, bytes]:
        return self.product.request(
            method,
            f"/api/v1{path}",
            b"" if given is None else json.dumps(given),
            Cookie=self.cookie,
            Sec_Fetch_Site="same-origin",
            Content_Type="application/json",
        )

    def ask(self, method: str, path: str, given: Any = None) -> Any:
        """Return the JSON of a call that must succeed."""
        status, _headers, body = self._send(method, path, given)
        assert status < 300, f"{method} {path}: {status} {body!r}"
        return json.loads(body or b"null")

    def complete(self, answers: Any = COMPLETE) -> Applicant:
        """Fill the form in and send it in."""
        self.ask("PUT", f"{self.url}/answers", {"answers": answers})
        version = self.ask("GET", self.url)["version"]
        self.ask("PUT", f"{self.url}/submission", {"version": version})
        return self

    def cookies(self) -> list[dict[str, str]]:
        """Return the cookie of the application for a browser."""
        name, _is, value = self.cookie.partition("=")
        return [{"name": name, "value": value, "url": self.product.address}]
