"""The page of a poll, and the list of all."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base import clock
from cop.base.web import endpoint, respond, respond_list
from cop.polls import forms
from cop.polls.models import Answered, Poll, everybody, poll_person, polls_of, standings, votes_of
from cop.polls.routes.blueprint import around, find, routes
from cop.society.people import Person

VERBS = ("choose", "edit", "open", "remind", "remove", "require", "vote", "withdraw")


@routes.get("/polls")
@endpoint("polls.list", asks=forms.Listing, gives=forms.PollRow, many=True)
def listed(asked: dict[str, Any]) -> Response:
    """List every poll of the audiences of the viewer, the newest first."""
    person = viewer()
    return respond_list(
        polls_of(person, asked.get("after"), asked.get("limit", 50)),
        page="polls/list.html",
        after=asked.get("after"),
        audiences=access.rights(person).audiences,
        planned=access.rights(person).planned,
    )


@routes.get("/polls/<int:id>")
@endpoint("polls.show", gives=forms.PollOut)
def show(id: int) -> Response:
    """Show a poll with its totals and the viewer's answer; for those who plan, with everybody's."""
    poll = find(id)
    return respond(lambda: described(poll), page="polls/show.html", context=lambda: shown(poll))


def shown(poll: Poll) -> dict[str, Any]:
    """Return what the page of a poll shows to the viewer."""
    person = viewer()
    people = everybody(poll) if access.rights(person).plans(poll.audience_id) else None
    return {
        **around(poll),
        **ballot(poll, person),
        "may": {verb: access.may(person, f"polls.{verb}", poll) for verb in VERBS},
        "people": people,
        "refused": refused(people or []),
        "reminded_today": poll.reminded is not None and clock.local(poll.reminded).date() == clock.today(),
    }


def ballot(poll: Poll, person: Person) -> dict[str, Any]:
    """Return the options of a poll, the best first, and what a person answered."""
    return {
        "options": standings(poll),
        "votes": votes_of(poll.id, person.id),
        "answer": poll_person(poll.id, person.id),
    }


def refused(people: list[Answered]) -> dict[int, list[str]]:
    """Return the names of those who must be there and cannot, by option."""
    found: dict[int, list[str]] = {}
    for one in people:
        for option, vote in one.votes.items():
            if one.required and vote == "no":
                found.setdefault(option, []).append(one.name)
    return found


def described(poll: Poll) -> forms.PollOut:
    """Return a poll for the API as the viewer sees it."""
    person = viewer()
    seen = ballot(poll, person)
    people = None
    if access.rights(person).plans(poll.audience_id):
        people = [forms.PersonOut(person=one.id, **_without_id(one)) for one in everybody(poll)]
    same = ("id", "url", "title", "status", "purpose", "venue", "hours", "closes", "answerable", "version")
    return forms.PollOut(
        **{name: getattr(poll, name) for name in same},
        kind=poll.meeting_kind,
        audience=access.audience(person, poll.audience_id).name,
        meeting=f"/meetings/{poll.meeting_id}" if poll.meeting_id else None,
        options=[forms.OptionOut.of(one, seen["votes"].get(one.id, "")) for one in seen["options"]],
        remark=seen["answer"].remark if seen["answer"] else "",
        people=people,
    )


def _without_id(one: Answered) -> dict[str, Any]:
    given = one._asdict()
    del given["id"]
    return given
