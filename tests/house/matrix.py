"""Who gets what at every door: the table, and the page it is printed on (`python -m tests.house.matrix`)."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import cop
from cop import access
from cop.base.action import VERBS

PAGE = Path(__file__).parents[2] / "docs" / "access.md"

# Who they are stands in tests/conftest.py. The world (world.py) lies in community one; most of it is Anna's.
CAST = {
    "gast": "signed out",
    "chris": "member of another community",
    "hans": "removed",
    "kees": "deactivated",
    "gerda": "reader",
    "anna": "member, who made it",
    "bram": "member",
    "dina": "invited expert",
    "jan": "moderator of another community",
    "eva": "moderator",
    "fons": "programme team",
    "iris": "administrator",
}
MEANS = {"o": "✓", "s": "sign in", "f": "403", "n": "404", "i": "422"}


@dataclass(frozen=True)
class At:
    """What is filled in from the world by its name there."""

    name: str


@dataclass(frozen=True)
class Row:
    """A door: a letter for each of the cast (o gets it, s signs in first, f 403, n 404, i is told what is wrong with
    the input), what is sent, and what stands in its address where that is not the usual."""

    who: str
    sends: dict[str, Any] = field(default_factory=dict)
    at: dict[str, str] = field(default_factory=dict)
    web: str = ""  # where a browser's form gets another answer than a program

    def letter(self, name: str, api: bool = True) -> str:
        """What one of the cast gets."""
        return (self.who if api or not self.web else self.web).replace(" ", "")[list(CAST).index(name)]


FILE = At("upload")
REASON = {"reason": "Persoonsgegevens"}
BODY = {"body": "Een *andere* tekst."}

#   gast chris hans kees · gerda anna bram dina · jan eva fons iris
ENDPOINTS: dict[str, Row] = {
    "api.document": Row("oooo oooo oooo"),
    "api.show": Row("soos oooo oooo"),
    "communities.add": Row("sfns ffff ffoo", {"name": "Derde kring", "slug": "drie"}),
    "communities.edit": Row("snns ffff noon", {"name": "Kring"}),
    "communities.join": Row("sfns ffff fffo", {"community": "een"}),
    "communities.list": Row("soos oooo oooo"),
    "communities.new": Row("sfns ffff ffoo"),
    "communities.settings": Row("snns ffff noon"),
    "communities.show": Row("snns oooo noon"),
    "developing.letter": Row("oooo oooo oooo"),
    "developing.letter_html": Row("oooo oooo oooo"),
    "developing.mail": Row("oooo oooo oooo"),
    "developing.styleguide": Row("oooo oooo oooo"),
    "documents.list": Row("snns oooo noon"),
    "drafts.drop": Row("soos oooo oooo"),
    "drafts.save": Row("soos oooo oooo", {"fields": {"body": "Nog niet af"}}, web="siis iiii iiii"),
    "drafts.show": Row("soos oooo oooo"),
    "files.content": Row("snns oooo noon"),
    "files.describe": Row("snns foff noon", {"description": "Waar het over gaat"}),
    "files.list": Row("snns oooo noon"),
    "files.replace": Row("snns fooo noon", {"file": FILE}),
    "files.restore": Row("snns fooo noon"),
    "files.show": Row("snns oooo noon"),
    "files.trash": Row("snns foff noon"),
    "files.trashed": Row("snns oooo noon"),
    "files.untrash": Row("snns nonn noon", at={"id": "trashed"}),
    "files.upload": Row("snns fooo noon", {"file": FILE}),
    "folders.add": Row("snns fooo noon", {"name": "Verslagen"}),
    "folders.list": Row("snns oooo noon"),
    "folders.remove": Row("snns ffff noon"),
    "folders.rename": Row("snns ffff noon", {"name": "Modelteksten"}),
    "home.show": Row("oooo oooo oooo"),
    "jobs.revive": Row("sffs ffff fffo"),
    "mail.resend": Row("sffs ffff fffo"),
    "members.change": Row("snns ffff noon", {"role": "reader"}),
    "members.invitations": Row("snns ffff noon"),
    "members.invite": Row("snns ffff noon", {"mail": "verder@proef.example"}),
    "members.invite_several": Row("snns ffff noon", {"lines": "Vera Verder <verder@proef.example>"}),
    "members.list": Row("snns oooo noon"),
    "members.names": Row("snns oooo noon"),
    "members.remove": Row("snns ffof noon"),
    "members.resend": Row("snns ffff noon"),
    "members.revoke": Row("snns ffff noon"),
    "members.show": Row("snns oooo noon"),
    "messages.acts": Row("snns oooo noon"),
    "messages.edit": Row("snns foff nffn", BODY),
    "messages.hide": Row("snns ffff noon", REASON),
    "messages.react": Row("snns fooo noon"),
    "messages.restore": Row("snns foff nffn", at={"id": "retracted_message"}),
    "messages.retract": Row("snns foff nffn"),
    "messages.say": Row("snns fooo noon", BODY),
    "messages.show": Row("snns oooo noon"),
    "messages.unhide": Row("snns ffff noon", at={"id": "hidden_message"}),
    "messages.unreact": Row("snns fooo noon"),
    "notices.choose": Row("soos oooo oooo", {"digest": "never"}),
    "notices.follow": Row("snns oooo noon"),
    "notices.list": Row("soos oooo oooo"),
    "notices.mute": Row("snns oooo noon"),
    "notices.open": Row("snns nonn nnnn"),
    "notices.read": Row("soos oooo oooo"),
    "notices.settings": Row("soos oooo oooo"),
    "notices.unfollow": Row("snns oooo noon"),
    "notices.unread": Row("soos oooo oooo"),
    "notices.unsubscribe": Row("oooo oooo oooo"),
    "notices.unsubscribe_page": Row("oooo oooo oooo"),
    "operations.healthz": Row("oooo oooo oooo"),
    "operations.journal": Row("sffs ffff fffo"),
    "operations.metrics": Row("oooo oooo oooo"),  # from this machine; from elsewhere with its token
    "operations.readyz": Row("oooo oooo oooo"),
    "operations.show": Row("sffs ffff fffo"),
    "organisations.add": Row("sffs ffff ffoo", {"name": "Zorggroep Proef", "kind": "care"}),
    "organisations.edit": Row("sffs ffff ffoo", {"about": "Wat zij doen"}),
    "organisations.list": Row("snns nnnn nnoo"),
    "organisations.settings": Row("sffs ffff ffoo"),
    "organisations.show": Row("soos oooo oooo"),
    "partnerships.add": Row("sfns ffff ffoo", {"name": "Duo", "organisations": At("organisations")}),
    "partnerships.edit": Row("sfns ffff ffoo", {"challenge": "De opgave"}),
    "partnerships.new": Row("sfns ffff ffoo"),
    "partnerships.settings": Row("sfns ffff ffoo"),
    "partnerships.show": Row("sons oooo oooo"),
    "people.about": Row("oooo oooo oooo"),
    "people.add": Row("sffs ffff fffo", {"mail": "verder@proef.example", "name": "Vera Verder"}),
    "people.change_mail": Row("soos oooo oooo", {"mail": "ander@proef.example"}),
    "people.code": Row("oooo oooo oooo"),
    "people.confirm_mail": Row("oooo oooo oooo", at={"secret": "mail_link"}),
    "people.deactivate": Row("sfns ffff fffo"),
    "people.demote": Row("sfns ffff fffo"),
    "people.edit": Row("soos oooo oooo", {"function": "Adviseur"}),
    "people.enter": Row("soos oooo oooo", {"name": "Iemand Anders", "rules": "1", "privacy": "1"}),
    "people.entrance": Row("oooo oooo oooo"),
    "people.link": Row("oooo oooo oooo", {"mail": "anna@proef.example"}),
    "people.link_again": Row("oooo oooo oooo"),
    "people.link_page": Row("oooo oooo oooo"),
    "people.list": Row("snns nnnn nnno"),
    "people.mail_page": Row("oooo oooo oooo", at={"secret": "mail_link"}),
    "people.me": Row("soos oooo oooo"),
    "people.photo": Row("snns nnnn nnnn"),  # Bram has none
    "people.promote": Row("sfns ffff fffo"),
    "people.reactivate": Row("sfns ffff fffo"),
    "people.security_txt": Row("oooo oooo oooo"),
    "people.set_language": Row("oooo oooo oooo", {"language": "en"}),
    "people.set_password": Row("soos oooo oooo", {"password": "vier gewone woorden samen"}),
    "people.set_photo": Row("soos oooo oooo", {"remove": "1"}),
    "people.settings": Row("soos oooo oooo"),
    "people.show": Row("sons oooo oooo"),
    "people.sign_in": Row("oooo oooo oooo"),
    "people.sign_in_as": Row("nnnn nnnn nnnn", {"person": At("person")}),  # in the demonstration alone
    "people.sign_in_by_code": Row("oooo oooo oooo", {"mail": "bram@proef.example", "code": At("code")}),
    "people.sign_in_by_password": Row("iiii iiii iiii", {"mail": "bram@proef.example", "password": "niet goed"}),
    "people.sign_out": Row("soos oooo oooo"),
    "people.sign_out_everywhere": Row("soos oooo oooo"),
    "people.theme": Row("oooo oooo oooo", {"theme": "dark"}),
    "people.welcome": Row("soos oooo oooo"),
    "posts.acts": Row("snns oooo noon"),
    "posts.edit": Row("snns foff nffn", BODY),
    "posts.form": Row("snns foff nffn"),
    "posts.hide": Row("snns ffff noon", REASON),
    "posts.react": Row("snns fooo noon"),
    "posts.restore": Row("snns foff nffn", at={"id": "retracted"}),
    "posts.retract": Row("snns foff nffn"),
    "posts.show": Row("snns oooo noon"),
    "posts.unhide": Row("snns ffff noon", at={"id": "hidden"}),
    "posts.unreact": Row("snns fooo noon"),
    "programmes.add": Row("sffs ffff fffo", {"name": "Ander programma", "slug": "ander"}),
    "programmes.edit": Row("sfns ffff ffoo", {"about": "Waar het om gaat"}),
    "programmes.list": Row("soos oooo oooo"),
    "programmes.new": Row("sffs ffff fffo"),
    "programmes.settings": Row("sfns ffff ffoo"),
    "programmes.show": Row("sons oooo oooo"),
    "rooms.harvest": Row("snns fooo noon", {"messages": At("messages")}),
    "rooms.list": Row("snns oooo noon"),
    "rooms.mark": Row("snns oooo noon", {"seq": "1"}),
    "rooms.messages": Row("snns oooo noon"),
    "rooms.people": Row("snns oooo noon"),
    "rooms.show": Row("snns oooo noon"),
    "search.find": Row("soos oooo oooo"),
    "search.similar": Row("snns oooo noon"),
    "search.suggestions": Row("soos oooo oooo"),
    "team.add": Row("sfns ffff ffoo", {"member": At("person")}),
    "team.remove": Row("sfns ffff ffoo"),
    "threads.answer": Row("snns foff noon", {"post": At("answer")}),
    "threads.close": Row("snns ffff noon"),
    "threads.desk": Row("snns oooo noon"),
    "threads.feature": Row("snns ffff noon"),
    "threads.hide": Row("snns ffff noon", REASON),
    "threads.list": Row("snns oooo noon"),
    "threads.mark": Row("snns oooo noon", {"seq": "1"}),
    "threads.move": Row("snns ffff nion", {"community": "twee"}),  # Eva does not moderate there
    "threads.new": Row("snns fooo noon"),
    "threads.pin": Row("snns ffff noon"),
    "threads.posts": Row("snns oooo noon"),
    "threads.reopen": Row("snns ffff noon"),
    "threads.reply": Row("snns fooo noon", BODY),
    "threads.retitle": Row("snns foff noon", {"title": "Wie heeft een werkend convenant?"}),
    "threads.retract": Row("snns foff nffn", at={"id": "alone"}),
    "threads.show": Row("snns oooo noon"),
    "threads.start": Row("snns fooo noon", {"title": "Nog een vraag", **BODY}),
    "threads.unanswer": Row("snns foff noon"),
    "threads.unfeature": Row("snns ffff noon"),
    "threads.unhide": Row("snns nfnn noon", at={"id": "hidden_thread"}),
    "threads.unpin": Row("snns ffff noon"),
    "tokens.list": Row("soos oooo oooo"),
    "tokens.make": Row("soos oooo oooo", {"label": "Script"}),
    "tokens.revoke": Row("snns nonn nnnn"),
    "uploads.sweep": Row("sffs ffff fffo"),
}

# Socket events, and the places one may join. A refusal is the answer `{error}`; s: the connection itself is refused.
EVENTS: dict[str, Row] = {
    "connect": Row("soos oooo oooo"),
    "join thread": Row("snns oooo noon"),
    "join room": Row("snns oooo noon"),
    "join hidden thread": Row("snns nonn noon", at={"id": "hidden_thread"}),
    "leave": Row("soos oooo oooo"),  # of where one is not: nothing happens
    "typing": Row("snns oooo noon"),
    "disconnect": Row("soos oooo oooo"),
}


def _words(rule: Any) -> str:
    """A rule of `access.py` in words: the roles it names, or the first line of its docstring."""
    known = inspect.getclosurevars(rule).nonlocals
    if "names" in known:
        return ", ".join(known["names"])
    if "rules" in known:
        return "; ".join(_words(one) for one in known["rules"])
    return _first_sentence(rule)


def _first_sentence(function: Any) -> str:
    return " ".join((inspect.getdoc(function) or "").split()).partition(". ")[0].rstrip(".")


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def page() -> str:
    """The page for docs/: the verbs with their rules, and what everybody gets at each door and socket event."""
    for feature in cop.FEATURES:
        import_module(f"cop.{feature}.routes")  # and with it the verbs of the feature
    head = [_line("", *CAST.values()), _line(*["---"] * (len(CAST) + 1))]

    def lines(table: dict[str, Row]) -> list[str]:
        return [*head, *(_line(f"`{name}`", *(MEANS[row.letter(who)] for who in CAST)) for name, row in table.items())]

    return "\n".join(
        [
            "# Who may do what",
            "",
            "Printed by `python -m tests.house.matrix` from `cop/access.py` and the table that `tests/house/test_matrix.py`",
            "holds against the product, at every address under both its names. Do not edit by hand.",
            "",
            "## Verbs",
            "",
            "Who has one of these roles in the community of the thing, or is meant by the words. `SYSTEM`, the house itself,",
            "may do all.",
            "",
            _line("verb", "what it does", "who"),
            _line(*["---"] * 3),
            *(
                _line(f"`{verb}`", _first_sentence(VERBS[verb].run), _words(rule))
                for verb, rule in sorted(access.RULES.items())
            ),
            "",
            "## Doors",
            "",
            "What each of the cast gets for something of a member in the first community. *Sign in*: a browser is led to the",
            "sign-in page, a program gets 401. *404*: it does not exist for them. *422*: their input is refused.",
            "",
            *lines(ENDPOINTS),
            "",
            "## Socket events",
            "",
            "*Sign in*: the connection is refused. *404*: the answer is an error and nothing is sent.",
            "",
            *lines(EVENTS),
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(page())
