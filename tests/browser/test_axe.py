"""Every page, in both languages, light and dark, at phone and desktop width, is accessible, complete and in one
language."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from flask import abort
from itsdangerous import URLSafeSerializer
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.exc import OperationalError
from werkzeug.routing import Rule

from cop import create_app
from tests.browser.calls import Applicant, Team
from tests.browser.conftest import WCAG, Browsers, findings
from tests.browser.presses import WIDTHS
from tests.conftest import settings
from tests.product import Product

pytestmark = pytest.mark.browser

SIZES = ((1280, 900), (360, 780))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
EVERY_LIGHT = tuple(product(SIZES, SCHEMES))
# English words that frameworks, libraries and authors leave behind on a Dutch page.
ENGLISH = re.compile(
    r"\b(Submit|Loading|Untitled|Search|Settings|Please|Reply|Unread|Delete|Cancel|Edit|Close|Save|Next|Previous"
    r"|Members|Threads|Upload|Files|No results|You have|Not found|Sign in|Error|undefined|None|null|NaN|True|False)\b"
)
ISO_DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
# User content may contain any word and is removed; the text of the product is left.
WRITTEN = ".prose, .excerpt, bdi, [lang], code, kbd, textarea, option, .byline, #api"


class Known:
    """Addresses of the demonstration that contain an id or a secret, and an empty community."""

    def __init__(self, product: Product, people: dict[str, int]):
        self.product, self.people = product, dict(people)
        iris = self.people["Iris"]
        community = {"name": "Lege kring", "slug": "lege-kring"}
        self.made("Iris", "/programmes/weer-thuis-in-de-wijk/communities", community)
        for name in ("Nora", "Otto"):
            invited = {"mail": f"{name.lower()}@nieuw.example", "name": f"{name} Nieuw", "role": "member"}
            self.made("Iris", "/communities/lege-kring/members", invited)
        everybody = {name.split()[0]: id for name, id in product.cast().items()}
        self.people |= {name: everybody[name] for name in ("Nora", "Otto")}
        entered = {"name": "Otto Nieuw", "rules": True, "privacy": True, "organisation": self.organisation}
        status, shown = product.call(self.people["Otto"], "POST", "/welcome", entered)
        assert status == 200, shown
        self.link = urlsplit(product.command("people", "link", "b.verzonnen@proefhoek.example").split()[-1]).path
        assert product.call(iris, "PUT", "/settings/mail", {"mail": "iris@elders.example"})[0] == 200
        self.confirmation = self.mailed("iris@elders.example", r"/settings/mail/\S+")
        self.made(
            "Bas",
            "/communities/zachte-landing/threads",
            {"title": "Wie leest er mee?", "body": "Kijkt u ook, @Youssef Alsof?"},
        )
        self.unsubscribe = urlsplit(str(product.post.wait("y.alsof@")["List-Unsubscribe"]).strip("<>")).path

    def made(self, who: str, path: str, given: dict[str, Any]) -> Any:
        """Return the thing created by an API call of a person."""
        status, made = self.product.call(self.people[who], "POST", path, given)
        assert status == 201, made
        return made

    def mailed(self, to: str, path: str) -> str:
        """Return the path of the link in the newest email to a person."""
        text = self.product.post.wait(to).get_body(("plain",)).get_content()  # type: ignore[union-attr]
        found = re.search(re.escape(self.product.address) + f"({path})", text)
        assert found, text
        return found[1]

    @cached_property
    def check_in(self) -> str:
        """Return the address of a link to a check-in, as Willemijn's mail has it."""
        with closing(sqlite3.connect(self.product.data / "cop.sqlite3", timeout=30)) as database, database:
            database.execute(
                "INSERT INTO check_in_link (key, check_in_id, person_id) VALUES (?,"
                " (SELECT id FROM check_in WHERE partnership_id = 1 ORDER BY month DESC LIMIT 1), ?)",
                (hashlib.sha256(b"geheim").hexdigest(), self.people[W]),
            )
        return "/check-in/geheim"

    def first(self, who: str, path: str, test: Callable[[Any], bool] = lambda _item: True) -> Any:
        """Return the first item of a list that a person sees."""
        return next(item for item in self.product.ask(self.people[who], path)["items"] if test(item))

    @cached_property
    def threads(self) -> list[Any]:
        return list(self.product.ask(self.people[W], f"{HOUSING}/threads?limit=100")["items"])

    def thread(self, test: Callable[[Any], bool] = lambda _item: True) -> str:
        """Return the address of a thread."""
        return next(str(thread["url"]) for thread in self.threads if test(thread))

    @cached_property
    def long(self) -> str:
        """Return the address of the thread with the most replies."""
        return str(max(self.threads, key=lambda thread: thread["replies"])["url"])

    @cached_property
    def post(self) -> str:
        """Return the address of a post by Willemijn, edited so that it has a history."""
        for thread in self.threads:
            for post in self.product.ask(self.people[W], f"{thread['url']}/posts")["items"]:
                if post["author"]["id"] == self.people[W] and post["state"] == "live":
                    given = {"body": "Eerst stond hier iets anders.", "base_version": post["version"]}
                    status, shown = self.product.call(self.people[W], "PATCH", post["url"], given)
                    assert status == 200, shown
                    return str(post["url"])
        raise AssertionError(f"{W} wrote nothing")

    @cached_property
    def file(self) -> str:
        """Return the address of a document with several versions."""
        return str(self.first(W, f"{HOUSING}/files", lambda file: file["number"] > 1)["url"])

    @cached_property
    def folder(self) -> int:
        return int(self.first(W, f"{HOUSING}/folders")["id"])

    @cached_property
    def room(self) -> str:
        return str(self.first(W, f"{HOUSING}/rooms")["url"])

    @cached_property
    def empty_room(self) -> str:
        return str(self.first("Otto", "/communities/lege-kring/rooms")["url"])

    @cached_property
    def message(self) -> str:
        return str(self.first(W, f"{self.room}/messages")["url"])

    @cached_property
    def call(self) -> str:
        """Return the address of an open call, with an application that Willemijn scored and Elsa did not open yet."""
        team = Team(self.product, self.people[MARIJKE])
        call = team.open_call("Koplopers gezocht", cap=10)
        self.sent = Applicant(self.product, call, "lies@zonnedal.example").complete()
        self.begun = Applicant(self.product, call, "piet@waterveen.example", "Piet Half")
        self.begun.ask("PUT", f"{self.begun.url}/answers", {"answers": {"b3": "Wij zoeken " + "huizen " * 20}})
        for who in (W, "Elsa"):
            team.ask("POST", f"{call}/reviewers", {"mail": self.product.ask(self.people[who], "/me")["mail"]})
        team.ask("POST", f"{call}/assignments", {"each": 2})
        review = self.first(W, f"{call}/reviewing")["id"]
        given = {"scores": {"c1": 4, "c2": 2}, "for_applicant": "Mooi.", "finish": "done"}
        Team(self.product, self.people[W]).ask("PUT", f"/reviews/{review}/conflict", {"conflict": False})
        Team(self.product, self.people[W]).ask("PUT", f"/reviews/{review}", given)
        team.decide(call, self.sent.reference, "admit")
        return call

    def application(self, page: str = "", *, begun: bool = False) -> str:
        """Return the address of a page of the application that was sent in, or of the one that was begun."""
        assert self.call
        return f"{(self.begun if begun else self.sent).url}{page}"

    def review(self, who: str) -> str:
        """Return the address of somebody's review."""
        return f"/reviews/{self.first(who, f'{self.call}/reviewing')['id']}"

    def cookies(self) -> list[dict[str, str]]:
        """Return the cookies of a browser in which both applications are open."""
        assert self.call
        return [*self.sent.cookies(), *self.begun.cookies()]

    @cached_property
    def bulletin(self) -> str:
        """Return the address of the draft of a bulletin."""
        return str(self.made(MARIJKE, f"{PROGRAMME}/bulletins", {"community": "woningvoorraad"})["url"])

    @cached_property
    def meeting(self) -> str:
        """Return the address of a meeting that was announced and comes."""
        return f"/meetings/{self.first(W, '/meetings')['id']}"

    @cached_property
    def guest(self) -> int:
        """Return the id of the guest of that meeting."""
        return int(self.first(MARIJKE, f"{self.meeting}/guests")["person"])

    @cached_property
    def held_meeting(self) -> str:
        """Return the address of a meeting that was held."""
        return f"/meetings/{self.first(W, '/meetings?show=past')['id']}"

    @cached_property
    def code_of_day(self) -> str:
        """Return the address of the code of the meeting that comes."""
        address = str(self.product.ask(self.people[MARIJKE], f"{self.meeting}/attendance/code")["address"])
        return f"/here/{address.partition('/here/')[2]}"

    @cached_property
    def planned_meeting(self) -> str:
        """Return the address of the draft of a meeting."""
        given = {
            "title": "Nog te plannen",
            "kind": "thematic",
            "starts": "2018-02-01T10:00",
            "ends": "2018-02-01T12:00",
        }
        return f"/meetings/{self.made(MARIJKE, f'{HOUSING}/meetings', given)['id']}"

    @cached_property
    def planned_series(self) -> str:
        """Return the address of a series of drafts."""
        days = [{"starts": f"2018-02-{day}T10:00", "ends": f"2018-02-{day}T12:00"} for day in ("06", "13")]
        given = {"title": "Leerkring", "kind": "thematic", "days": days}
        return f"/series/{self.made(MARIJKE, f'{HOUSING}/series', given)['id']}"

    @cached_property
    def block(self) -> str:
        """Return the address of a block of its agenda."""
        return f"/blocks/{self.first(MARIJKE, f'{self.meeting}/agenda')['id']}"

    @cached_property
    def question(self) -> str:
        """Return the address of a question to it."""
        return f"/questions/{self.first(W, f'{self.meeting}/questions')['id']}"

    @cached_property
    def round(self) -> str:
        """Return the address of a round of the meeting that was held."""
        return str(self.first(MARIJKE, f"{self.held_meeting}/rounds")["url"])

    @cached_property
    def case(self) -> str:
        """Return the address of what was flagged and waits for a moderator."""
        return str(self.first(MARIJKE, "/desk")["url"])

    @cached_property
    def flagged(self) -> str:
        """Return the id of the post that it is about."""
        return str(self.first(MARIJKE, "/desk")["about"]).rpartition("/")[2]

    @cached_property
    def ruling(self) -> str:
        """Return the address of a ruling on a post of Bas."""
        sent = {"title": "Over de buren", "body": "Zij zijn er blij mee."}
        status, thread = self.product.call(self.people["Bas"], "POST", f"{HOUSING}/threads", sent)
        assert status == 201, thread
        post = self.first("Bas", f"{thread['url']}/posts")["url"]
        status, _hidden = self.product.call(self.people[MARIJKE], "PUT", f"{post}/hiding", {"reason": "Dubbel"})
        assert status == 200, status
        return str(self.first("Bas", "/rulings")["url"])

    @cached_property
    def own_flag(self) -> str:
        """Return the address of a flag by Willemijn, on a member."""
        given = {"reason": "misplaced", "text": "Stuurt steeds reclame."}
        status, _made = self.product.call(self.people[W], "POST", f"{HOUSING}/members/{self.people['Bas']}/flag", given)
        assert status in (201, 409), status
        return str(self.first(W, "/flags")["url"])

    @cached_property
    def used(self) -> str:
        """Return the address of something that people used, which Willemijn did not write."""
        return str(self.first(W, f"{HOUSING}/files", lambda file: "huisregels" in file["title"])["url"])

    @cached_property
    def use(self) -> str:
        """Return the address of a use by Willemijn."""
        if not self.product.ask(self.people[W], f"/things/{self.used_id}/uses?limit=1")["items"]:
            raise AssertionError("the demo has uses")
        given = {"purpose": "Ons eigen complex", "changed": "Punt 4."}
        status, made = self.product.call(self.people[W], "POST", f"/things/{self.used_id}/uses", given)
        assert status == 201, made
        return str(made["url"])

    @cached_property
    def used_id(self) -> str:
        return self.used.rpartition("/")[2]

    @cached_property
    def use_link(self) -> str:
        """Return the address in Willemijn's mail with the question what came of it."""
        signer = URLSafeSerializer([self.product.environment["COP_SECRET_KEY"]], salt="use-outcome")
        return f"/used/{signer.dumps([int(self.use.rpartition('/')[2]), self.people[W]])}"

    @cached_property
    def action(self) -> str:
        """Return the address of an open action."""
        return str(self.first(MARIJKE, f"{PROGRAMME}/outcomes?state=open")["url"])

    def guidance(self, status: str) -> str:
        """Return the address of guidance in this state."""
        return str(self.first(MARIJKE, f"{LANDING}/guidance?status={status}")["url"])

    @cached_property
    def guidance_answer(self) -> str:
        """Return the address in the mail to the owner of adopted guidance."""
        card = self.first(MARIJKE, f"{LANDING}/guidance?status=adopted")
        signer = URLSafeSerializer([self.product.environment["COP_SECRET_KEY"]], salt="guidance-confirmation")
        return f"/guidance/confirmation/{signer.dumps([card['id'], card['owner_id']])}"

    @cached_property
    def breach(self) -> str:
        """Return the address of the note of a breach."""
        return f"/breaches/{self.made(W, f'/things/{self.breached}/breach', {'what': ['contact']})['id']}"

    @cached_property
    def breached(self) -> int:
        """Return the id of a post that its author can remove."""
        thread = self.made(W, f"{HOUSING}/threads", {"title": "Wie belt er?", "body": "Jan Jansen."})
        return int(self.first(W, f"/threads/{thread['id']}/posts")["id"])

    @cached_property
    def noted(self) -> str:
        """Return the address of a thread with a note of a moderator, which was closed too."""
        thread = self.made(W, f"{HOUSING}/threads", {"title": "Wie schrijft er?", "body": "Wij niet."})
        assert self.product.call(self.people[MARIJKE], "PUT", f"{thread['url']}/closure")[0] == 200
        self.made(MARIJKE, f"{thread['url']}/notes", {"text": "Gebeld over de toon."})
        return str(thread["url"])

    @cached_property
    def note(self) -> str:
        """Return the address of that note."""
        return str(self.first(MARIJKE, f"{self.noted}/notes")["url"])

    @cached_property
    def written(self) -> str:
        """Return the address of a block of minutes."""
        blocks = self.product.ask(self.people[MARIJKE], f"{self.held_meeting}/minutes/blocks")["items"]
        return f"/minutes/blocks/{blocks[0]['id']}"

    @cached_property
    def planned_poll(self) -> str:
        """Return the address of the draft of a date poll."""
        days = ["2018-02-01T10:00", "2018-02-02T10:00"]
        given = {"title": "Wanneer?", "kind": "other", "options": days}
        return str(self.made(MARIJKE, f"{HOUSING}/polls", given)["url"])

    @cached_property
    def poll(self) -> str:
        """Return the address of a date poll that can be answered."""
        days = ["2018-03-01T10:00", "2018-03-02T10:00"]
        made = self.made(MARIJKE, f"{HOUSING}/polls", {"title": "Welke dag?", "kind": "other", "options": days})
        assert self.product.call(self.people[MARIJKE], "PUT", f"{made['url']}/opening")[0] == 200
        return str(made["url"])

    @cached_property
    def vote(self) -> str:
        """Return the address in Willemijn's mail about the poll."""
        signer = URLSafeSerializer([self.product.environment["COP_SECRET_KEY"]], salt="poll-answer")
        return f"/vote/{signer.dumps([int(self.poll.rpartition('/')[2]), self.people[W]])}"

    def expert_link(self, purpose: str, page: str) -> str:
        """Return an address in Elsa's mail about the question that waits for her; its turn has the same number in the demo."""
        signer = URLSafeSerializer([self.product.environment["COP_SECRET_KEY"]], salt=f"expert-{purpose}")
        waiting = self.first("Elsa", "/expert")["id"]
        return f"/expert/{page}/{signer.dumps([waiting, self.people['Elsa']])}"

    @cached_property
    def pulse(self) -> str:
        """Return the address in Willemijn's mail with the questions after a meeting."""
        signer = URLSafeSerializer([self.product.environment["COP_SECRET_KEY"]], salt="pulse-answer")
        return f"/pulse/{signer.dumps([int(self.held_meeting.rpartition('/')[2]), self.people[W]])}"

    @cached_property
    def rsvp(self) -> str:
        """Return the address in Willemijn's invitation to the meeting that comes."""
        signer = URLSafeSerializer([self.product.environment["COP_SECRET_KEY"]], salt="meeting-answer")
        return f"/rsvp/{signer.dumps([int(self.meeting.rpartition('/')[2]), self.people[W]])}"

    @cached_property
    def organisation(self) -> int:
        return int(self.first("Iris", "/organisations")["id"])


