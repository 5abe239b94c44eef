"""The sections of home as HTML. Each is cached by what it shows, so that people who see the same share it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from cop.access.rights import AudienceRow
from cop.base import clock, text
from cop.base.web import render
from cop.base.web.pages import part
from cop.home.models import FeaturedThread, LatestDocument, OpenQuestion, UnreadThread
from cop.home.moderating import Moderating
from cop.home.since import News
from cop.notices.models import NoticeRow

Audiences = Mapping[int, AudienceRow]


def _section(template: str, shown: tuple[Hashable, ...], **given: Any) -> Markup:
    """Return a section; a moment of today is shown by its hour, so the day belongs to the key."""
    return Markup(part(f"home/{template}.html", (clock.today(), *shown), lambda: given))


def attention(
    news: News | None,
    notices: Sequence[NoticeRow],
    moderating: Moderating | None,
    communities: Any,
    audiences: Audiences,
) -> str:
    """Return what is new since the previous visit, the unread notices, and the work of a moderator."""
    found: list[str] = []
    if news is not None:
        shown = (news.since, *map(tuple, (news.followed, news.begun, news.others, news.documents, news.rooms)))
        found.append(_section("_news", (*shown, tuple(news.newcomers)), news=news, audiences=audiences))
    if notices:
        found.append(_section("_notices", tuple(notices), notices=notices, audiences=audiences))
    if moderating:
        found.append(render("home/_moderating.html", moderating=moderating, communities=communities))
    return "\n".join(found)


def asked(check_ins: Sequence[Any], undescribed: Sequence[Any]) -> str:
    """Return what the partnerships of the reader ask of them."""
    if not (check_ins or undescribed):
        return ""
    return render("home/_asked.html", check_ins=check_ins, undescribed=undescribed)


def unread(rows: list[UnreadThread], level: int, audiences: Audiences) -> Markup:
    """Return the threads with something new."""
    return _section("_unread", (level, *rows), unread=rows, level=level, audiences=audiences)


def questions(rows: list[OpenQuestion], level: int, themes: list[str], audiences: Audiences) -> Markup:
    """Return the open questions; those on a theme of the reader are marked."""
    shown = (level, *themes, *rows)
    return _section("_questions", shown, questions=rows, level=level, themes=themes, audiences=audiences)


def documents(rows: list[LatestDocument], level: int, audiences: Audiences) -> Markup:
    """Return the newest documents."""
    return _section("_documents", (level, *rows), documents=rows, level=level, audiences=audiences)


def block(name: str, rows: Sequence[Any], level: int, themes: list[str], audiences: Audiences) -> Markup:
    """Return a block of a programme by its name in `phases.BLOCKS`."""
    if name == "unread":
        return unread(list(rows), level, audiences)
    if name == "questions":
        return questions(list(rows), level, themes, audiences)
    if name == "documents":
        return documents(list(rows), level, audiences)
    if name == "featured":
        return featured(list(rows), level)
    return _section(f"_{name}", (level, *rows), level=level, **{name: rows})


def featured(rows: list[FeaturedThread], level: int = 2) -> Markup:
    """Return the featured threads."""
    return _section("_featured", (level, *rows), featured=rows, level=level, excerpt=text.excerpt) if rows else Markup()


def programmes(found: list[dict[str, Any]], shown: Markup) -> str:
    """Return the sections of each programme; `shown` are the featured threads, beside those of the only programme."""
    several = len(found) > 1
    return render("home/_programmes.html", programmes=found, several=several, featured=shown)
