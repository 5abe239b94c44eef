"""Verbs of the local challenge: describing it, and putting an older version back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Conflict, NotFound
from cop.base.words import _
from cop.partnerships.models import CHALLENGE, ApplicationText, ChallengeField, ChallengeVersion, challenge_of
from cop.society.people import Person
from cop.society.programmes import Partnership


@action("partnerships.describe")
def describe(
    person: Person,
    partnership: Partnership,
    *,
    goal: str | None = None,
    step: str | None = None,
    obstacle: str | None = None,
    next_step: str | None = None,
    help_wanted: str | None = None,
    private: Sequence[ChallengeField] | None = None,
    base_version: int | None = None,
) -> ChallengeVersion:
    """Write a new version of the local challenge; what is not given stays as it is.

    private: the fields that only the partnership and the programme team read. Raise Conflict when another version came
    after `base_version`.
    """
    now = _locked(partnership)
    if base_version is not None and base_version != (now.number if now else 0):
        raise Conflict(
            _("Een collega heeft de lokale opgave intussen bijgewerkt. Uw tekst staat er nog; kijk wat er nu staat."),
            version=now.number if now else 0,
        )
    given = {"goal": goal, "step": step, "obstacle": obstacle, "next_step": next_step, "help_wanted": help_wanted}
    texts = {name: text for name, text in given.items() if text is not None}
    written = _write(person, partnership, now, texts, private)
    detail(version=written.number)
    return written


def set_goal(person: Person, partnership: Partnership, goal: str) -> None:
    """Write a version with another goal, inside a verb of who sets up the partnership."""
    _write(person, partnership, _locked(partnership), {"goal": goal})


@action("partnerships.restore_challenge")
def restore_challenge(person: Person, partnership: Partnership, *, number: int) -> ChallengeVersion:
    """Put the texts of an older version back, as a new version; who may read which field stays as it is."""
    now = _locked(partnership)
    older = db.session.get(ChallengeVersion, (partnership.id, number))
    if older is None:
        raise NotFound
    texts: dict[str, str] = {name: getattr(older, name) for name in CHALLENGE}
    written = _write(person, partnership, now, texts, restored_from=number)
    detail(version=written.number)
    return written


def take_over(partnership: Partnership, texts: Mapping[str, str]) -> None:
    """Carry what the applicants wrote into the page of their partnership, in the running transaction.

    texts: by the key of the block of the form. Those with the name of a field of the challenge become its first version;
    all of them can be read beside it.
    """
    written = {name: texts[name] for name in CHALLENGE if texts.get(name)}
    _write(None, partnership, challenge_of(partnership.id), {"goal": partnership.challenge} | written)
    for position, (key, text) in enumerate(texts.items()):
        if text.strip():
            db.session.add(ApplicationText(partnership_id=partnership.id, position=position, key=key, text=text))
    db.session.flush()


def _locked(partnership: Partnership) -> ChallengeVersion | None:
    """Return the last version, and let no other be written until the commit."""
    advisory_lock(f"challenge:{partnership.id}")
    now = challenge_of(partnership.id)
    if now is None and partnership.challenge:  # written when the partnership was recorded
        now = ChallengeVersion(partnership_id=partnership.id, number=1, goal=partnership.challenge)
        db.session.add(now)
        db.session.flush()
    return now


def _write(
    person: Person | None,
    partnership: Partnership,
    now: ChallengeVersion | None,
    texts: Mapping[str, str],
    private: Sequence[str] | None = None,
    restored_from: int | None = None,
) -> ChallengeVersion:
    """Add a version, unless it says the same as the last one by a person."""
    fields = {name: getattr(now, name) if now else "" for name in CHALLENGE} | dict(texts)
    hidden = sorted(set(private)) if private is not None else list(now.private) if now else []
    same = now is not None and all(getattr(now, name) == fields[name] for name in CHALLENGE) and now.private == hidden
    if now is not None and same and (now.person_id is not None or person is None):
        return now
    written = ChallengeVersion(
        partnership_id=partnership.id,
        number=now.number + 1 if now else 1,
        private=hidden,
        person_id=person.id if person is not None else None,
        restored_from=restored_from,
        **fields,
    )
    db.session.add(written)
    partnership.challenge = "" if "goal" in hidden else written.goal
    db.session.flush()
    return written