HOUSING = "/communities/woningvoorraad"
LANDING = "/communities/zachte-landing"
EMPTY = "/communities/lege-kring"
PROGRAMME = "/programmes/weer-thuis-in-de-wijk"
OURS = "styleguide"  # the style guide shows every component with its name in the code
W, MARIJKE, IRIS, NEW = "Willemijn", "Marijke", "Iris", "Otto"
CONTACT = "contact of an application"  # who has no account, but a cookie of the application
Way = Callable[[Known], str] | str
PAGES: dict[str, tuple[str | None, Way]] = {
    "sign-in": (None, "/sign-in"),
    "sign-in, code": (None, "/sign-in/code"),
    "sign-in, link": (None, lambda known: known.link),
    "sign-in, link that ended": (None, "/sign-in/dit-is-geen-link"),
    "first entry": ("Nora", "/welcome"),
    "mail address, confirmation": (None, lambda known: known.confirmation),
    "mail address, link that ended": (None, "/settings/mail/dit-is-geen-link"),
    "unsubscribe": (None, lambda known: known.unsubscribe),
    "unsubscribe, not there": (None, "/unsubscribe/x"),
    "help": (None, "/help"),
    "contact": (None, "/contact"),
    "privacy": (None, "/privacy"),
    "accessibility": (None, "/accessibility"),
    "offline": (None, "/offline"),
    "house rules": (None, "/house-rules"),
    "home": (W, "/"),
    "home of a moderator": (MARIJKE, "/"),
    "home, nothing yet": (NEW, "/"),
    "communities": (W, "/communities"),
    "communities, where to ask": (W, "/communities?for=question"),
    "community": (W, HOUSING),
    "community, nothing yet": (NEW, EMPTY),
    "community, settings": (MARIJKE, f"{HOUSING}/edit"),
    "community, questions for a new thread": (MARIJKE, f"{HOUSING}/forms/question"),
    "community, new": (IRIS, f"{PROGRAMME}/communities/new"),
    "threads": (W, f"{HOUSING}/threads"),
    "threads, questions": (W, f"{HOUSING}/threads?kind=question"),
    "threads, nothing yet": (NEW, f"{EMPTY}/threads"),
    "new thread": (W, f"{HOUSING}/threads/new"),
    "new question": (W, f"{HOUSING}/threads/new?kind=question"),
    "thread, answered": (W, lambda known: known.thread(lambda thread: thread["answer"])),
    "thread, pinned": (W, lambda known: known.thread(lambda thread: thread["pinned"])),
    "thread, long": (W, lambda known: known.long),
    "thread, for a reader": ("Hanneke", lambda known: known.thread(lambda thread: not thread["closed"])),
    "thread, curation": (MARIJKE, lambda known: f"{known.thread()}/curation"),
    "thread, arranging": (MARIJKE, lambda known: f"{known.long}/arranging"),
    "thread, splitting": (MARIJKE, lambda known: f"{known.long}/splitting"),
    "thread, notes": (MARIJKE, lambda known: f"{known.noted}/notes"),
    "thread, note": (MARIJKE, lambda known: known.note),
    "what moderators did": (W, lambda known: known.note and f"{HOUSING}/moderation"),
    "post, acts and history": (W, lambda known: f"{known.post}/acts"),
    "post, acts of a moderator": (MARIJKE, lambda known: f"{known.post}/acts"),
    "post, edit": (W, lambda known: f"{known.post}/edit"),
    "documents": (W, f"{HOUSING}/documents"),
    "documents, by name": (W, f"{HOUSING}/documents?sort=name"),
    "drafts": (W, "/drafts"),
    "documents, attachments": (W, f"{HOUSING}/documents?show=attachments"),
    "documents, nothing yet": (NEW, f"{EMPTY}/documents"),
    "documents, trash": (W, f"{HOUSING}/documents/trash"),
    "document, sending": (W, lambda known: f"{known.file}/sending"),
    "document": (W, lambda known: known.file),
    "document, for a moderator": (MARIJKE, lambda known: known.file),
    "rooms, nothing yet": (NEW, f"{EMPTY}/rooms"),
    "room": (W, lambda known: known.room),
    "room, choosing": (W, lambda known: f"{known.room}?choose=1"),
    "room, nothing yet": (NEW, lambda known: known.empty_room),
    "message, acts": (W, lambda known: f"{known.message}/acts"),
    "members": (W, f"{HOUSING}/members"),
    "members, for a moderator": (MARIJKE, f"{HOUSING}/members"),
    "members, one": (MARIJKE, lambda known: f"{HOUSING}/members/{known.people[W]}"),
    "search, empty": (W, "/search"),
    "search, hits": (W, "/search?q=convenant"),
    "search, none": (W, "/search?q=zwemvliezen"),
    "similar threads": (W, "/communities/procesregie/similar?q=convenant"),
    "bookmarks": (W, "/bookmarks"),
    "bookmarks, nothing yet": (NEW, "/bookmarks"),
    "bookmark": (W, lambda known: str(known.first(W, "/bookmarks")["url"])),
    "bookmark, new": (W, lambda known: f"/things/{known.thread().rpartition('/')[2]}/bookmark"),
    "levels": (W, "/settings/levels"),
    "level of a community": (W, f"{HOUSING}/level"),
    "level of a thread": (W, lambda known: f"/things/{known.thread().rpartition('/')[2]}/level"),
    "notices": (W, "/notices"),
    "notices, nothing yet": (NEW, "/notices"),
    "notices, settings": (W, "/settings/notices"),
    "settings": (W, "/settings"),
    "settings, sign-in": (W, "/settings/sign-in"),
    "settings, display": (W, "/settings/display"),
    "settings, tokens": (W, "/settings/tokens"),
    "profile, own": (W, lambda known: f"/people/{known.people[W]}"),
    "profile": (W, lambda known: f"/people/{known.people['Elsa']}"),
    "profile, for an administrator": (IRIS, lambda known: f"/people/{known.people[W]}"),
    "access review": (MARIJKE, f"{PROGRAMME}/access-review"),
    "leaving": (MARIJKE, lambda known: f"/people/{known.people[W]}/departure"),
    "leaving, oneself": (W, lambda known: f"/people/{known.people[W]}/departure"),
    "people": (IRIS, "/people"),
    "organisations": (IRIS, "/organisations"),
    "organisation": (W, lambda known: f"/organisations/{known.organisation}"),
    "organisation, settings": (IRIS, lambda known: f"/organisations/{known.organisation}/edit"),
    "organisation, removal": (IRIS, lambda known: f"/organisations/{known.organisation}/removal"),
    "organisation, merging": (
        IRIS,
        lambda known: f"/organisations/{known.organisation}/merging?into={known.organisation + 1}",
    ),
    "programmes": (W, "/programmes"),
    "programme": (W, PROGRAMME),
    "directory, people": (W, f"{PROGRAMME}/directory"),
    "directory, experts": (W, f"{PROGRAMME}/directory/experts"),
    "directory, organisations": (W, f"{PROGRAMME}/directory/organisations"),
    "directory, partnerships": (W, f"{PROGRAMME}/directory/partnerships"),
    "directory, nobody": (W, f"{PROGRAMME}/directory?q=zwemvliezen"),
    "directory, matches": (W, f"{PROGRAMME}/directory/matches"),
    "municipalities": (IRIS, "/municipalities"),
    "programme, new": (IRIS, "/programmes/new"),
    "programme, settings": (IRIS, f"{PROGRAMME}/edit"),
    "programme, phase": (IRIS, f"{PROGRAMME}/phase"),
    "programme, public page": (IRIS, f"{PROGRAMME}/public"),
    "programme, preview": (IRIS, f"{PROGRAMME}/public/preview"),
    "programme, removal": (IRIS, f"{PROGRAMME}/removal"),
    "programme, adding to the team": (IRIS, f"{PROGRAMME}/team/new"),
    "community, removal": (IRIS, f"{EMPTY}/removal"),
    "calls": (MARIJKE, f"{PROGRAMME}/calls"),
    "call": (None, lambda known: known.call),
    "call, for the team": (MARIJKE, lambda known: known.call),
    "call, settings": (MARIJKE, lambda known: f"{known.call}/edit"),
    "call, form": (MARIJKE, lambda known: f"{known.call}/form"),
    "call, applications": (MARIJKE, lambda known: f"{known.call}/applications"),
    "call, reviewers": (MARIJKE, lambda known: f"{known.call}/reviewers"),
    "call, decisions": (MARIJKE, lambda known: f"{known.call}/decisions"),
    "application, entering": (None, lambda known: f"{known.call}/entry"),
    "application, link that ended": (None, lambda known: f"{known.call}/entry?key=x"),
    "application": (CONTACT, lambda known: known.application()),
    "application, begun": (CONTACT, lambda known: known.application(begun=True)),
    "application, organisations": (CONTACT, lambda known: known.application("/sections/s1", begun=True)),
    "application, questions": (CONTACT, lambda known: known.application("/sections/s2", begun=True)),
    "application, criteria": (CONTACT, lambda known: known.application("/sections/criteria", begun=True)),
    "application, check": (CONTACT, lambda known: known.application("/check", begun=True)),
    "application, receipt": (CONTACT, lambda known: known.application("/receipt")),
    "application, contacts": (CONTACT, lambda known: known.application("/contacts")),
    "application, replaced answers": (CONTACT, lambda known: known.application("/history")),
    "application, withdrawal": (CONTACT, lambda known: known.application("/withdrawal")),
    "application, for the team": (MARIJKE, lambda known: known.application("/dossier")),
    "application, more time": (MARIJKE, lambda known: known.application("/extension")),
    "application, decision": (MARIJKE, lambda known: known.application("/decision")),
    "application, acceptance": (MARIJKE, lambda known: known.application("/acceptance")),
    "reviews": (W, lambda known: f"{known.call}/reviewing"),
    "review": (W, lambda known: known.review(W)),
    "review, before reading": ("Elsa", lambda known: known.review("Elsa")),
    "review, conflict": (W, lambda known: f"{known.review(W)}/conflict"),
    "calendar": (W, "/calendar?month=2017-12"),
    "calendar, a month": (W, f"{PROGRAMME}/calendar?show=month&month=2017-12"),
    "calendars to subscribe to": (W, "/calendar-feeds"),
    "meetings": (W, f"{PROGRAMME}/meetings"),
    "meetings, mine": (W, "/meetings"),
    "meetings of a community": (W, f"{HOUSING}/meetings"),
    "meetings of a partnership": (W, "/partnerships/1/meetings"),
    "meetings, held": (W, f"{PROGRAMME}/meetings?show=past"),
    "meeting, new": (MARIJKE, f"{HOUSING}/meetings/new"),
    "meeting, new for a programme": (MARIJKE, f"{PROGRAMME}/meetings/new"),
    "meeting, new for a partnership": (MARIJKE, "/partnerships/1/meetings/new"),
    "meeting, new from a template": (MARIJKE, f"{HOUSING}/meetings/new?template=thematic"),
    "series, new": (MARIJKE, f"{HOUSING}/series/new"),
    "series, new for a programme": (MARIJKE, f"{PROGRAMME}/series/new"),
    "series, new for a partnership": (MARIJKE, "/partnerships/1/series/new"),
    "series": (MARIJKE, lambda known: known.planned_series),
    "series, edit": (MARIJKE, lambda known: f"{known.planned_series}/edit"),
    "series, announcement": (MARIJKE, lambda known: f"{known.planned_series}/announcement"),
    "meeting": (W, lambda known: known.meeting),
    "meeting, held": (W, lambda known: known.held_meeting),
    "meeting, draft": (MARIJKE, lambda known: known.planned_meeting),
    "meeting, form": (MARIJKE, lambda known: f"{known.planned_meeting}/edit"),
    "meeting, announcement": (MARIJKE, lambda known: f"{known.planned_meeting}/announcement"),
    "meeting, removal": (MARIJKE, lambda known: f"{known.planned_meeting}/removal"),
    "meeting, colleague": (W, lambda known: f"{known.meeting}/colleague"),
    "meeting, colleague by mail": (None, lambda known: f"{known.rsvp}/colleague"),
    "meeting, answers": (MARIJKE, lambda known: f"{known.meeting}/answers"),
    "meeting, guest": (MARIJKE, lambda known: f"{known.meeting}/guests/{known.guest}"),
    "meeting, guests": (MARIJKE, lambda known: f"{known.meeting}/guests"),
    "meeting, materials to choose": (MARIJKE, lambda known: f"{known.meeting}/materials/new"),
    "meeting, materials found": (MARIJKE, lambda known: f"{known.meeting}/materials/new?q=huis"),
    "meeting, badges": (MARIJKE, lambda known: f"{known.meeting}/badges"),
    "meeting, moving": (MARIJKE, lambda known: f"{known.meeting}/moving"),
    "meeting, cancellation": (MARIJKE, lambda known: f"{known.meeting}/cancellation"),
    "meeting, answer by mail": (None, lambda known: known.rsvp),
    "meeting, link that has ended": (None, "/rsvp/ended"),
    "agenda": (MARIJKE, lambda known: f"{known.meeting}/agenda"),
    "agenda, block": (MARIJKE, lambda known: f"{known.block}/edit"),
    "agenda, questions": (W, lambda known: f"{known.meeting}/questions"),
    "agenda, question": (MARIJKE, lambda known: known.question),
    "agenda, participants": (W, lambda known: f"{known.meeting}/participants"),
    "agenda, preparation": (MARIJKE, lambda known: f"{known.meeting}/preparation"),
    "attendance": (MARIJKE, lambda known: f"{known.held_meeting}/attendance"),
    "attendance, code": (MARIJKE, lambda known: f"{known.held_meeting}/attendance/code"),
    "attendance, day": (MARIJKE, lambda known: f"{known.meeting}/day"),
    "attendance, screen": (MARIJKE, lambda known: f"{known.meeting}/screen"),
    "attendance, scan": (W, lambda known: known.code_of_day),
    "attendance, unknown code": (W, "/here/1-aaaaaaaa"),
    "flag, form": (W, lambda known: f"/things/{known.flagged}/flag"),
    "flag, form of a member": (W, lambda known: f"{HOUSING}/members/{known.people['Joris']}/flag"),
    "flag": (W, lambda known: known.own_flag),
    "flags, mine": (W, "/flags"),
    "flags, rulings": (W, "/rulings"),
    "flags, ruling": ("Bas", lambda known: known.ruling),
    "flags, ruling, for a moderator": (MARIJKE, lambda known: known.ruling),
    "notes on a member": (MARIJKE, lambda known: f"{HOUSING}/members/{known.people['Bas']}/notes"),
    "desk": (MARIJKE, "/desk"),
    "desk, one": (MARIJKE, lambda known: known.case),
    "document, used": (W, lambda known: known.used),
    "uses": (W, lambda known: f"/things/{known.used_id}/uses"),
    "uses, question answered": (W, lambda known: f"/things/{known.used_id}/answered"),
    "use": (W, lambda known: known.use),
    "use, of another": (MARIJKE, lambda known: known.use),
    "use, outcome by mail": (None, lambda known: known.use_link),
    "use, link that has ended": (None, "/used/ended"),
    "guidance": (MARIJKE, f"{LANDING}/guidance"),
    "guidance, new": (MARIJKE, f"{LANDING}/guidance/new"),
    "guidance, adopted": (MARIJKE, lambda known: known.guidance("adopted")),
    "guidance, in review": (MARIJKE, lambda known: known.guidance("review")),
    "guidance, form": (MARIJKE, lambda known: f"{known.guidance('review')}/edit"),
    "guidance, versions": (MARIJKE, lambda known: f"{known.guidance('adopted')}/versions"),
    "guidance, source": (MARIJKE, lambda known: f"/things/{known.post.rpartition('/')[2]}/guidance"),
    "guidance, answer by mail": (None, lambda known: known.guidance_answer),
    "outcomes": (W, f"{HOUSING}/outcomes"),
    "outcomes of a programme": (MARIJKE, f"{PROGRAMME}/outcomes"),
    "outcomes of a partnership": (W, "/partnerships/1/outcomes"),
    "outcomes, mine": (W, "/outcomes"),
    "outcome": (MARIJKE, lambda known: known.action),
    "outcome, form": (MARIJKE, lambda known: f"{known.action}/edit"),
    "outcome, dropping": (MARIJKE, lambda known: f"{known.action}/dropping"),
    "outcome of a meeting": (MARIJKE, lambda known: f"{known.held_meeting}/outcome"),
    "outcome of a post": (W, lambda known: f"{known.post}/outcome"),
    "outcome of a message": (W, lambda known: f"{known.message}/outcome"),
    "rounds of a meeting": (W, lambda known: f"{known.held_meeting}/rounds"),
    "round": (MARIJKE, lambda known: known.round),
    "photos of a meeting": (W, lambda known: f"{known.held_meeting}/photos"),
    "chat of a meeting": (W, lambda known: f"{known.held_meeting}/room"),
    "pulse": (W, lambda known: f"{known.held_meeting}/pulse"),
    "pulse, for the team": (MARIJKE, lambda known: f"{known.held_meeting}/pulse"),
    "pulse, answer by mail": (None, lambda known: known.pulse),
    "certificate": (W, lambda known: f"{known.held_meeting}/certificate"),
    "certificates": (MARIJKE, lambda known: f"{known.held_meeting}/certificates"),
    "certificate of another": (MARIJKE, lambda known: f"{known.held_meeting}/certificates/{known.people[W]}"),
    "minutes": (W, lambda known: f"{known.held_meeting}/minutes"),
    "minutes, writing": (MARIJKE, lambda known: f"{known.held_meeting}/minutes/edit"),
    "minutes, block": (MARIJKE, lambda known: f"{known.written}/edit"),
    "minutes, texts of a block": (MARIJKE, lambda known: f"{known.written}/texts"),
    "minutes, publication": (MARIJKE, lambda known: f"{known.held_meeting}/minutes/publication"),
    "expert, desk": ("Elsa", "/expert"),
    "expert, answers": ("Elsa", "/expert/answers"),
    "expert, request": ("Elsa", lambda known: str(known.first("Elsa", "/expert")["url"])),
    "expert, new question": (W, f"{HOUSING}/expert"),
    "expert, asking": (MARIJKE, lambda known: known.thread(lambda one: one["kind"] == "question") + "/expert"),
    "expert, by mail": (None, lambda known: known.expert_link("decide", "asked")),
    "expert, answer by mail": (None, lambda known: known.expert_link("answer", "answer")),
    "expert, done": (None, "/expert/done"),
    "expert, link that ended": (None, "/expert/asked/dit-is-geen-link"),
    "thread, guests": (MARIJKE, lambda known: known.thread() + "/guests"),
    "polls": (W, "/polls"),
    "poll": (W, lambda known: known.poll),
    "poll, for the team": (MARIJKE, lambda known: known.poll),
    "poll, new": (MARIJKE, f"{HOUSING}/polls/new"),
    "poll, new for a programme": (MARIJKE, f"{PROGRAMME}/polls/new"),
    "poll, new for a partnership": (MARIJKE, "/partnerships/1/polls/new"),
    "poll, form": (MARIJKE, lambda known: f"{known.planned_poll}/edit"),
    "poll, opening": (MARIJKE, lambda known: f"{known.planned_poll}/opening"),
    "poll, removal": (MARIJKE, lambda known: f"{known.planned_poll}/removal"),
    "poll, who must be there": (MARIJKE, lambda known: f"{known.poll}/required"),
    "poll, choice": (MARIJKE, lambda known: f"{known.poll}/choice"),
    "poll, withdrawal": (MARIJKE, lambda known: f"{known.poll}/withdrawal"),
    "poll, answer by mail": (None, lambda known: known.vote),
    "partnership": (W, "/partnerships/1"),
    "partnership, challenge": (W, "/partnerships/1/challenge"),
    "partnership, versions": (W, "/partnerships/1/challenge/versions"),
    "partnership, check-in": (W, "/partnerships/1/check-in"),
    "partnership, check-in from the mail": (None, lambda known: known.check_in),
    "partnership, question": (W, "/partnerships/1/questions/new"),
    "partnership, documents": (W, "/partnerships/1/documents"),
    "partnership, trash": (W, "/partnerships/1/documents/trash"),
    "partnership, new": (IRIS, f"{PROGRAMME}/partnerships/new"),
    "partnership, settings": (IRIS, "/partnerships/1/edit"),
    "partnership, removal": (IRIS, "/partnerships/1/removal"),
    "coach": (MARIJKE, "/coach"),
    "coach, settings": (MARIJKE, f"{PROGRAMME}/desk"),
    "coach, message": (MARIJKE, f"{PROGRAMME}/signals/silent-1/message"),
    "bulletins": (MARIJKE, f"{PROGRAMME}/bulletins?show=drafts"),
    "bulletin, new": (MARIJKE, f"{PROGRAMME}/bulletins/new"),
    "bulletin, draft": (MARIJKE, lambda known: known.bulletin),
    "bulletin, form": (MARIJKE, lambda known: f"{known.bulletin}/edit"),
    "operations": (IRIS, "/operations"),
    "operations, journal": (IRIS, "/operations/journal"),
    "breach, form": (W, lambda known: f"/things/{known.breached}/breach"),
    "breach": (IRIS, lambda known: known.breach),
    "breaches": (IRIS, "/breaches"),
    "api": (W, "/api"),
    "mailbox": (None, "/dev/mail"),
    "mailbox, an email": (None, "/dev/mail/1"),
    "styleguide": (None, "/dev/styleguide"),
    "403": ("Hanneke", f"{HOUSING}/threads/new"),
    "404": (W, "/threads/999999"),
    "404, signed out": (None, "/dev/mail/999999"),
}
# GET endpoints without a page: data, a file, a redirect, or the body of an email.
NOT_PAGES = {
    "api.document",
    "assets.static",
    "chat.messages_show",
    "chat.rooms_messages",
    "chat.rooms_people",
    "developing.email_html",
    "documents.files_content",
    "documents.files_list",
    "documents.files_picture",
    "documents.folders_list",
    "meeting_materials.list",
    "meeting_rooms.photos_picture",
    "meeting_rooms.photos_show",
    "notices.open",
    "notices.unread",
    "offline.worker",
    "operations.healthz",
    "operations.metrics",
    "operations.readyz",
    "people.me",
    "people.photo",
    "people.security_txt",
    "people.tokens_list",
    "home.robots",
    "reviews.applications_dossier_file",
    "applications.file",
    "reviews.calls_export",
    "reviews.file",
    "home.sitemap",
    "programmes.logo",
    "documents.files_public",
    "partnerships.check_ins",
    "members.export",
    "calendars.calendar_feed",
    "minutes.blocks",
    "minutes.export",
    "meetings.export_answers",
    "members.invitations",
    "search.suggestions",
    "threads.drafts_show",
    "threads.members_names",
    "threads.posts",
    "threads.posts_show",
}


