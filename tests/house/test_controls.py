"""Every verb of the API has a control on a page, and every control leads to an endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from cop.api.openapi import operations
from cop.base.web import ENDPOINTS, rate_limits
from tests.house.matrix import ENDPOINTS as TABLE
from tests.house.world import address, build, undone

VISITORS = ("gast", "anna", "bram", "dina", "eva", "fons", "iris")
# Verbs without a form of their own, and why.
EDITED = "below the history of a text that was edited"
IN_MESSAGE = 'the button "Ongedaan maken" in the message after the verb that it undoes'
BY_CONTACTS = "on the pages of an application, which only the browser of a contact opens: tests/intake"
WITHOUT_CONTROL = {
    "access_review.restore_guest": IN_MESSAGE,
    "agenda.fill": "on the page of a programme without blocks",
    "agenda.restore": IN_MESSAGE,
    "bookmarks.restore": IN_MESSAGE,
    "applications.answer_offer": BY_CONTACTS,
    "applications.attach": BY_CONTACTS,
    "applications.detach": BY_CONTACTS,
    "applications.save": BY_CONTACTS,
    "applications.submit": BY_CONTACTS,
    "applications.withdraw": BY_CONTACTS,
    "contacts.add": BY_CONTACTS,
    "contacts.make_lead": BY_CONTACTS,
    "contacts.remove": BY_CONTACTS,
    "contacts.sign_out": BY_CONTACTS,
    "drafts.restore": IN_MESSAGE,
    "guidance.affirm": "beside a source that changed: tests/guidance",
    "guidance.restore": IN_MESSAGE,
    "members.restore": IN_MESSAGE,
    "notices.reopen": IN_MESSAGE,
    "outcomes.restore": IN_MESSAGE,
    "people.sign_in_as": "on the sign-in page of the demonstration only",
    "members.invite": "the form on the page of members invites one or several: members.invite_several",
    "members.invite_several": "on the page of the checked list, which answers a POST",
    "messages.redact": EDITED,
    "people.enter": "on the page of somebody who enters for the first time",
    "people.leave": "on the page that shows what a departure ends, which answers a POST",
    "people.link_again": "on the page of a link that was used",
    "photos.restore": IN_MESSAGE,
    "posts.redact": EDITED,
    "rounds.restore": IN_MESSAGE,
    "threads.retract": "on the page to manage a thread without replies",
    "uploads.sweep": "on the page of unused files, where there are some",
}
ADDRESSES = ("action", "formaction", "data-act", "data-upload", "data-people", "data-url", "data-hold", "data-release")


class Controls(HTMLParser):
    """The (method, path) of every form, button and address of a script in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.here = ""
        self.addressed: set[str] | None = None  # of an open form without action: the addresses of its buttons, or ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        method = given.get("formmethod" if tag == "button" else "method", "get").upper()
        if tag == "form" and not given.get("action"):
            self.addressed = set()
            self.unaddressed = (method, self.here)
        elif self.addressed is not None and sends(tag, given):
            self.addressed.add(given.get("formaction", ""))
        for name in ADDRESSES:
            if name == "action" and tag == "form" and given.get("action"):
                self.found.add((method, given["action"]))
            elif name == "formaction" and name in given:
                self.found.add(("POST", given[name]))
            elif name.startswith("data-") and given.get(name, "").startswith("/"):
                self.found.add(("", given[name]))

    def handle_endtag(self, tag: str) -> None:
        # A form whose every button has an address of its own is never sent to that of its page.
        if tag == "form" and self.addressed is not None:
            if "" in self.addressed or not self.addressed:
                self.found.add(self.unaddressed)
            self.addressed = None


def sends(tag: str, given: dict[str, str]) -> bool:
    """Return whether an element is a button that sends its form."""
    if given.get("formmethod") == "dialog":
        return False
    return (tag == "button" and given.get("type", "submit") == "submit") or (
        tag == "input" and given.get("type") in ("submit", "image")
    )


@pytest.fixture
def controls(app: Flask, cast: Any) -> set[tuple[str, str]]:
    """Return the controls of all pages, as the cast sees them in the small world."""
    world, found = build(app, cast), set()
    for path in pages(world):
        for who in VISITORS:
            rate_limits.reset()
            with undone(app), cast.client(None if who == "gast" else who).get(path) as answer:
                if answer.mimetype == "text/html" and answer.status_code == 200:
                    parser = Controls()
                    parser.here = path
                    parser.feed(answer.text)
                    found |= parser.found
    return found


