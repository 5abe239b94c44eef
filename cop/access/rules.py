"""The rule table: who may run each verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from cop.access.rights import CURATORS, RANKS, SYSTEM, WRITERS, Rights, audience_of, rights
from cop.access.visibility import leads_organisation, leads_whole_organisation, leads_whole_person
from cop.base.errors import Forbidden, SignInNeeded
from cop.base.words import _
from cop.society.organisations import Organisation
from cop.society.people import GUEST, Person
from cop.society.programmes import Programme
from cop.things import CORRECTIONS, AuthorRow, Corrections, Thing

K = TypeVar("K", bound=Thing)
# A rule gets what the verb is about: a thing or its row, a community, a person, None, …
Rule = Callable[[Rights, Person, Any], bool]


def roles(*names: str) -> Rule:
    """People with one of these roles in the audience of the thing, or as a guest of it."""
    return lambda rights, person, thing: rights.role_for(thing) in names


def either(*rules: Rule) -> Rule:
    """People whom one of the rules allows."""
    return lambda rights, person, thing: any(rule(rights, person, thing) for rule in rules)


def author(rights: Rights, person: Person, thing: AuthorRow) -> bool:
    """The author of the thing, while they may write there."""
    return thing.author_id == person.id and rights.role_for(thing) in WRITERS


def themselves(rights: Rights, person: Person, thing: object) -> bool:
    """The person themselves, or the owner of the thing."""
    return (thing.id if isinstance(thing, Person) else getattr(thing, "person_id", None)) == person.id


def admin(rights: Rights, person: Person, thing: object) -> bool:
    """Administrators."""
    return bool(person.is_admin)


def leads_programme(rights: Rights, person: Person, thing: object) -> bool:
    """The programme team of the programme (or of the thing's programme)."""
    programme = thing.id if isinstance(thing, Programme) else getattr(thing, "programme_id", None)
    return rights.leads(programme)


def leads_some_programme(rights: Rights, person: Person, thing: object) -> bool:
    """The team of any programme."""
    return bool(rights.led)


def leads_programme_of(rights: Rights, person: Person, thing: Organisation) -> bool:
    """The team of a programme in which the organisation takes part."""
    return leads_organisation(rights, thing)


def leads_programmes_of(rights: Rights, person: Person, thing: Organisation) -> bool:
    """The team of every programme in which the organisation takes part."""
    return leads_whole_organisation(rights, thing)


def leads_programmes_of_person(rights: Rights, person: Person, thing: Person) -> bool:
    """The team of every programme in which the person takes part, unless that is an administrator."""
    return leads_whole_person(rights, thing)


def system(rights: Rights, person: Person, thing: object) -> bool:
    """Nobody but the platform itself: `SYSTEM` passes without a rule."""
    return False


def applicant(rights: Rights, person: Person, thing: object) -> bool:
    """The contacts of the application, who have no account: the endpoint knows them by a cookie of their own."""
    return False  # they are no people of the platform, which runs the verb for them


def plans_meetings(rights: Rights, person: Person, thing: object) -> bool:
    """The programme team, and moderators of the community."""
    return rights.plans(audience_of(rights, thing))


def guest(rights: Rights, person: Person, thing: object) -> bool:
    """A guest of the meeting, who has no account, by the link in their mail."""
    return person.state == GUEST


def asker(rights: Rights, person: Person, thing: Any) -> bool:
    """The person who asked the question, while they may write there."""
    return thing.person_id == person.id and rights.role_for(thing) in WRITERS


def marks_outcomes(rights: Rights, person: Person, thing: Any) -> bool:
    """Those who write in its audience; of a meeting everybody in it. Guests do not see what they would mark."""
    role = rights.role(audience_of(rights, thing))
    return role in (RANKS if getattr(thing, "kind", "") == "meeting" else WRITERS)


def marker(rights: Rights, person: Person, thing: Any) -> bool:
    """Who marked the outcome, while they are in its audience."""
    return thing.author_id == person.id and rights.role(audience_of(rights, thing)) is not None


def in_audience(rights: Rights, person: Person, thing: Any) -> bool:
    """Everybody in its audience."""
    return rights.role(audience_of(rights, thing)) is not None


def flags_others(rights: Rights, person: Person, thing: Any) -> bool:
    """Everybody who reads it, unless they wrote it or are the member."""
    own = person.id in (getattr(thing, "author_id", None), getattr(thing, "person_id", None))
    return rights.role_for(thing) in RANKS and not own


def decides_on_flags(rights: Rights, person: Person, thing: Any) -> bool:
    """The moderators of the community; of a programme or partnership its team; nobody on a flag about themselves."""
    return rights.plans(audience_of(rights, thing)) and thing.about_id != person.id


def uses_others(rights: Rights, person: Person, thing: Any) -> bool:
    """Everybody in its audience, unless they wrote it."""
    return in_audience(rights, person, thing) and thing.author_id != person.id


def user(rights: Rights, person: Person, thing: Any) -> bool:
    """Who used it, while they are in its audience."""
    return thing.person_id == person.id and in_audience(rights, person, thing)


def wrote_note(rights: Rights, person: Person, thing: Any) -> bool:
    """Who wrote the note, while they moderate its audience."""
    return thing.person_id == person.id and rights.curates(thing.audience_id)


def uploader(rights: Rights, person: Person, thing: Any) -> bool:
    """Who added the picture, while they are in its audience."""
    return thing.person_id == person.id and in_audience(rights, person, thing)


def owner(rights: Rights, person: Person, thing: Any) -> bool:
    """The owner of the action or guidance, while they are in its audience."""
    return thing.owner_id == person.id and rights.role(audience_of(rights, thing)) is not None


def drafts_guidance(rights: Rights, person: Person, thing: Any) -> bool:
    """Experts, moderators and the programme team, in a community."""
    here = rights.audiences.get(audience_of(rights, thing) or 0)
    return here is not None and here.kind == "community" and here.role in ("expert", *CURATORS)


def reviews_guidance(rights: Rights, person: Person, thing: Any) -> bool:
    """The expert or moderator who was asked, or without a name any moderator and the programme team; never its owner."""
    audience = audience_of(rights, thing)
    if thing.owner_id == person.id:
        return False
    if thing.reviewer_id is None:
        return rights.plans(audience)
    return thing.reviewer_id == person.id and rights.role(audience) in ("expert", *CURATORS)


def writes_minutes(rights: Rights, person: Person, thing: Any) -> bool:
    """The programme team and moderators of the community; where members write along, also those."""
    audience = audience_of(rights, thing)
    return rights.plans(audience) or (thing.open and rights.role(audience) in WRITERS)


def asked_expert(rights: Rights, person: Person, thing: Any) -> bool:
    """The expert to whom the question was put, while they may write there."""
    role = rights.role(thing.audience_id) or rights.guests.get(thing.thread_id)
    return thing.expert_id == person.id and role in WRITERS


members = roles(*WRITERS)


readers = roles(*WRITERS, "reader")


curators = roles(*CURATORS)


# The rule of each verb, one line each, in alphabetical order; docs/access.md is printed from it. The corrections of
# each kind (posts.edit, messages.hide, …) are added by its declaration: access/correcting.py.
RULES: dict[str, Rule] = {
    "access_review.confirm": either(admin, leads_programme),
    "access_review.end_guest": either(admin, leads_programme),
    "access_review.restore_guest": either(admin, leads_programme),
    "access_review.withdraw": either(admin, leads_programme),
    "agenda.add": plans_meetings,
    "agenda.edit": plans_meetings,
    "agenda.fill": plans_meetings,
    "agenda.move": plans_meetings,
    "agenda.remove": plans_meetings,
    "agenda.restore": plans_meetings,
    "applications.accept": leads_programme,
    "applications.answer_offer": applicant,
    "applications.attach": applicant,
    "applications.detach": applicant,
    "applications.enter": applicant,
    "applications.erase": system,
    "applications.expire_offer": system,
    "applications.extend": leads_programme,
    "applications.save": applicant,
    "applications.start": applicant,
    "applications.submit": applicant,
    "applications.undo": leads_programme,
    "applications.withdraw": applicant,
    "attendance.mark": readers,
    "attendance.unmark": readers,
    "bookmarks.add": readers,
    "bookmarks.edit": themselves,
    "bookmarks.remind": system,
    "bookmarks.remove": themselves,
    "bookmarks.restore": themselves,
    "breaches.close": admin,
    "breaches.note": admin,
    "breaches.reopen": admin,
    "breaches.report": either(author, curators),
    "bulletins.correct": leads_programme,
    "bulletins.draft": leads_programme,
    "bulletins.remove": leads_programme,
    "bulletins.restore": leads_programme,
    "bulletins.save": leads_programme,
    "bulletins.send": leads_programme,
    "bulletins.withdraw": leads_programme,
    "calendar.make": themselves,
    "calendar.revoke": themselves,
    "calls.add": leads_programme,
    "calls.build": leads_programme,
    "calls.close_round": leads_programme,
    "calls.edit": leads_programme,
    "calls.move_deadline": leads_programme,
    "calls.open_round": leads_programme,
    "calls.publish": leads_programme,
    "calls.reopen": leads_programme,
    "calls.unpublish": leads_programme,
    "coach.bring_back": leads_programme,
    "coach.configure": leads_programme,
    "coach.invite_again": leads_programme,
    "coach.set_aside": leads_programme,
    "coach.write": leads_programme,
    "communities.add": either(admin, leads_programme),
    "communities.drop_form": curators,
    "communities.edit": curators,
    "communities.join": admin,
    "communities.remove": either(admin, leads_programme),
    "communities.set_form": curators,
    "contacts.add": applicant,
    "contacts.make_lead": applicant,
    "contacts.remove": applicant,
    "contacts.sign_out": applicant,
    "decisions.edit_mail": leads_programme,
    "decisions.propose": leads_programme,
    "decisions.send": leads_programme,
    "drafts.drop": themselves,
    "drafts.restore": themselves,
    "drafts.save": themselves,
    "experts.accept": asked_expert,
    "experts.ask": either(author, curators),
    "experts.decline": asked_expert,
    "experts.drop": system,
    "experts.end_guest": curators,
    "experts.escalate": system,
    "experts.extend_guest": curators,
    "experts.give_up": system,
    "experts.hand_on": asked_expert,
    "experts.invite_guest": curators,
    "experts.pass_on": system,
    "experts.put": system,
    "experts.remind": system,
    "experts.settle": system,
    "experts.withdraw": either(asker, curators),
    "files.describe": either(author, curators),
    "files.publish": roles("team"),
    "files.replace": members,
    "files.restore": members,
    "files.trash": either(author, curators),
    "files.unpublish": roles("team"),
    "files.untrash": either(author, curators),
    "files.upload": members,
    "flags.edit": themselves,
    "flags.explain": system,
    "flags.raise": flags_others,
    "flags.recall": system,
    "flags.reopen": decides_on_flags,
    "flags.resolve": system,
    "flags.withdraw": themselves,
    "folders.add": members,
    "folders.remove": curators,
    "folders.rename": curators,
    "guidance.adopt": either(owner, plans_meetings),
    "guidance.advise": reviews_guidance,
    "guidance.affirm": either(owner, plans_meetings),
    "guidance.assign": either(owner, plans_meetings),
    "guidance.comment": members,
    "guidance.confirm": either(owner, plans_meetings),
    "guidance.draft": drafts_guidance,
    "guidance.edit": either(owner, plans_meetings),
    "guidance.expire": either(owner, plans_meetings),
    "guidance.hand_over": system,
    "guidance.leave_out": either(owner, plans_meetings),
    "guidance.mark_source": system,
    "guidance.reinstate": either(owner, plans_meetings),
    "guidance.remove": either(owner, plans_meetings),
    "guidance.reopen": either(owner, plans_meetings),
    "guidance.restore": either(owner, plans_meetings),
    "guidance.restore_name": in_audience,  # the verb refuses who did not contribute
    "guidance.review": either(owner, plans_meetings),
    "guidance.revise": either(owner, plans_meetings),
    "guidance.settle": either(owner, plans_meetings),
    "guidance.take": drafts_guidance,
    "guidance.uncomment": either(themselves, plans_meetings),
    "guidance.unrevise": either(owner, plans_meetings),
    "guidance.withdraw": either(owner, plans_meetings),
    "guidance.withdraw_name": in_audience,
    "imports.begin": system,
    "imports.end": system,
    "imports.undo": system,
    "imports.withdraw": system,
    "imports.write": system,
    "jobs.revive": admin,
    "mail.resend": admin,
    "meeting_materials.attach": readers,  # the verb refuses who neither leads nor hosts the meeting
    "meeting_materials.detach": readers,
    "meetings.admit_guest": system,
    "meetings.announce": plans_meetings,
    "meetings.announce_series": plans_meetings,
    "meetings.ask": members,
    "meetings.attend": readers,
    "meetings.cancel": plans_meetings,
    "meetings.correct_guest": readers,  # the verb refuses who neither leads nor hosts the meeting
    "meetings.edit": plans_meetings,
    "meetings.edit_series": plans_meetings,
    "meetings.erase_guests": system,
    "meetings.hand_over": readers,
    "meetings.hold": system,
    "meetings.invite": system,
    "meetings.invite_guest": readers,
    "meetings.invite_guest_again": readers,
    "meetings.leave_out": system,
    "meetings.remind": system,
    "meetings.move": plans_meetings,
    "meetings.pass_on": system,
    "meetings.plan": plans_meetings,
    "meetings.plan_series": plans_meetings,
    "meetings.remove": plans_meetings,
    "meetings.rsvp": either(readers, guest),  # who has found the meeting by their link
    "meetings.uninvite_guest": readers,
    "members.add_partners": curators,
    "members.change": curators,
    "members.correct": curators,
    "members.expire": system,
    "members.invite": curators,
    "members.invite_several": curators,
    "members.remove": either(curators, themselves),
    "members.resend": curators,
    "members.restore": curators,
    "members.revoke": curators,
    "members.warn": system,
    "messages.say": members,
    "minutes.add": writes_minutes,
    "minutes.begin": plans_meetings,
    "minutes.edit": writes_minutes,
    "minutes.hold": writes_minutes,
    "minutes.move": writes_minutes,
    "minutes.publish": plans_meetings,
    "minutes.release": writes_minutes,
    "minutes.remove": writes_minutes,
    "minutes.restore": writes_minutes,
    "minutes.share": plans_meetings,
    "minutes.take_over": plans_meetings,
    "minutes.withdraw": plans_meetings,
    "municipalities.import": admin,
    "municipalities.remove": admin,
    "notes.edit": wrote_note,
    "notes.remove": curators,
    "notes.write": curators,
    "notices.choose": themselves,
    "notices.choose_level": readers,
    "notices.choose_level_in": readers,
    "notices.follow": readers,
    "notices.mute": readers,
    "notices.read": themselves,
    "notices.reopen": themselves,
    "notices.unfollow": readers,
    "notices.unsubscribe": system,
    "organisations.add": either(admin, leads_some_programme),
    "organisations.edit": either(admin, leads_programme_of),
    "organisations.merge": either(admin, leads_programmes_of),
    "organisations.remove": either(admin, leads_programmes_of),
    "outcomes.edit": either(marker, plans_meetings),
    "outcomes.mark": marks_outcomes,
    "outcomes.remove": either(marker, plans_meetings),
    "outcomes.restore": either(marker, plans_meetings),
    "partnerships.add": either(admin, leads_programme),
    "partnerships.ask": members,
    "partnerships.check_in": members,
    "partnerships.close_month": system,
    "partnerships.consent": members,
    "partnerships.describe": members,
    "partnerships.edit": either(admin, leads_programme),
    "partnerships.open_month": system,
    "partnerships.remove": either(admin, leads_programme),
    "partnerships.restore_challenge": members,
    "partnerships.skip": members,
    "partnerships.withdraw_consent": members,
    "people.add": admin,
    "people.change_mail": themselves,
    "people.come_back": either(admin, leads_programmes_of_person, themselves),
    "people.confirm_mail": system,
    "people.correct": admin,
    "people.deactivate": admin,
    "people.demote": admin,
    "people.edit": themselves,
    "people.enter": themselves,
    "people.hand_over": either(admin, leads_programmes_of_person),
    "people.leave": either(admin, leads_programmes_of_person, themselves),
    "people.link": system,
    "people.promote": admin,
    "people.reactivate": admin,
    "people.set_language": themselves,
    "people.set_password": themselves,
    "people.set_photo": themselves,
    "people.sign_in": system,
    "people.sign_out": themselves,
    "people.sign_out_everywhere": themselves,
    "preparation.tick": readers,
    "preparation.untick": readers,
    "photos.add": in_audience,
    "photos.remove": either(uploader, plans_meetings),
    "photos.restore": either(uploader, plans_meetings),
    "polls.choose": plans_meetings,
    "polls.edit": plans_meetings,
    "polls.make": plans_meetings,
    "polls.open": plans_meetings,
    "polls.remind": plans_meetings,
    "polls.remove": plans_meetings,
    "polls.require": plans_meetings,
    "polls.vote": readers,
    "polls.withdraw": plans_meetings,
    "programmes.add": admin,
    "programmes.edit": either(admin, leads_programme),
    "programmes.edit_public": either(admin, leads_programme),
    "programmes.enter_phase": either(admin, leads_programme),
    "programmes.publish": either(admin, leads_programme),
    "programmes.remove": either(admin, leads_programme),
    "programmes.reopen": admin,
    "programmes.set_logo": either(admin, leads_programme),
    "programmes.unpublish": either(admin, leads_programme),
    "pulse.answer": readers,
    "pulse.ask": plans_meetings,
    "pulse.close": system,
    "pulse.resume": plans_meetings,
    "pulse.skip": plans_meetings,
    "pulse.withdraw": readers,
    "questions.edit": asker,
    "questions.hide": curators,
    "questions.place": plans_meetings,
    "questions.restore": curators,
    "questions.set_votes": plans_meetings,
    "questions.unplace": plans_meetings,
    "questions.unvote": readers,
    "questions.vote": readers,
    "questions.withdraw": asker,
    "reviewers.add": leads_programme,
    "reviewers.remove": leads_programme,
    "reviews.assign": leads_programme,
    "reviews.declare": themselves,
    "reviews.save": themselves,
    "rooms.close": plans_meetings,
    "rooms.harvest": members,
    "rooms.mark": readers,
    "rooms.open": plans_meetings,
    "rounds.answer": in_audience,
    "rounds.close": in_audience,
    "rounds.remove": in_audience,
    "rounds.reopen": in_audience,
    "rounds.restore": in_audience,
    "rounds.start": in_audience,
    "rounds.withdraw": in_audience,
    "rulings.answer": system,
    "rulings.appeal": themselves,
    "rulings.decide": decides_on_flags,
    "rulings.lapse": system,
    "rulings.make": decides_on_flags,
    "rulings.reconsider": decides_on_flags,
    "rulings.tell": system,
    "rulings.withdraw": decides_on_flags,
    "rulings.withdraw_appeal": themselves,
    "tasks.drop": either(owner, plans_meetings),
    "tasks.finish": either(owner, plans_meetings),
    "tasks.hand_over": system,
    "tasks.postpone": either(owner, plans_meetings),
    "tasks.reopen": either(owner, plans_meetings),
    "team.add": either(admin, leads_programme),
    "team.remove": either(admin, leads_programme),
    "threads.answer": either(author, curators),
    "threads.close": curators,
    "threads.close_at": curators,
    "threads.feature": curators,
    "threads.hide": curators,
    "threads.keep_open": curators,
    "threads.mark": readers,
    "threads.mark_duplicate": curators,
    "threads.merge": curators,
    "threads.move": curators,
    "threads.move_posts": curators,
    "threads.pin": curators,
    "threads.read_all": readers,
    "threads.reopen": curators,
    "threads.move_here": curators,
    "threads.reply": members,
    "threads.reply_at_once": curators,
    "threads.reply_closed": curators,
    "threads.retitle": either(author, curators),
    "threads.retract": author,
    "threads.slow": curators,
    "threads.split": curators,
    "threads.start": members,
    "threads.start_announcement": curators,
    "threads.start_guidance": roles("expert", *CURATORS),
    "threads.start_minutes": plans_meetings,
    "threads.unanswer": either(author, curators),
    "threads.unfeature": curators,
    "threads.unhide": curators,
    "threads.unmark_duplicate": curators,
    "threads.unmerge": curators,
    "threads.unpin": curators,
    "threads.unslow": curators,
    "threads.unread_all": readers,
    "threads.unread_from": readers,
    "tokens.make": themselves,
    "tokens.revoke": themselves,
    "uploads.sweep": admin,
    "uses.answers": in_audience,
    "uses.clear_outcome": user,
    "uses.edit": user,
    "uses.follow_up": user,
    "uses.report": uses_others,
    "uses.restore": either(user, plans_meetings),
    "uses.withdraw": either(user, plans_meetings),
}


# Rules that a verb judges inside, for input that needs more than its own rule.
INNER_RULES = {
    "programmes.reopen": "Take a programme out of the archive.",
    "threads.move_here": "Move a thread to this community.",
    "threads.reply_at_once": "Reply without the pause that a thread asks of everybody else.",
    "threads.reply_closed": "Reply in a closed thread.",
    "threads.start_announcement": "Start a thread of the kind announcement.",
    "threads.start_guidance": "Start a thread of the kind guidance.",
    "threads.start_minutes": "Start a thread of the kind minutes; only `minutes.publish` does.",
}


# What stands in an archived programme can be read, and withdrawn by its author or a moderator. Its team manages itself,
# can remove people and withdraw what is public; an administrator takes it out of the archive. Every other verb is refused.
IN_ARCHIVE = {
    "access_review.confirm",
    "access_review.end_guest",
    "access_review.withdraw",
    "bookmarks.add",
    "bookmarks.edit",
    "bookmarks.remove",
    "bookmarks.restore",
    "breaches.close",
    "breaches.note",
    "breaches.reopen",
    "breaches.report",
    "bulletins.withdraw",
    "communities.join",
    "communities.remove",
    "drafts.drop",
    "experts.end_guest",
    "experts.withdraw",
    "files.trash",
    "files.unpublish",
    "files.untrash",
    "flags.edit",
    "flags.raise",
    "flags.reopen",
    "flags.withdraw",
    "guidance.remove",
    "guidance.uncomment",
    "guidance.withdraw_name",
    "members.remove",
    "members.revoke",
    "minutes.release",
    "minutes.withdraw",
    "notices.choose_level",
    "notices.choose_level_in",
    "notices.follow",
    "notices.mute",
    "notices.unfollow",
    "outcomes.remove",
    "partnerships.remove",
    "partnerships.withdraw_consent",
    "programmes.enter_phase",
    "programmes.remove",
    "programmes.reopen",
    "programmes.unpublish",
    "photos.remove",
    "pulse.withdraw",
    "questions.withdraw",
    "rooms.close",
    "rooms.mark",
    "rounds.withdraw",
    "rulings.appeal",
    "rulings.decide",
    "rulings.make",
    "rulings.reconsider",
    "rulings.withdraw",
    "rulings.withdraw_appeal",
    "team.add",
    "team.remove",
    "threads.mark",
    "uses.clear_outcome",
    "uses.withdraw",
    "threads.read_all",
    "threads.unread_all",
    "threads.unread_from",
}
WITHDRAWING = ("hide", "redact", "restore", "retract", "unhide")  # of every kind


def archived(person: Person, verb: str, thing: object) -> bool:
    """Return whether a verb is refused because what it is about is in the archive."""
    withdraws = verb.partition(".")[2] in WITHDRAWING and verb != "files.restore"  # which publishes an earlier version
    if person is SYSTEM or verb in IN_ARCHIVE or withdraws:
        return False
    return rights(person).archived(thing)


def may(person: Person, verb: str, thing: object) -> bool:
    """Return whether the rule of `verb` and the archive allow it, to show or leave out a button."""
    return _allows(person, verb, thing) and not archived(person, verb, thing)


def _allows(person: Person, verb: str, thing: object) -> bool:
    if person is SYSTEM:
        return True
    return bool(getattr(person, "is_authenticated", False)) and RULES[verb](rights(person), person, thing)


def judge(person: Person, verb: str, thing: object, refusal: str = "") -> None:
    """Raise Forbidden unless the person may run the verb, with `refusal` as its message if given.

    A verb whose rule depends on its input judges a rule of its own inside, such as threads.start_guidance.
    """
    if person is not SYSTEM and not getattr(person, "is_authenticated", False):
        raise SignInNeeded()
    allowed = _allows(person, verb, thing)
    if allowed and archived(person, verb, thing):
        raise Forbidden(_("Dit programma staat in het archief. U kunt hier lezen, maar niets toevoegen of wijzigen."))
    if not allowed:
        raise Forbidden(
            refusal or _("U hebt hier niet het recht toe. Vraag het de moderator van deze praktijkgemeenschap.")
        )


def allowed(person: Person, verbs: Corrections[K], thing: K) -> dict[str, bool]:
    """Return which corrections of its kind a person may make to a thing, by verb."""
    return {verb: may(person, f"{verbs.plural}.{verb}", thing) for verb in CORRECTIONS}