def _menu(page: Page, _known: Known) -> None:
    page.locator(".masthead-person summary").click()


def _places(page: Page, _known: Known) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    page.locator(".masthead-menu").click()
    expect(page.locator("#main-nav")).to_be_visible()
    page.locator("main").evaluate("main => { main.hidden = true }")  # it lies partly behind the menu


def _write(page: Page) -> None:
    """Open the editor, unless an earlier draft has opened it already."""
    page.locator("cop-editor").first.locator("textarea").dispatch_event("focusin")  # the editor is fetched
    page.locator("cop-editor:defined").first.evaluate("editor => editor.focus()")
    expect(page.locator("cop-editor .ProseMirror")).to_be_focused()


def _editor(page: Page, _known: Known) -> None:
    _write(page)
    page.keyboard.type("Weet u dit, @El")
    expect(page.locator("[role=listbox] [role=option]").first).to_be_visible()


def _link(page: Page, _known: Known) -> None:
    _write(page)
    page.keyboard.press("Control+k")
    expect(page.locator("cop-editor input[inputmode=url]")).to_be_visible()


def _acts(page: Page, _known: Known) -> None:
    page.locator("cop-thread:defined, cop-chat:defined").wait_for(state="attached")
    page.locator("article a[href$='/acts']").first.click()
    expect(page.get_by_role("menu").or_(page.get_by_role("dialog"))).to_be_visible()