def pages(world: Any) -> Iterator[str]:
    """Yield the address of every page, also of what was hidden, retracted or trashed."""
    for name, row in TABLE.items():
        for method, rule in ENDPOINTS[name].rules:
            if method == "GET" and not ENDPOINTS[name].binary and not name.startswith("developing."):
                yield address(rule, world, row.at)
    for post in (world.retracted, world.hidden, world.opening, world.answer):
        yield f"/posts/{post}/acts"
    for message in (world.said, world.hidden_message, world.retracted_message):
        yield f"/messages/{message}/acts"
    for thread in (world.alone, world.hidden_thread):
        yield f"/threads/{thread}/desk"
    yield f"/files/{world.trashed}"
    yield f"/partnerships/{world.partnership}/challenge/versions?version=1"
    yield f"/people/{world.newcomer}"
    yield f"/people/{world.left}/departure"
    yield f"/communities/{world.empty_community}/removal"
    yield f"/programmes/{world.empty_programme}/removal"
    yield f"/organisations/{world.spare_organisation}/merging?into={world.organisation}"
    yield from (f"/calls/{slug}/edit" for slug in (world.draft_call, world.closed_call))
    yield from (f"/applications/{one}/acceptance" for one in (world.admitted, world.accepted))
    yield f"/communities/{world.slug}/documents?folder={world.folder}"
    yield from (f"/bulletins/{id}" for id in (world.draft_bulletin, world.withdrawn_bulletin))
    yield f"/bulletins/{world.draft_bulletin}/edit"
    yield f"/outcomes/{world.done_outcome}"
    yield from (f"/rulings/{id}" for id in (world.appealed_ruling, world.decided_ruling))
    yield f"/uses/{world.withdrawn_use}"
    yield from (
        f"/guidance/{card}"
        for card in (world.card_in_review, world.approved_card, world.adopted_card, world.expired_card)
    )
    yield f"/guidance/{world.revised_card}?version=0"
    yield from (f"/meetings/{id}" for id in (world.silent_meeting, world.written_meeting))
    yield f"/rounds/{world.closed_round}"
    yield f"/minutes/blocks/{world.removed_block}/texts"
    yield f"/meetings/{world.answered_meeting}/colleague?q=tess"
    yield f"/rsvp/{world.rsvp}/colleague?q=tess"
    yield f"/meetings/{world.silent_meeting}/attendance?q=Bram"
    yield from (f"/meetings/{id}/pulse" for id in (world.over_meeting, world.unasked_meeting))


def name_of(app: Flask, method: str, path: str) -> str | None:
    """Return the name of the endpoint that a control leads to, or None."""
    urls = app.url_map.bind("localhost")
    for one in (method,) if method else ("GET", "POST", "PUT"):
        try:
            rule, _values = urls.match(urlsplit(path).path, one, return_rule=True)
        except HTTPException:
            continue
        view = getattr(app.view_functions[rule.endpoint], "endpoint", None)
        return view.name if view else rule.endpoint
    return None


@pytest.mark.once
def test_controls_and_verbs_match(app: Flask, controls: set[tuple[str, str]]) -> None:
    leads = {control: name_of(app, *control) for control in controls}
    assert [control for control, name in leads.items() if name is None] == [], "controls that lead nowhere"
    verbs = {endpoint.name: (method, path) for endpoint, method, path in operations() if method != "GET"}
    reached = {verbs[name] for name in leads.values() if name in verbs}
    # A state is set and unset by one control, which is a form to the opposite when the state is set.
    opposites = {"PUT": "DELETE", "DELETE": "PUT"}
    missing = {
        name for name, (method, path) in verbs.items() if not reached & {(method, path), (opposites.get(method), path)}
    }
    bare, idle = sorted(missing - WITHOUT_CONTROL.keys()), sorted(WITHOUT_CONTROL.keys() - missing)
    assert not bare, f"verbs without a control: {', '.join(bare)}"
    assert not idle, f"exceptions that are none any more: {', '.join(idle)}"
