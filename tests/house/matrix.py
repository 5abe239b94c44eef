"""The access table of every endpoint, and the page printed from it (`python -m tests.house.matrix`)."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field, fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import cop
from cop import access
from cop.access.rules import IN_ARCHIVE, INNER_RULES, WITHDRAWING
from cop.base.action import VERBS

PAGE = Path(__file__).parents[2] / "docs" / "access.md"

OK, SIGN_IN, FORBIDDEN, NOT_FOUND, INVALID = "✓", "sign in", "403", "404", "422"


@dataclass(frozen=True, kw_only=True)
class Access:
    """The response that each person of the cast gets."""

    signed_out: str = SIGN_IN
    outsider: str
    removed: str
    deactivated: str = SIGN_IN
    reader: str
    author: str
    member: str
    expert: str
    outside_moderator: str
    moderator: str
    team: str
    admin: str

    def but(self, **exceptions: str) -> Access:
        """Return the same access with exceptions."""
        return replace(self, **exceptions)


class Actor(NamedTuple):
    """A person of the cast: the field of `Access` and the heading of the column."""

    field: str
    heading: str


# The cast is described in tests/conftest.py. The world (world.py) is in community one; most of it is made by Anna.
CAST = {
    "gast": Actor("signed_out", "signed out"),
    "chris": Actor("outsider", "member of another community"),
    "hans": Actor("removed", "removed"),
    "kees": Actor("deactivated", "deactivated"),
    "gerda": Actor("reader", "reader"),
    "anna": Actor("author", "member, who made it"),
    "bram": Actor("member", "member"),
    "dina": Actor("expert", "invited expert"),
    "jan": Actor("outside_moderator", "moderator of another community"),
    "eva": Actor("moderator", "moderator"),
    "fons": Actor("team", "programme team"),
    "iris": Actor("admin", "administrator"),
}


def everyone(response: str) -> Access:
    """Return the access that gives everybody the same response."""
    return Access(**dict.fromkeys((field.name for field in fields(Access)), response))


def everyone_signed_in(response: str) -> Access:
    """Return the access that gives everybody with a session the same response."""
    return everyone(response).but(signed_out=SIGN_IN, deactivated=SIGN_IN)


PUBLIC = everyone(OK)
SIGNED_IN = everyone_signed_in(OK)
PROGRAMME = SIGNED_IN.but(removed=NOT_FOUND)
NOBODY = everyone_signed_in(NOT_FOUND)
OWNER = NOBODY.but(author=OK)
# Of something in the community:
READERS = NOBODY.but(reader=OK, author=OK, member=OK, expert=OK, moderator=OK, team=OK)
WRITERS = READERS.but(reader=FORBIDDEN)
AUTHOR_AND_MODERATORS = WRITERS.but(member=FORBIDDEN, expert=FORBIDDEN)
AUTHOR = AUTHOR_AND_MODERATORS.but(moderator=FORBIDDEN, team=FORBIDDEN)
MODERATORS = AUTHOR_AND_MODERATORS.but(author=FORBIDDEN)
PLANNERS = NOBODY.but(moderator=OK, team=OK)  # of a meeting that is a draft, or of its answers
JUDGES = PLANNERS.but(author=FORBIDDEN)  # of a ruling about Anna
JUDGED = JUDGES.but(author=OK, moderator=FORBIDDEN, team=FORBIDDEN)
TASK = MODERATORS.but(member=OK)  # of an action that Bram owns
DRAFTERS = MODERATORS.but(expert=OK)  # of guidance
TEAM = MODERATORS.but(moderator=FORBIDDEN)
ASKED_EXPERT = AUTHOR.but(author=FORBIDDEN, expert=OK)  # of a question that was put to Dina
# Of something in the programme, or in the platform as a whole:
ADMINS = everyone_signed_in(FORBIDDEN).but(admin=OK)
PROGRAMME_ADMINS = ADMINS.but(removed=NOT_FOUND)
ANY_TEAM = ADMINS.but(team=OK)
PROGRAMME_TEAM = PROGRAMME_ADMINS.but(team=OK)
# Of a partnership of the author and the member: what the programme sees, and what only its people and the team see.
PARTNERS = everyone_signed_in(FORBIDDEN).but(removed=NOT_FOUND, author=OK, member=OK, team=OK)
INSIDE = NOBODY.but(author=OK, member=OK, team=OK)
# Of a call: only the team sees how it is prepared and decided, and only its reviewers what they review (Dina is one).
CALL_TEAM = NOBODY.but(team=OK)
TEAM_ALONE = NOBODY.but(team=OK)  # of the coach's desk
BULLETIN = TEAM.but(reader=FORBIDDEN)  # that was sent to the community
REVIEWER = NOBODY.but(expert=OK)
CONTACTS = everyone(NOT_FOUND)  # applicants have no account: a cookie of their own opens their application
# Of something in which nobody takes part yet: only the team and administrators see it.
EMPTY = NOBODY.but(team=OK, admin=OK)


@dataclass(frozen=True)
class At:
    """A placeholder for the value of this name in the world."""

    name: str


@dataclass(frozen=True)
class Row:
    """An endpoint: the responses, the input that is sent, and the names in the world that replace the usual ones in
    its address."""

    access: Access
    sends: dict[str, Any] = field(default_factory=dict)
    at: dict[str, str] = field(default_factory=dict)
    web: Access | None = None  # where a browser's form gets another response than a program

    def expected(self, name: str, api: bool = True) -> str:
        """Return the response that one of the cast gets."""
        access = self.access if api or not self.web else self.web
        return str(getattr(access, CAST[name].field))


FILE = At("upload")
REASON = {"reason": "Persoonsgegevens"}
OTHER = {"into": At("other_thread")}
BODY = {"body": "Een *andere* tekst."}
POLL = {"title": "Wanneer?", "kind": "other", "options": At("poll_days")}
DATES = {"dates": ["2030-05-01", "2030-05-08"], "begin_time": "9.30", "end_time": "12.00"}
SERIES = {"title": "Leerkring", "kind": "thematic", **DATES}
MEETING = {"title": "Plaats maken", "kind": "thematic", "starts": At("later"), "ends": At("later_still")}
TODAY = {"id": "silent_meeting"}
ASKED = {"id": "asked_meeting"}  # the questions after it were sent; the author and the member were there
OVER = {"id": "over_meeting"}  # the questions after it were not sent yet
OUTCOME = {"kind": "decision", "text": "Geen presentaties."}
INVITED = {"id": "expert_thread", "guest": "thread_guest"}
WRITTEN_BLOCK = {"id": "written_block"}
WRITTEN = {"id": "written_meeting"}  # its minutes are not published: only those who write them see them

ENDPOINTS: dict[str, Row] = {
    "access_review.confirm": Row(EMPTY, {"everybody": "1"}),
    "access_review.end_guest": Row(EMPTY),
    "access_review.restore_guest": Row(EMPTY, at={"guest": "ended_guest"}),
    "access_review.show": Row(EMPTY),
    "access_review.withdraw": Row(EMPTY),
    "agenda.add": Row(MODERATORS, {"kind": "news", "minutes": 15}),
    "agenda.edit": Row(MODERATORS, {"minutes": 20}),
    "agenda.fill": Row(PLANNERS, at={"id": "draft_meeting"}),
    "agenda.form": Row(MODERATORS),
    "agenda.move": Row(MODERATORS, {"to": "down"}),
    "agenda.remove": Row(MODERATORS),
    "agenda.restore": Row(MODERATORS),
    "agenda.show": Row(READERS),
    "api.document": Row(PUBLIC),
    "api.show": Row(SIGNED_IN),
    "applications.accept": Row(
        CALL_TEAM,
        {"name": "Duo", "matched": At("matched"), "communities": ["een"]},
        at={"reference": "admitted"},
    ),
    "applications.acceptance": Row(CALL_TEAM),
    "applications.answer_offer": Row(CONTACTS, {"answer": "accept"}),
    "applications.attach": Row(CONTACTS, {"block": "b2", "file": FILE}),
    "applications.check": Row(CONTACTS),
    "applications.detach": Row(CONTACTS),
    "applications.dossier": Row(CALL_TEAM),
    "applications.dossier_file": Row(CALL_TEAM, at={"file": "attachment"}),
    "applications.enter": Row(PUBLIC, {"key": At("entry_key")}),
    "applications.entry": Row(PUBLIC),
    "applications.extend": Row(CALL_TEAM, {"until": At("later"), "reason": "Ziek"}),
    "applications.extension": Row(CALL_TEAM),
    "applications.file": Row(CONTACTS),
    "applications.history": Row(CONTACTS),
    "applications.list": Row(CALL_TEAM),
    "applications.receipt": Row(CONTACTS),
    "applications.save": Row(CONTACTS, {"section": "s1"}),
    "applications.section": Row(CONTACTS),
    "applications.show": Row(CONTACTS),
    "applications.start": Row(PUBLIC, {"mail": "begin@t.example", "name": "Bas Begin"}),
    "applications.submit": Row(CONTACTS, {"version": 1}),
    "applications.undo": Row(CALL_TEAM, at={"reference": "accepted"}),
    "applications.withdraw": Row(CONTACTS),
    "applications.withdrawal": Row(CONTACTS),
    "attendance.code": Row(PLANNERS),
    "attendance.day": Row(PLANNERS, at=TODAY),
    "attendance.list": Row(PLANNERS, at=TODAY),
    "attendance.mark": Row(PLANNERS, {"state": "present"}, at=TODAY),
    "attendance.scan": Row(READERS),
    "attendance.screen": Row(PLANNERS, at=TODAY),
    "attendance.unmark": Row(PLANNERS, at=TODAY),
    "bookmarks.add": Row(READERS, {"note": "Voor het overleg van maart."}),
    "bookmarks.edit": Row(OWNER, {"note": "Voor het overleg van april."}),
    "bookmarks.form": Row(READERS),
    "bookmarks.list": Row(SIGNED_IN),
    "bookmarks.remove": Row(OWNER),
    "bookmarks.restore": Row(OWNER, at={"id": "removed_bookmark"}),
    "bookmarks.show": Row(OWNER),
    "breaches.close": Row(ADMINS, {"reason": "Niemand had het gelezen."}),
    "breaches.form": Row(AUTHOR_AND_MODERATORS),
    "breaches.list": Row(ADMINS),
    "breaches.note": Row(ADMINS, {"kind": "people", "text": "Gebeld."}),
    "breaches.reopen": Row(ADMINS),
    "breaches.report": Row(AUTHOR_AND_MODERATORS, {"what": ["bsn"]}),
    "breaches.show": Row(ADMINS),
    "bulletins.correct": Row(BULLETIN, {"title": "Weekbericht", **BODY, "base_version": At("bulletin_version")}),
    "bulletins.draft": Row(PROGRAMME_TEAM.but(admin=NOT_FOUND), {"community": "een"}),
    "bulletins.form": Row(BULLETIN),
    "bulletins.list": Row(PROGRAMME.but(admin=NOT_FOUND)),
    "bulletins.new": Row(PROGRAMME_TEAM.but(admin=NOT_FOUND)),
    "bulletins.remove": Row(TEAM_ALONE, at={"id": "draft_bulletin"}),
    "bulletins.restore": Row(TEAM_ALONE, at={"id": "withdrawn_bulletin"}),
    "bulletins.save": Row(
        TEAM_ALONE,
        {"title": "Weekbericht", **BODY, "base_version": At("draft_version")},
        at={"id": "draft_bulletin"},
    ),
    "bulletins.send": Row(TEAM_ALONE, {"base_version": At("draft_version")}, at={"id": "draft_bulletin"}),
    "bulletins.show": Row(READERS),
    "bulletins.withdraw": Row(BULLETIN),
    "calendar.feed": Row(PUBLIC, at={"secret": "feed_secret"}),
    "calendar.list": Row(SIGNED_IN),
    "calendar.make": Row(SIGNED_IN, {"community": ""}),
    "calendar.mine": Row(SIGNED_IN),
    "calendar.of_programme": Row(PROGRAMME),
    "calendar.revoke": Row(OWNER),
    "calls.add": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN), {"title": "Tweede oproep"}),
    "calls.build": Row(CALL_TEAM, {"step": "add_section", "label": "Meer"}),
    "calls.close_round": Row(CALL_TEAM),
    "calls.edit": Row(CALL_TEAM, {"title": "Oproep"}),
    "calls.export": Row(CALL_TEAM),
    "calls.form": Row(CALL_TEAM),
    "calls.list": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN)),
    "calls.move_deadline": Row(CALL_TEAM, {"closes": At("later"), "reason": "Vakantie"}),
    "calls.open_round": Row(CALL_TEAM),
    "calls.publish": Row(CALL_TEAM, at={"slug": "draft_call"}),
    "calls.reopen": Row(CALL_TEAM, {"closes": At("later"), "reason": "Te weinig"}, at={"slug": "closed_call"}),
    "calls.settings": Row(CALL_TEAM),
    "calls.show": Row(PUBLIC),
    "calls.unpublish": Row(CALL_TEAM, at={"slug": "closed_call"}),
    "coach.bring_back": Row(TEAM_ALONE),
    "coach.configure": Row(TEAM_ALONE, {"silent_weeks": 6, "answer_days": 5}),
    "coach.invite_again": Row(TEAM_ALONE, at={"key": "invited_signal"}),
    "coach.message": Row(TEAM_ALONE),
    "coach.set_aside": Row(TEAM_ALONE, {"since": "2026-11-01", "days": 7}),
    "coach.settings": Row(TEAM_ALONE),
    "coach.show": Row(TEAM_ALONE),
    "coach.write": Row(
        TEAM_ALONE, {"people": At("partner_person"), "title": "Hoe gaat het?", "text": "Ik hoor het graag."}
    ),
    "communities.add": Row(PROGRAMME_TEAM, {"name": "Derde kring", "slug": "drie"}),
    "communities.drop_form": Row(MODERATORS),
    "communities.edit": Row(MODERATORS, {"name": "Kring"}),
    "communities.form": Row(MODERATORS),
    "communities.join": Row(PROGRAMME_ADMINS, {"community": "een"}),
    "communities.list": Row(SIGNED_IN),
    "communities.new": Row(PROGRAMME_TEAM),
    "communities.removal": Row(MODERATORS.but(moderator=FORBIDDEN, admin=OK)),
    "communities.remove": Row(EMPTY, at={"slug": "empty_community"}),
    "communities.set_form": Row(MODERATORS, {"wanted": "Wat zoekt u?"}),
    "communities.settings": Row(MODERATORS),
    "communities.show": Row(READERS),
    "contacts.add": Row(CONTACTS, {"mail": "mee@t.example", "name": "Mo Mee"}),
    "contacts.list": Row(CONTACTS),
    "contacts.make_lead": Row(CONTACTS),
    "contacts.remove": Row(CONTACTS),
    "contacts.sign_out": Row(CONTACTS),
    "curation.log": Row(READERS),
    "decisions.edit_mail": Row(
        CALL_TEAM, {"subject": "Uw aanvraag", "text": "Beste Lies", "mail_version": At("mail_version")}
    ),
    "decisions.list": Row(CALL_TEAM),
    "decisions.propose": Row(CALL_TEAM, {"outcome": "reserve"}),
    "decisions.send": Row(CALL_TEAM, {"mails": At("ready_mails")}),
    "decisions.show": Row(CALL_TEAM),
    "developing.email": Row(PUBLIC),
    "developing.email_html": Row(PUBLIC),
    "developing.mail": Row(PUBLIC),
    "developing.styleguide": Row(PUBLIC),
    "directory.experts": Row(PROGRAMME),
    "directory.matches": Row(PROGRAMME),
    "directory.organisations": Row(PROGRAMME),
    "directory.partnerships": Row(PROGRAMME),
    "directory.people": Row(PROGRAMME),
    "documents.list": Row(READERS),
    "documents.of_partnership": Row(INSIDE),
    "drafts.drop": Row(SIGNED_IN),
    "drafts.list": Row(SIGNED_IN),
    "drafts.restore": Row(SIGNED_IN),
    "drafts.save": Row(
        SIGNED_IN, {"place": "new:1", "fields": {"body": "Nog niet af"}}, web=everyone_signed_in(INVALID)
    ),
    "drafts.show": Row(SIGNED_IN),
    "files.content": Row(READERS),
    "files.describe": Row(AUTHOR_AND_MODERATORS, {"description": "Waar het over gaat", "base_version": 2}),
    "files.list": Row(READERS),
    "files.picture": Row(READERS, at={"id": "picture"}),
    "files.public": Row(NOBODY),
    "files.publish": Row(TEAM),
    "files.replace": Row(WRITERS, {"file": FILE}),
    "files.restore": Row(WRITERS),
    "files.sending": Row(WRITERS),
    "files.show": Row(READERS),
    "files.trash": Row(AUTHOR_AND_MODERATORS),
    "files.trashed": Row(READERS),
    "files.unpublish": Row(TEAM),
    "files.trashed_of_partnership": Row(INSIDE),
    "files.untrash": Row(OWNER.but(moderator=OK, team=OK), at={"id": "trashed"}),
    "files.upload": Row(WRITERS, {"file": FILE}),
    "files.upload_to_partnership": Row(INSIDE, {"file": FILE}),
    "experts.accept": Row(ASKED_EXPERT),
    "experts.accept_by_mail": Row(PUBLIC),
    "experts.answer_by_mail": Row(PUBLIC, BODY),
    "experts.answer_form": Row(PUBLIC),
    "experts.answers": Row(SIGNED_IN),
    "experts.ask": Row(AUTHOR_AND_MODERATORS, at={"id": "open_question"}),
    # Dina is the only expert, and cannot ask herself.
    "experts.ask_new": Row(WRITERS.but(expert=INVALID), {"title": "Nog een vraag", **BODY}),
    "experts.decline": Row(ASKED_EXPERT, {"reason": "time"}),
    "experts.decline_by_mail": Row(PUBLIC, {"reason": "time"}),
    "experts.desk": Row(SIGNED_IN),
    "experts.done": Row(PUBLIC),
    "experts.end_guest": Row(MODERATORS, at=INVITED),
    "experts.extend_guest": Row(MODERATORS, {"until": At("later_day")}, at=INVITED),
    "experts.form": Row(AUTHOR_AND_MODERATORS, at={"id": "open_question"}),
    "experts.guests": Row(MODERATORS, at={"id": "expert_thread"}),
    "experts.hand_on": Row(ASKED_EXPERT, {"expert": At("thread_guest_person")}),
    "experts.hand_on_by_mail": Row(PUBLIC, {"expert": At("thread_guest_person")}),
    "experts.invite_guest": Row(
        MODERATORS,
        {"mail": "gast@buiten.example", "name": "Gast", "until": At("later_day")},
        at={"id": "open_question"},
    ),
    "experts.mailed": Row(PUBLIC),
    "experts.new": Row(WRITERS),
    "experts.show": Row(READERS),
    "experts.withdraw": Row(AUTHOR_AND_MODERATORS),
    "flags.case": Row(PLANNERS),
    "flags.desk": Row(PLANNERS.but(outside_moderator=OK)),
    "flags.edit": Row(OWNER, {"text": "Het gaat om de naam in de tweede zin."}),
    "flags.form": Row(READERS.but(author=FORBIDDEN)),
    "flags.form_for_member": Row(READERS.but(member=FORBIDDEN)),
    "flags.mine": Row(SIGNED_IN),
    "flags.raise": Row(READERS.but(author=FORBIDDEN), {"reason": "rude"}),
    "flags.raise_for_member": Row(READERS.but(member=FORBIDDEN), {"reason": "rude"}),
    "flags.reopen": Row(PLANNERS, at={"id": "ruled_case"}),
    "flags.show": Row(OWNER),
    "flags.withdraw": Row(OWNER),
    "folders.add": Row(WRITERS, {"name": "Verslagen"}),
    "folders.add_to_partnership": Row(INSIDE, {"name": "Verslagen"}),
    "folders.list": Row(READERS),
    "folders.remove": Row(MODERATORS),
    "folders.rename": Row(MODERATORS, {"name": "Modelteksten"}),
    "home.robots": Row(PUBLIC),
    "home.show": Row(PUBLIC),
    "home.sitemap": Row(PUBLIC),
    "jobs.revive": Row(ADMINS),
    "mail.resend": Row(ADMINS),
    "meeting_materials.attach": Row(MODERATORS),
    "meeting_materials.attach_address": Row(MODERATORS, {"address": At("material_address")}),
    "meeting_materials.choices": Row(MODERATORS),
    "meeting_materials.detach": Row(MODERATORS),
    "meeting_materials.list": Row(READERS),
    "meetings.announce": Row(PLANNERS, at={"id": "draft_meeting"}),
    "meetings.announcement": Row(PLANNERS, at={"id": "draft_meeting"}),
    "meetings.announce_series": Row(PLANNERS, at={"id": "draft_series"}),
    "meetings.answers": Row(PLANNERS),
    "meetings.attend": Row(READERS),
    "meetings.badges": Row(PLANNERS),
    "meetings.ask": Row(WRITERS, {"text": "Wie betaalt het?"}),
    "meetings.cancel": Row(MODERATORS, {"reason": "Storm"}),
    "meetings.cancellation": Row(MODERATORS),
    "meetings.correct_guest": Row(PLANNERS, {"name": "Gast van Ver"}, at={"guest": "meeting_guest"}),
    "meetings.edit": Row(MODERATORS, {"title": "Een andere titel"}),
    "meetings.edit_series": Row(MODERATORS, {"title": "Een andere reeks"}),
    "meetings.hand_over": Row(READERS, {"member": At("teammate")}, at={"id": "answered_meeting"}),
    "meetings.hand_over_by_mail": Row(PUBLIC, {"member": At("teammate")}),
    "meetings.handing_over": Row(READERS),
    "meetings.export_answers": Row(PLANNERS),
    "meetings.guest": Row(PLANNERS, at={"guest": "meeting_guest"}),
    "meetings.guests": Row(PLANNERS),
    "meetings.invite_guest": Row(PLANNERS, {"name": "Een gast", "mail": "nog.een@elders.example"}),
    "meetings.invite_guest_again": Row(PLANNERS, at={"guest": "meeting_guest"}),
    "meetings.list": Row(READERS),
    "meetings.mailed_answer": Row(PUBLIC),
    "meetings.mailed_handing_over": Row(PUBLIC),
    "meetings.mine": Row(SIGNED_IN),
    "meetings.move": Row(MODERATORS, {"venue": "Elders"}),
    "meetings.moving": Row(MODERATORS),
    "meetings.new": Row(MODERATORS),
    "meetings.new_for_partnership": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN)),
    "meetings.new_for_programme": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN)),
    "meetings.new_series": Row(MODERATORS),
    "meetings.new_series_for_partnership": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN)),
    "meetings.new_series_for_programme": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN)),
    "meetings.of_partnership": Row(PROGRAMME),
    "meetings.of_programme": Row(PROGRAMME),
    "meetings.participants": Row(READERS),
    "meetings.plan": Row(MODERATORS, MEETING),
    "meetings.plan_for_partnership": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN), MEETING),
    "meetings.plan_for_programme": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN), MEETING),
    "meetings.plan_series": Row(MODERATORS, SERIES),
    "meetings.plan_series_for_partnership": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN), SERIES),
    "meetings.plan_series_for_programme": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN), SERIES),
    "meetings.removal": Row(PLANNERS, at={"id": "draft_meeting"}),
    "meetings.remove": Row(PLANNERS, at={"id": "draft_meeting"}),
    "meetings.rsvp": Row(READERS, {"answer": "yes"}),
    "meetings.rsvp_by_mail": Row(PUBLIC, {"answer": "maybe"}),
    "meetings.series": Row(READERS),
    "meetings.series_announcement": Row(PLANNERS, at={"id": "draft_series"}),
    "meetings.series_form": Row(MODERATORS),
    "meetings.settings": Row(MODERATORS),
    "meetings.show": Row(READERS),
    "meetings.uninvite_guest": Row(PLANNERS, at={"guest": "meeting_guest"}),
    "members.add_partners": Row(MODERATORS, {"people": At("partners")}),
    "members.change": Row(MODERATORS, {"role": "reader"}),
    "members.correct": Row(MODERATORS, {"name": "Nina Nieuwer"}),
    "members.export": Row(MODERATORS),
    "members.invitations": Row(MODERATORS),
    "members.invite": Row(MODERATORS, {"mail": "verder@proef.example"}),
    "members.invite_several": Row(MODERATORS, {"lines": "Vera Verder <verder@proef.example>"}),
    "members.list": Row(READERS),
    "members.names": Row(READERS),
    "members.preview": Row(MODERATORS, {"lines": "Vera Verder <verder@proef.example>"}),
    "members.remove": Row(MODERATORS.but(member=OK)),
    "members.resend": Row(MODERATORS),
    "members.restore": Row(MODERATORS, at={"person": "removed"}),
    "members.revoke": Row(MODERATORS),
    "members.show": Row(READERS),
    "messages.acts": Row(READERS),
    "messages.edit": Row(AUTHOR, {**BODY, "base_version": 1}),
    "messages.hide": Row(MODERATORS, REASON),
    "messages.react": Row(WRITERS),
    "messages.redact": Row(AUTHOR_AND_MODERATORS),
    "messages.restore": Row(AUTHOR, at={"id": "retracted_message"}),
    "messages.retract": Row(AUTHOR),
    "messages.say": Row(WRITERS, BODY),
    "messages.show": Row(READERS),
    "messages.unhide": Row(MODERATORS, at={"id": "hidden_message"}),
    "messages.unreact": Row(WRITERS),
    "minutes.add": Row(PLANNERS, {"title": "Projectbezoek"}, at=WRITTEN),
    "minutes.begin": Row(MODERATORS, at={"id": "silent_meeting"}),
    "minutes.blocks": Row(PLANNERS, at=WRITTEN),
    "minutes.edit": Row(PLANNERS, {"title": "Aanwezig", **BODY, "base_version": 2}, at=WRITTEN_BLOCK),
    "minutes.export": Row(READERS, at={"id": "published_meeting", "format": "file_format"}),
    "minutes.form": Row(PLANNERS, at=WRITTEN_BLOCK),
    "minutes.hold": Row(PLANNERS, {"token": At("holder")}, at=WRITTEN_BLOCK),
    "minutes.move": Row(PLANNERS, {"to": "down"}, at=WRITTEN_BLOCK),
    "minutes.publication": Row(PLANNERS, at=WRITTEN),
    "minutes.publish": Row(PLANNERS, at=WRITTEN),
    "minutes.release": Row(PLANNERS, {"token": At("holder")}, at=WRITTEN_BLOCK),
    "minutes.remove": Row(PLANNERS, at=WRITTEN_BLOCK),
    "minutes.restore": Row(PLANNERS, at=WRITTEN_BLOCK),
    "minutes.share": Row(PLANNERS, {"open": True}, at=WRITTEN),
    "minutes.show": Row(READERS, at={"id": "published_meeting"}),
    "minutes.take_over": Row(PLANNERS, {"token": At("holder")}, at=WRITTEN_BLOCK),
    "minutes.texts": Row(PLANNERS, at=WRITTEN_BLOCK),
    "minutes.withdraw": Row(PLANNERS, at={"id": "published_meeting"}),
    "minutes.write": Row(PLANNERS, at=WRITTEN),
    "municipalities.import": Row(ADMINS, {"file": At("municipality_list")}),
    "municipalities.list": Row(NOBODY.but(admin=OK)),
    "municipalities.remove": Row(ADMINS),
    "notes.edit": Row(NOBODY.but(moderator=OK, team=FORBIDDEN), {"text": "Toch anders."}),
    "notes.list": Row(MODERATORS),
    "notes.list_on_member": Row(MODERATORS),
    "notes.remove": Row(PLANNERS),
    "notes.show": Row(PLANNERS),
    "notes.write": Row(MODERATORS, {"text": "Gebeld."}),
    "notes.write_on_member": Row(MODERATORS, {"text": "Gebeld."}),
    "notices.choose": Row(SIGNED_IN, {"digest": "never"}),
    "notices.choose_level": Row(READERS, {"level": "digest"}),
    "notices.choose_level_in": Row(READERS, {"level": "digest"}),
    "notices.follow": Row(READERS),
    "notices.level": Row(READERS),
    "notices.level_in": Row(READERS),
    "notices.levels": Row(SIGNED_IN),
    "notices.list": Row(SIGNED_IN),
    "notices.mute": Row(READERS),
    "notices.open": Row(OWNER),
    "notices.read": Row(SIGNED_IN),
    "notices.reopen": Row(SIGNED_IN, {"at": "2026-05-04T12:00:00+00:00"}),
    "notices.settings": Row(SIGNED_IN),
    "notices.unfollow": Row(READERS),
    "notices.unread": Row(SIGNED_IN),
    "notices.unsubscribe": Row(PUBLIC),
    "notices.unsubscribe_page": Row(PUBLIC),
    "operations.healthz": Row(PUBLIC),
    "operations.journal": Row(ADMINS),
    "operations.metrics": Row(PUBLIC),  # from this machine; from elsewhere with the token
    "operations.readyz": Row(PUBLIC),
    "operations.show": Row(ADMINS),
    "organisations.add": Row(ANY_TEAM, {"name": "Zorggroep Proef", "kind": "care"}),
    "organisations.edit": Row(ANY_TEAM, {"about": "Wat zij doen"}),
    "organisations.list": Row(NOBODY.but(team=OK, admin=OK)),
    "organisations.merge": Row(PROGRAMME_TEAM, {"into": At("organisation")}, at={"id": "spare_organisation"}),
    "organisations.merging": Row(PROGRAMME_TEAM, at={"id": "spare_organisation"}),
    "organisations.removal": Row(PROGRAMME_TEAM, at={"id": "spare_organisation"}),
    "organisations.remove": Row(PROGRAMME_TEAM, at={"id": "spare_organisation"}),
    "organisations.settings": Row(ANY_TEAM),
    "organisations.show": Row(SIGNED_IN),
    "guidance.adopt": Row(AUTHOR_AND_MODERATORS, at={"id": "approved_card"}),
    "guidance.advise": Row(MODERATORS, {"advice": "approved"}, at={"id": "card_in_review"}),
    "guidance.affirm": Row(AUTHOR_AND_MODERATORS),
    "guidance.assign": Row(AUTHOR_AND_MODERATORS, {"owner": At("person")}),
    "guidance.comment": Row(WRITERS, {"text": "Noem ook de buren."}),
    "guidance.confirm": Row(AUTHOR_AND_MODERATORS, at={"id": "adopted_card"}),
    "guidance.confirm_by_mail": Row(PUBLIC),
    "guidance.draft": Row(DRAFTERS, {"title": "Zo doet u dat"}),
    "guidance.edit": Row(AUTHOR_AND_MODERATORS, {"title": "Zo doet u het"}),
    "guidance.expire": Row(AUTHOR_AND_MODERATORS, REASON, at={"id": "adopted_card"}),
    "guidance.form": Row(AUTHOR_AND_MODERATORS),
    "guidance.leave_out": Row(AUTHOR_AND_MODERATORS),
    "guidance.list": Row(READERS),
    "guidance.mailed": Row(PUBLIC),
    "guidance.new": Row(DRAFTERS),
    "guidance.reinstate": Row(AUTHOR_AND_MODERATORS, at={"id": "expired_card"}),
    "guidance.remove": Row(AUTHOR_AND_MODERATORS),
    "guidance.reopen": Row(AUTHOR_AND_MODERATORS),
    "guidance.restore": Row(PLANNERS.but(author=OK), at={"id": "removed_card"}),
    "guidance.restore_name": Row(AUTHOR),
    "guidance.review": Row(AUTHOR_AND_MODERATORS),
    "guidance.revise": Row(AUTHOR_AND_MODERATORS, at={"id": "adopted_card"}),
    "guidance.revise_by_mail": Row(PUBLIC),
    "guidance.settle": Row(AUTHOR_AND_MODERATORS),
    "guidance.show": Row(READERS),
    "guidance.sourcing": Row(DRAFTERS),
    "guidance.take": Row(DRAFTERS, {"title": "Zo doet u dat"}),
    "guidance.take_address": Row(MODERATORS, {"address": At("post_url")}),
    "guidance.uncomment": Row(AUTHOR_AND_MODERATORS),
    "guidance.unrevise": Row(AUTHOR_AND_MODERATORS, at={"id": "revised_card"}),
    "guidance.versions": Row(READERS, at={"id": "adopted_card"}),
    "guidance.withdraw": Row(AUTHOR_AND_MODERATORS, at={"id": "card_in_review"}),
    "guidance.withdraw_name": Row(AUTHOR),
    "outcomes.edit": Row(AUTHOR_AND_MODERATORS, {"text": "Anders gezegd."}),
    "outcomes.form": Row(AUTHOR_AND_MODERATORS),
    "outcomes.list": Row(READERS),
    "outcomes.mark": Row(WRITERS, OUTCOME),
    "outcomes.mark_at_meeting": Row(READERS, OUTCOME),
    "outcomes.mark_post": Row(WRITERS, OUTCOME),
    "outcomes.mine": Row(SIGNED_IN),
    "outcomes.of_meeting": Row(READERS),
    "outcomes.of_message": Row(WRITERS),
    "outcomes.of_partnership": Row(PROGRAMME),
    "outcomes.of_post": Row(WRITERS),
    "outcomes.of_programme": Row(PROGRAMME),
    "outcomes.remove": Row(AUTHOR_AND_MODERATORS),
    "outcomes.restore": Row(PLANNERS.but(author=OK), at={"id": "removed_outcome"}),
    "outcomes.show": Row(READERS),
    "partnerships.add": Row(PROGRAMME_TEAM, {"name": "Duo", "organisations": At("organisations")}),
    "partnerships.ask": Row(PARTNERS, {"community": "een", "title": "Wie helpt?", "body": "Wij zoeken een convenant."}),
    "partnerships.challenge": Row(INSIDE),
    "partnerships.check_in": Row(PARTNERS, {"standing": "Het gaat goed."}),
    "partnerships.check_in_by_mail": Row(PUBLIC, {"standing": "Het gaat goed."}),
    "partnerships.check_in_form": Row(INSIDE),
    "partnerships.check_ins": Row(PROGRAMME),
    "partnerships.consent": Row(PARTNERS.but(member=FORBIDDEN, team=FORBIDDEN)),
    "partnerships.describe": Row(PARTNERS, {"goal": "Plaats maken."}),
    "partnerships.edit": Row(PROGRAMME_TEAM, {"challenge": "De opgave"}),
    "partnerships.mailed_form": Row(PUBLIC),
    "partnerships.new": Row(PROGRAMME_TEAM),
    "partnerships.question": Row(INSIDE),
    "partnerships.removal": Row(PROGRAMME_TEAM),
    "partnerships.remove": Row(PROGRAMME_TEAM),
    "partnerships.restore_challenge": Row(PARTNERS),
    "partnerships.settings": Row(PROGRAMME_TEAM),
    "partnerships.show": Row(PROGRAMME),
    "partnerships.skip": Row(PARTNERS, {"reason": "Vakantie"}),
    "partnerships.skip_by_mail": Row(PUBLIC, {"reason": "Vakantie"}),
    "partnerships.versions": Row(INSIDE),
    "partnerships.withdraw_consent": Row(PARTNERS.but(member=FORBIDDEN, team=FORBIDDEN)),
    "people.about": Row(PUBLIC),
    "people.add": Row(ADMINS, {"mail": "verder@proef.example", "name": "Vera Verder"}),
    "people.change_mail": Row(SIGNED_IN, {"mail": "ander@proef.example"}),
    "people.code": Row(PUBLIC),
    "people.come_back": Row(PROGRAMME_TEAM.but(member=FORBIDDEN), at={"id": "left"}),
    "people.confirm_mail": Row(PUBLIC, at={"secret": "mail_link"}),
    "people.correct": Row(PROGRAMME_ADMINS, {"name": "Nina Nieuwer"}, at={"id": "newcomer"}),
    "people.deactivate": Row(PROGRAMME_ADMINS),
    "people.departure": Row(PROGRAMME_TEAM.but(member=OK)),
    "people.demote": Row(PROGRAMME_ADMINS),
    "people.edit": Row(SIGNED_IN, {"function": "Adviseur"}),
    "people.enter": Row(SIGNED_IN, {"name": "Iemand Anders", "rules": "1", "privacy": "1"}),
    "people.entrance": Row(PUBLIC),
    "people.hand_over": Row(
        PROGRAMME_TEAM, {"mail": "opvolger@proef.example", "name": "Olga Opvolger"}, at={"id": "left"}
    ),
    "people.leave": Row(PROGRAMME_TEAM.but(member=OK), {"named": "1"}),
    "people.link": Row(PUBLIC, {"mail": "anna@proef.example"}),
    "people.link_again": Row(PUBLIC),
    "people.link_page": Row(PUBLIC),
    "people.list": Row(NOBODY.but(admin=OK)),
    "people.mail_page": Row(PUBLIC, at={"secret": "mail_link"}),
    "people.me": Row(SIGNED_IN),
    "people.photo": Row(NOBODY),  # Bram has no photo
    "people.preview_leaving": Row(PROGRAMME_TEAM.but(member=OK), {"named": "1"}),
    "people.promote": Row(PROGRAMME_ADMINS),
    "people.reactivate": Row(PROGRAMME_ADMINS),
    "people.security_txt": Row(PUBLIC),
    "people.set_language": Row(PUBLIC, {"language": "en"}),
    "people.set_password": Row(SIGNED_IN, {"password": "vier gewone woorden samen"}),
    "people.set_photo": Row(SIGNED_IN, {"remove": "1"}),
    "people.settings": Row(SIGNED_IN),
    "people.settings_display": Row(SIGNED_IN),
    "people.settings_sign_in": Row(SIGNED_IN),
    "people.show": Row(PROGRAMME),
    "people.sign_in": Row(PUBLIC),
    "people.sign_in_as": Row(everyone(NOT_FOUND), {"person": At("person")}),  # only in the demonstration
    "people.sign_in_by_code": Row(PUBLIC, {"mail": "bram@proef.example", "code": At("code")}),
    "people.sign_in_by_password": Row(everyone(INVALID), {"mail": "bram@proef.example", "password": "niet goed"}),
    "people.sign_out": Row(SIGNED_IN),
    "people.sign_out_everywhere": Row(SIGNED_IN),
    "people.theme": Row(PUBLIC, {"theme": "dark"}),
    "people.welcome": Row(SIGNED_IN),
    "photos.add": Row(
        READERS, {"photo": At("photo_file"), "alt": "Een tuin", "nobody": "1"}, at={"id": "silent_meeting"}
    ),
    "photos.list": Row(READERS, at={"id": "silent_meeting"}),
    "photos.picture": Row(READERS),
    "photos.remove": Row(AUTHOR_AND_MODERATORS),
    "photos.restore": Row(PLANNERS.but(author=OK), at={"id": "removed_photo"}),
    "photos.show": Row(READERS),
    "polls.choose": Row(MODERATORS, {"option": At("poll_option")}),
    "polls.choosing": Row(MODERATORS),
    "polls.edit": Row(MODERATORS, {"title": "Een andere titel"}),
    "polls.list": Row(SIGNED_IN),
    "polls.mailed_answer": Row(PUBLIC),
    "polls.make": Row(MODERATORS, POLL),
    "polls.make_for_partnership": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN), POLL),
    "polls.make_for_programme": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN), POLL),
    "polls.new": Row(MODERATORS),
    "polls.new_for_partnership": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN)),
    "polls.new_for_programme": Row(PROGRAMME_TEAM.but(admin=FORBIDDEN)),
    "polls.open": Row(PLANNERS, at={"id": "draft_poll"}),
    "polls.opening": Row(PLANNERS, at={"id": "draft_poll"}),
    "polls.remind": Row(MODERATORS),
    "polls.removal": Row(PLANNERS, at={"id": "draft_poll"}),
    "polls.remove": Row(PLANNERS, at={"id": "draft_poll"}),
    "polls.require": Row(MODERATORS, {"people": At("expected")}),
    "polls.requiring": Row(MODERATORS),
    "polls.settings": Row(MODERATORS),
    "polls.show": Row(READERS),
    "polls.vote": Row(READERS, {"remark": "Graag"}),
    "polls.vote_by_mail": Row(PUBLIC, {"remark": "Graag"}),
    "polls.withdraw": Row(MODERATORS),
    "polls.withdrawal": Row(MODERATORS),
    "pulse.answer": Row(
        READERS.but(reader=FORBIDDEN, expert=FORBIDDEN, moderator=FORBIDDEN, team=FORBIDDEN), {"useful": "yes"}, ASKED
    ),
    "pulse.answer_by_mail": Row(PUBLIC, {"useful": "yes"}),
    "pulse.ask": Row(MODERATORS, at=OVER),
    "pulse.certificate": Row(NOBODY.but(author=OK, member=OK), at=ASKED),
    "pulse.certificate_of": Row(PLANNERS, at=ASKED),
    "pulse.certificates": Row(PLANNERS, at=ASKED),
    "pulse.mailed_answer": Row(PUBLIC),
    "pulse.resume": Row(MODERATORS, at=OVER),
    "pulse.show": Row(READERS, at=ASKED),
    "pulse.skip": Row(MODERATORS, at=OVER),
    "pulse.withdraw": Row(READERS, at=ASKED),
    "pulse.withdraw_by_mail": Row(PUBLIC),
    "posts.acts": Row(READERS),
    "posts.edit": Row(AUTHOR, {**BODY, "base_version": 1}),
    "posts.form": Row(AUTHOR),
    "posts.hide": Row(MODERATORS, REASON),
    "posts.react": Row(WRITERS),
    "posts.redact": Row(AUTHOR_AND_MODERATORS),
    "posts.restore": Row(AUTHOR, at={"id": "retracted"}),
    "posts.retract": Row(AUTHOR),
    "posts.show": Row(READERS),
    "posts.unhide": Row(MODERATORS, at={"id": "hidden"}),
    "posts.unreact": Row(WRITERS),
    "preparation.list": Row(PLANNERS),
    "preparation.tick": Row(PLANNERS),
    "preparation.untick": Row(PLANNERS),
    "programmes.add": Row(ADMINS, {"name": "Ander programma", "slug": "ander"}),
    "programmes.edit": Row(PROGRAMME_TEAM, {"about": "Waar het om gaat"}),
    "programmes.edit_public": Row(PROGRAMME_TEAM, {"what": "Waar het om gaat"}),
    "programmes.enter_phase": Row(PROGRAMME_TEAM, {"phase": "harvest"}),
    "programmes.list": Row(SIGNED_IN),
    "programmes.logo": Row(PUBLIC, at={"slug": "empty_programme"}),
    "programmes.new": Row(ADMINS),
    "programmes.phase": Row(PROGRAMME_TEAM),
    "programmes.preview": Row(PROGRAMME_TEAM),
    "programmes.public": Row(EMPTY, at={"slug": "empty_programme"}),
    "programmes.publish": Row(PROGRAMME_TEAM),
    "programmes.removal": Row(PROGRAMME_TEAM),
    "programmes.remove": Row(EMPTY, at={"slug": "empty_programme"}),
    "programmes.set_logo": Row(PROGRAMME_TEAM, {"remove": "1"}),
    "programmes.settings": Row(PROGRAMME_TEAM),
    "programmes.show": Row(PROGRAMME),
    "programmes.unpublish": Row(EMPTY, at={"slug": "empty_programme"}),
    "questions.edit": Row(AUTHOR, {"text": "Anders"}),
    "questions.hide": Row(MODERATORS, REASON),
    "questions.list": Row(READERS),
    "questions.place": Row(MODERATORS, {"block": At("block")}),
    "questions.restore": Row(MODERATORS),
    "questions.set_votes": Row(MODERATORS, {"votes": 2}),
    "questions.show": Row(READERS),
    "questions.unplace": Row(MODERATORS),
    "questions.unvote": Row(READERS, at={"id": "other_question"}),
    "questions.vote": Row(READERS, at={"id": "other_question"}),
    "questions.withdraw": Row(AUTHOR),
    "reviewers.add": Row(CALL_TEAM, {"mail": "jan@proef.example"}),
    "reviewers.list": Row(CALL_TEAM),
    "reviewers.remove": Row(CALL_TEAM),
    "reviews.assign": Row(CALL_TEAM, {"each": 1}),
    "reviews.conflict": Row(REVIEWER),
    "reviews.declare": Row(REVIEWER, {"conflict": "false"}),
    "reviews.file": Row(REVIEWER, at={"file": "attachment"}),
    "reviews.list": Row(REVIEWER),
    "reviews.save": Row(REVIEWER, {"for_reviewers": "Goed"}),
    "reviews.show": Row(REVIEWER),
    "rooms.close": Row(MODERATORS, at={"id": "silent_meeting"}),
    "rooms.harvest": Row(WRITERS, {"messages": At("messages")}),
    "rooms.list": Row(READERS),
    "rooms.mark": Row(READERS, {"seq": "1"}),
    "rooms.messages": Row(READERS),
    "rooms.of_meeting": Row(READERS, at={"id": "silent_meeting"}),
    "rooms.open": Row(MODERATORS, at={"id": "silent_meeting"}),
    "rooms.people": Row(READERS),
    "rooms.show": Row(READERS),
    "rounds.answer": Row(READERS, {"text": "Eerst bellen"}),
    "rounds.close": Row(MODERATORS),
    "rounds.list": Row(READERS, at={"id": "silent_meeting"}),
    "rounds.remove": Row(MODERATORS),
    "rounds.reopen": Row(MODERATORS),
    "rounds.restore": Row(PLANNERS, at={"id": "removed_round"}),
    "rounds.show": Row(READERS),
    "rounds.start": Row(MODERATORS, {"prompt": "En nu?"}, at={"id": "published_meeting"}),
    "rounds.withdraw": Row(READERS),
    "rulings.appeal": Row(JUDGED, {"appeal": "Dit klopt niet."}, at={"id": "ruling"}),
    "rulings.decide": Row(JUDGES, {"upheld": True, "word": "Het blijft zo."}, at={"id": "appealed_ruling"}),
    "rulings.list": Row(SIGNED_IN),
    "rulings.make": Row(PLANNERS, {"ruling": "settle"}),
    "rulings.reconsider": Row(JUDGES, at={"id": "decided_ruling"}),
    "rulings.show": Row(JUDGES.but(author=OK), at={"id": "ruling"}),
    "rulings.withdraw": Row(JUDGES, at={"id": "ruling"}),
    "rulings.withdraw_appeal": Row(JUDGED, at={"id": "appealed_ruling"}),
    "search.find": Row(SIGNED_IN),
    "search.similar": Row(READERS),
    "search.suggestions": Row(SIGNED_IN),
    "tasks.drop": Row(TASK, {"reason": "Niet meer nodig"}),
    "tasks.dropping": Row(TASK),
    "tasks.finish": Row(TASK, {"remark": "Zij doen mee"}),
    "tasks.postpone": Row(TASK, {"due": At("later_day"), "reason": "Zij zijn op reis"}),
    "tasks.reopen": Row(TASK),
    "team.add": Row(PROGRAMME_TEAM, {"member": At("person")}),
    "team.new": Row(PROGRAMME_TEAM),
    "team.remove": Row(PROGRAMME_TEAM),
    "threads.answer": Row(AUTHOR_AND_MODERATORS, {"post": At("answer")}),
    "threads.arranging": Row(MODERATORS),
    "threads.close": Row(MODERATORS),
    "threads.close_at": Row(MODERATORS, {"day": "2027-06-01"}),
    "threads.desk": Row(READERS),
    "threads.feature": Row(MODERATORS),
    "threads.hide": Row(MODERATORS, REASON),
    "threads.keep_open": Row(MODERATORS),
    "threads.list": Row(READERS),
    "threads.mark": Row(READERS, {"seq": "1"}),
    "threads.mark_duplicate": Row(MODERATORS, OTHER),
    "threads.merge": Row(MODERATORS, OTHER, at={"thread": "repeated"}),
    "threads.read_all": Row(READERS),
    "threads.unread_all": Row(READERS),
    "threads.unread_from": Row(READERS),
    "threads.move": Row(MODERATORS.but(moderator=INVALID), {"community": "twee"}),  # Eva does not moderate there
    "threads.move_posts": Row(MODERATORS, {**OTHER, "posts": At("moving")}),
    "threads.new": Row(WRITERS),
    "threads.pin": Row(MODERATORS),
    "threads.posts": Row(READERS),
    "threads.reopen": Row(MODERATORS),
    "threads.reply": Row(WRITERS, BODY),
    "threads.retitle": Row(AUTHOR_AND_MODERATORS, {"title": "Wie heeft een werkend convenant?", "base_version": 1}),
    "threads.retract": Row(AUTHOR, at={"id": "alone"}),
    "threads.show": Row(READERS),
    "threads.slow": Row(MODERATORS, {"minutes": 15}),
    "threads.split": Row(MODERATORS, {"title": "Afgesplitst", "posts": At("moving")}),
    "threads.splitting": Row(MODERATORS),
    "threads.start": Row(WRITERS, {"title": "Nog een vraag", **BODY}),
    "threads.unanswer": Row(AUTHOR_AND_MODERATORS),
    "threads.unfeature": Row(MODERATORS),
    "threads.unhide": Row(OWNER.but(author=FORBIDDEN, moderator=OK, team=OK), at={"id": "hidden_thread"}),
    "threads.unmark_duplicate": Row(MODERATORS, at={"id": "repeated"}),
    "threads.unmerge": Row(MODERATORS),
    "threads.unpin": Row(MODERATORS),
    "threads.unslow": Row(MODERATORS),
    "tokens.list": Row(SIGNED_IN),
    "tokens.make": Row(SIGNED_IN, {"label": "Script"}),
    "tokens.revoke": Row(OWNER),
    "tokens.settings": Row(SIGNED_IN),
    "uploads.sweep": Row(ADMINS),
    "uses.answered_form": Row(READERS),
    "uses.answers": Row(READERS, {"title": "Wie heeft huisregels?"}),
    "uses.clear_outcome": Row(AUTHOR),
    "uses.edit": Row(AUTHOR, {"purpose": "De huisregels"}),
    "uses.follow_up": Row(AUTHOR, {"outcome": "solved"}),
    "uses.follow_up_by_mail": Row(PUBLIC, {"outcome": "solved"}),
    "uses.list": Row(READERS, at={"id": "file"}),
    "uses.mailed_outcome": Row(PUBLIC),
    "uses.report": Row(READERS.but(author=FORBIDDEN), {"purpose": "De huisregels"}, at={"id": "file"}),
    "uses.restore": Row(PLANNERS.but(author=OK), at={"id": "withdrawn_use"}),
    "uses.show": Row(READERS),
    "uses.withdraw": Row(AUTHOR_AND_MODERATORS),
}

# Socket events, and joining each kind of place. NOT_FOUND is the answer `{error}`; SIGN_IN refuses the connection.
EVENTS: dict[str, Row] = {
    "connect": Row(SIGNED_IN),
    "join thread": Row(READERS),
    "join room": Row(READERS),
    "join hidden thread": Row(OWNER.but(moderator=OK, team=OK), at={"id": "hidden_thread"}),
    "join day": Row(PLANNERS, at={"id": "meeting"}),
    "leave": Row(SIGNED_IN),  # leaving a place that was not joined does nothing
    "typing": Row(READERS),
    "disconnect": Row(SIGNED_IN),
}


def _words(rule: Any) -> str:
    """Return the roles that an access rule names, or the first sentence of its docstring."""
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
    """Return the page for docs/: the verbs with their rules, and the responses of each endpoint and socket event."""
    for feature in cop.FEATURES:
        import_module(f"cop.{feature}.routes")  # which also registers the verbs
    head = [_line("", *(actor.heading for actor in CAST.values())), _line(*["---"] * (len(CAST) + 1))]

    def lines(table: dict[str, Row]) -> list[str]:
        return [*head, *(_line(f"`{name}`", *(row.expected(who) for who in CAST)) for name, row in table.items())]

    return "\n".join(
        [
            "# Who may do what",
            "",
            "Printed by `python -m tests.house.matrix` from `cop/access` and the table that `tests/house/test_matrix.py`",
            "checks at every address, of the site and of the API. Do not edit by hand.",
            "",
            "## Verbs",
            "",
            "The last column names the roles that a person needs in the community of the thing, or describes the person.",
            "`SYSTEM`, the platform itself, may run every verb. A rule without a verb of its own is judged inside one, for",
            "input that needs more.",
            "",
            "In a programme in the archive all verbs on what stands there are refused, except "
            + ", ".join(f"`{verb}`" for verb in sorted(IN_ARCHIVE))
            + " and, of every kind, "
            + ", ".join(f"`{verb}`" for verb in WITHDRAWING)
            + ".",
            "",
            _line("verb", "what it does", "who"),
            _line(*["---"] * 3),
            *(
                _line(f"`{verb}`", INNER_RULES.get(verb) or _first_sentence(VERBS[verb].run), _words(rule))
                for verb, rule in sorted(access.RULES.items())
            ),
            "",
            "## Endpoints",
            "",
            "The response to each person of the cast, for something that a member made in the first community. *Sign in*: a",
            "browser is redirected to the sign-in page, a program gets 401. *404*: the thing does not exist for them. *422*:",
            "the input is refused.",
            "",
            *lines(ENDPOINTS),
            "",
            "## Socket events",
            "",
            "*Sign in*: the connection is refused. *404*: the acknowledgement is an error and nothing is sent.",
            "",
            *lines(EVENTS),
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(page())