def _suggestions(page: Page, _known: Known) -> None:
    page.locator("#main [type=search]").first.fill("conv")


def _attached(page: Page, _known: Known) -> None:
    if page.locator("cop-upload[draft]").count():
        page.locator("cop-upload[draft] .attach-button").hover()  # a composer fetches the module then
    page.locator("cop-upload:defined").wait_for(state="attached")
    page.locator("cop-upload input[type=file]").set_input_files(
        [
            {"name": "Bijlage.txt", "mimeType": "text/plain", "buffer": b"tekst"},
            {"name": "Leeg.txt", "mimeType": "text/plain", "buffer": b""},
        ]
    )
    expect(page.locator(".upload.is-failed", has_text="Leeg.txt")).to_be_visible()


def _opened(page: Page, _known: Known) -> None:
    for closed in page.locator("main details:not(.menu, [open]) > summary, aside details:not([open]) > summary").all():
        if closed.is_visible():
            closed.click()


def _refused(page: Page, _known: Known) -> None:
    """Submit the form of a page without the validation of the browser."""
    page.locator("main form").last.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def _asked(page: Page, _known: Known) -> None:
    page.locator("form[action='/sign-in'] [name=mail]").fill("d.luchtspiegel@noorderbrug.example")
    page.locator("form[action='/sign-in'] .button-primary").click()
    expect(page.locator("[name=code]")).to_be_visible()


def _refused_by_key(page: Page, _known: Known) -> None:
    page.locator("details.card-section > summary").click()
    form = page.locator("form[action='/sign-in/password']")
    form.locator("[name=mail]").fill("d.luchtspiegel@noorderbrug.example")
    form.locator("[name=password]").fill("dit is het niet")
    form.locator("button").last.click()
    expect(page.locator(".field-error").first).to_be_visible()


def _broken(status: int) -> Callable[[Page, Known], None]:
    """Show an error page that cannot be reached by opening an address."""

    def show(page: Page, known: Known) -> None:
        language = page.locator("html").get_attribute("lang")
        body = problem(status, str(language), known.product.address)
        page.route("**/refused", lambda route: route.fulfill(content_type="text/html", body=body))
        page.goto("/refused")
        expect(page.locator(".stopped-code")).to_have_text(str(status))

    return show


# Elements that can be opened on a page, and error messages.
STATES: dict[str, tuple[str | None, Way, Callable[[Page, Known], None]]] = {
    "menu of the viewer": (W, "/", _menu),
    "menu of places": (W, "/", _places),
    "writing": (W, lambda known: known.long, _editor),
    "writing a link": (W, f"{HOUSING}/threads/new", _link),
    "writing with attachments": (W, f"{HOUSING}/threads/new", _attached),
    "new thread, refused": (W, f"{HOUSING}/threads/new", _refused),
    "thread, menu of a post": (W, lambda known: known.long, _acts),
    "room, acts in a dialog": (W, lambda known: known.room, _acts),
    "thread, everything open": (MARIJKE, lambda known: known.long, _opened),
    "documents, everything open": (MARIJKE, f"{HOUSING}/documents", _opened),
    "document, everything open": (MARIJKE, lambda known: known.file, _opened),
    "documents, uploading": (W, f"{HOUSING}/documents", _attached),
    "search, everything open": (W, "/search?q=convenant", _opened),
    "settings, everything open": (W, "/settings/sign-in", _opened),
    "sign-in, everything open": (None, "/sign-in", _opened),
    "sign-in, mail under way": (None, "/sign-in", _asked),
    "sign-in, password refused": (None, "/sign-in", _refused_by_key),
    "first entry, refused": ("Nora", "/welcome", _refused),
    "programme, refused": (IRIS, "/programmes/new", _refused),
    **{f"{status}": (None, "/help", _broken(status)) for status in (400, 413, 429, 500, 503)},
}


@cache
def problem(status: int, language: str, address: str) -> str:
    """Return an error page as the product would send it from `address`."""
    with TemporaryDirectory() as folder:
        app = create_app(settings(folder, database_url="", base_url=address))

        @app.get("/refused")
        def refused() -> Any:
            if status == 500:
                raise RuntimeError("on purpose")
            if status == 503:
                raise OperationalError("on purpose", {}, Exception())
            abort(status)

        refused.open = True  # type: ignore[attr-defined]
        app.logger.disabled = True
        browser = app.test_client()
        browser.set_cookie("cop-language", language)
        answer = browser.get("/refused", headers={"Accept": "text/html"})
        assert answer.status_code == status
        return answer.text


@pytest.fixture(scope="session")
def known(product: Product, people: dict[str, int]) -> Known:
    return Known(product, people)


class Tour:
    """One browser page for each reader and language, reused for all addresses."""

    def __init__(self, browsers: Browsers, known: Known):
        self.desk, self.known = browsers, known
        self.windows: dict[tuple[str | None, str], Page] = {}

    def open(self, who: str | None, language: str, path: str) -> Page:
        """Open `path` as `who`, without transitions, so that colours are final."""
        window = self.windows.get((who, language))
        if window is None and who == CONTACT:
            window = self.desk.open(None, "/", language=language, axe=True, reduced_motion="reduce")
            window.context.add_cookies(self.known.cookies())  # type: ignore[arg-type]
            window.goto(path)
            self.windows[who, language] = window
        elif window is None:
            window = self.desk.open(who, path, language=language, axe=True, reduced_motion="reduce")
            self.windows[who, language] = window
        else:
            window.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
            window.goto(path)
        return window


@pytest.fixture(scope="module")
def tour(browser: Browser, product: Product, known: Known) -> Iterator[Tour]:
    browsers = Browsers(browser, product, known.people)
    yield Tour(browsers, known)
    browsers.close()


def where(way: Way, known: Known) -> str:
    """Return the address of a page."""
    return way if isinstance(way, str) else way(known)


def spoken(name: str) -> tuple[str, ...]:
    """Return the languages in which a page is checked; developer pages are Dutch only."""
    return ("nl",) if name == OURS else ("nl", "en")


def test_every_page_is_listed(known: Known, tmp_path: Path) -> None:
    """Every page of the product is in the list above."""
    app = create_app(settings(tmp_path, mode="demo", database_url="", base_url=known.product.address))
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not _by_program(rule)]
    addresses = app.url_map.bind("127.0.0.1")
    seen = {addresses.match(urlsplit(where(way, known)).path)[0] for _who, way in PAGES.values()}
    assert seen == {rule.endpoint for rule in rules} - NOT_PAGES
    assert seen & NOT_PAGES == set()
    assert {rule.endpoint for rule in rules} >= NOT_PAGES, "what is gone from the product goes from here"


def _by_program(rule: Rule) -> bool:
    """Return whether an address belongs to the API."""
    return rule.rule.startswith("/api/v1")


@pytest.mark.parametrize(("name", "language"), [(name, language) for name in PAGES for language in spoken(name)])
def test_page_is_accessible(name: str, language: str, known: Known, tour: Tour) -> None:
    who, way = PAGES[name]
    examine(tour, tour.open(who, language, where(way, known)), "" if name == OURS else language)


@pytest.mark.parametrize("name", STATES)
def test_opened_state_is_accessible(name: str, known: Known, tour: Tour) -> None:
    who, way, open = STATES[name]
    page = tour.open(who, "nl", where(way, known))
    open(page, known)
    examine(tour, page, "nl")


@pytest.mark.parametrize("width", [width for width, _height in SIZES])
@pytest.mark.parametrize("way", [lambda known: known.long, lambda known: f"{HOUSING}/documents?folder={known.folder}"])
def test_menus_are_accessible(way: Callable[[Known], str], width: int, known: Known, tour: Tour) -> None:
    """A menu covers the page behind it, so only the menu is examined."""
    page = tour.open(MARIJKE, "nl", way(known))
    page.set_viewport_size({"width": width, "height": 800})
    page.locator("main .menu > summary").first.click()
    expect(page.locator("main .menu[open] .menu-list")).to_be_in_viewport(ratio=1)
    wrong = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.evaluate(DRAWN)
        wrong += findings(page, WCAG, "main .menu[open]")
    assert wrong == []


def examine(tour: Tour, page: Page, language: str) -> None:
    """Check a page at both widths and in both schemes.

    English has the same elements and colours in other words: there the words have to fit and to say their language.
    """
    wrong = _too_wide(page) if language == "en" else _in_every_light(page)
    if language and page.locator("html").get_attribute("lang") != language:
        wrong.append("the page does not say its language")
    if page.locator("main h1:not(dialog *)").count() != 1:
        wrong.append("it is not one heading that says what the page is")
    if language == "nl":
        wrong += _foreign(page)
    wrong += tour.desk.wrong()
    assert not wrong, "\n" + "\n".join(dict.fromkeys(wrong))


def _lights(page: Page) -> Sequence[tuple[tuple[int, int], Literal["light", "dark"]]]:
    """Return the widths and schemes to examine a page in: both widths and both schemes, paired one way or the other.

    What a page has in all four is on other pages too. COP_TEST_WIDTHS=360,1280 examines every page in all four.
    """
    if len(WIDTHS) > 1:
        return EVERY_LIGHT
    turned = crc32(urlsplit(page.url).path.encode()) % 2
    return tuple((size, SCHEMES[number ^ turned]) for number, size in enumerate(SIZES))


def _in_every_light(page: Page) -> list[str]:
    """Return what axe finds, and what overflows at 320 px."""
    found = []
    for (width, height), scheme in _lights(page):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(DRAWN)
        found += [f"{scheme} {width}: {one}" for one in findings(page)]
    return found + _too_wide(page)


def _too_wide(page: Page) -> list[str]:
    """Return what overflows at 320 px."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate(DRAWN)
    wide = page.evaluate(WIDER)
    return [f"320 px: wider than the screen: {wide}"] if wide else []


# Wait until the change of scheme or width is painted.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
WIDER = """() => {
  const screen = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= screen) return ""
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > screen + 1)
  return `${document.documentElement.scrollWidth} px: ` + wide.slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(" … ")
}"""


def _foreign(page: Page) -> list[str]:
    """Return English words and machine-formatted dates in the text of the product."""
    shown = page.evaluate(
        """(written) => {
      const copy = document.body.cloneNode(true)
      for (const one of copy.querySelectorAll(written + ", script, style, svg")) one.remove()
      const attributes = [...copy.querySelectorAll("[aria-label], [title], [placeholder], [alt]")]
        .flatMap((one) => ["aria-label", "title", "placeholder", "alt"].map((name) => one.getAttribute(name) ?? ""))
      return [copy.textContent, document.title, ...attributes].join("\\n")
    }""",
        WRITTEN,
    )
    lines = [line.strip() for line in shown.split("\n") if line.strip()]
    return [f"not Dutch: {line[:120]}" for line in lines if ENGLISH.search(line)] + [
        f"a date for machines: {line[:120]}" for line in lines if ISO_DATE.search(line)
    ]
