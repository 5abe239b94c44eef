"""Verbs of applicants, who have no account: the endpoint knows them by a cookie, and runs these as the platform."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, func, select, update

from cop.base import clock, personal_data
from cop.base import forms as base_forms
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Conflict, Forbidden, Gone, Invalid
from cop.base.files import Blob
from cop.base.questionnaires import (
    Answering,
    Attachment,
    Block,
    Definition,
    Saved,
    answers_of,
    cleaned,
    missing_parts,
    newest_version,
    problems,
    save_answer,
)
from cop.base.questionnaires import submit as make_snapshot
from cop.base.words import _
from cop.intake.kinds_of_organisation import missing_words
from cop.intake.mailing import new_key, write, write_all
from cop.intake.models import Application, Call, Contact, ContactKey, Decision, new_reference
from cop.intake.places import give_back, offer_next
from cop.society.credentials import digest
from cop.society.people import Person

SESSION_LASTS = timedelta(days=30)
CONTACTS = 12  # of one application
FILES = 10  # of one block without a limit of its own
CODE_TRIES = 5
TITLE = 200


@action("applications.start")
def start(
    system: Person,
    call: Call,
    *,
    mail: str,
    name: str = "",
    organisation: str = "",
    another: bool = False,
    resume: bool = False,
    received: datetime,
) -> None:
    """Start an application and mail its link, or mail the links of those that this address works on already.

    The result is the same for every address. Raise Conflict when the call is not open.
    """
    mail = mail.lower()
    advisory_lock(f"application:{call.id}:{mail}")
    known = db.session.execute(
        select(Application, Contact)
        .join(Contact, Contact.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            Application.state != "erased",
            Contact.mail == mail,
            Contact.removed.is_(None),
        )
        .order_by(Application.id)
    ).all()
    if known and not another:
        for row in known[:5]:
            write("resume", row[0], row[1])
        detail(call=call.id, known=len(known))
        return
    if resume:
        detail(call=call.id, known=0)
        return
    if not call.open_at(received):
        raise Conflict(closed_words(call, received))
    made = _begin(call, mail, name, organisation)
    write("start", made, made.contacts[0])
    detail(call=call.id, application=made.id)


def _begin(call: Call, mail: str, name: str, organisation: str) -> Application:
    version = newest_version(call.questionnaire_id)
    answering = Answering(questionnaire_id=call.questionnaire_id, version=version.number)
    db.session.add(answering)
    db.session.flush()
    made = Application(call_id=call.id, answering_id=answering.id, reference=new_reference(_prefix(call)))
    made.call, made.answering = call, answering
    made.contacts = [Contact(mail=mail, name=name, organisation=organisation, is_lead=True)]
    db.session.add(made)
    db.session.flush()
    db.session.add(Decision(application_id=made.id))
    db.session.flush()
    return made


def _prefix(call: Call) -> str:
    letters = "".join(word[0] for word in call.programme.name.split() if word[0].isascii() and word[0].isalpha())
    return letters.upper()[:4] or "A"


def closed_words(call: Call, received: datetime) -> str:
    """Return why nothing can be sent in now."""
    if call.archived:
        return _("Dit programma staat in het archief. U kunt hier lezen, maar niets toevoegen of wijzigen.")
    if call.opens is not None and received < call.opens:
        return _("Deze oproep is nog niet open.")
    return _("De oproep is gesloten. Uw tekst staat nog in dit scherm; u kunt hem kopiëren.")


@action("applications.enter")
def enter(system: Person, contact: Contact) -> str:
    """Confirm the address of a contact and return the secret of a session of this browser."""
    application = db.session.get_one(Application, contact.application_id)
    if contact.removed is not None or application.state == "erased":
        raise Gone(_("Deze link geldt niet meer. Vraag een nieuwe aan."))
    contact.verified = contact.verified or clock.now()
    if application.state == "unverified":
        application.state = "draft"
    detail(application=application.id)
    return new_key(contact, "session", SESSION_LASTS)[0]


def try_code(call: Call, mail: str, code: str) -> Contact | None:
    """Return the contact of this address whose mail holds this code; count a try on each link that is still good."""
    contacts = select(Contact.id).join(Application, Application.id == Contact.application_id)
    of = contacts.where(Application.call_id == call.id, Contact.mail == mail.lower(), Contact.removed.is_(None))
    tried = db.session.execute(
        update(ContactKey)
        .where(
            ContactKey.contact_id.in_(of),
            ContactKey.purpose == "link",
            ContactKey.expires > clock.now(),
            ContactKey.tries < CODE_TRIES,
        )
        .values(tries=ContactKey.tries + 1)
        .returning(ContactKey.contact_id, ContactKey.code)
        .execution_options(synchronize_session=False)
    ).all()
    found = next((row.contact_id for row in tried if row.code == digest(f"{row.contact_id}:{code}")), None)
    return db.session.get(Contact, found) if found else None


def require_open(application: Application, received: datetime) -> None:
    """Raise Conflict unless the application can be changed by something received at this moment."""
    if application.state not in ("draft", "submitted"):
        raise Conflict(_("Deze aanvraag is ingetrokken. U kunt haar lezen, maar niet meer wijzigen."))
    if not application.open_at(received):
        raise Conflict(closed_words(application.call, received))


def _require_lead(contact: Contact) -> None:
    if not contact.is_lead:
        raise Forbidden(_("Dit doet de eerste contactpersoon van de aanvraag."))


@action("applications.save", quiet=True)
def save(
    system: Person,
    application: Application,
    *,
    answers: Mapping[str, Any],
    versions: Mapping[str, int],
    contact: Contact,
    received: datetime,
) -> dict[str, Saved]:
    """Save answers by block, each with the version that the contact saw; the last one written stands.

    Raise Conflict when the call is closed, and Invalid for a value that does not fit its block.
    """
    require_open(application, received)
    form = newest_version(application.call.questionnaire_id).parsed
    criteria = {one.key for one in form.criteria}
    saved: dict[str, Saved] = {}
    for key in sorted(answers):
        block = form.block(key)
        if (block is None and key not in criteria) or (block is not None and block.kind == "file"):
            raise Invalid(errors={f"answer-{key}": _("Deze vraag staat niet meer op het formulier.")})
        try:
            value = cleaned(block, answers[key])
        except ValueError:
            raise Invalid(errors={f"answer-{key}": _("Dit klopt niet. Controleer wat u hebt ingevuld.")}) from None
        if kind := _number_in(value, block):
            raise Invalid(errors={f"answer-{key}": personal_data.explain(kind)})
        saved[key] = save_answer(
            application.answering,
            key,
            value,
            base=versions.get(key),
            by_id=contact.id,
            by_name=contact.shown_name,
        )
    return saved


def _number_in(value: Any, block: Block | None) -> personal_data.Blocked | None:
    """Return the kind of the number in an answer that may not be written down; the question may say what it is."""
    if block is not None and block.kind in ("number", "date"):
        return None
    about = f"{block.label} {block.help}" if block else ""
    found = (personal_data.blocked(written, about) for written in base_forms.texts(value))
    return next(filter(None, found), None)


@action("applications.attach")
def attach(
    system: Person,
    application: Application,
    *,
    block: str,
    blob: Blob,
    name: str,
    contact: Contact,
    received: datetime,
) -> Attachment:
    """Attach a file to a question for files. Raise Invalid when there are enough, or the question is another."""
    require_open(application, received)
    asked = newest_version(application.call.questionnaire_id).parsed.block(block)
    if asked is None or asked.kind != "file":
        raise Invalid(errors={"file": _("Deze vraag staat niet meer op het formulier.")})
    _raise_draft(application)
    count = db.session.scalar(
        select(func.count()).where(
            Attachment.answering_id == application.answering_id, Attachment.block == block, Attachment.removed.is_(None)
        )
    )
    if (count or 0) >= (most := asked.limit or FILES):
        raise Invalid(errors={"file": _("Hoogstens %(n)s bestanden. Haal er eerst een weg.", n=most)})
    made = Attachment(
        answering_id=application.answering_id,
        block=block,
        name=name[:200],
        sha256=blob.sha256,
        size=blob.size,
        media_type=blob.media_type,
        by_name=contact.shown_name,
    )
    db.session.add(made)
    db.session.flush()
    detail(attachment=made.id, contact=contact.id)
    return made


def _raise_draft(application: Application) -> None:
    """Count a change of the draft: first, so that it waits for a submission that runs."""
    db.session.execute(
        update(Answering)
        .where(Answering.id == application.answering_id)
        .values(draft=Answering.draft + 1, changed=clock.now())
        .execution_options(synchronize_session=False)
    )


@action("applications.detach")
def detach(
    system: Person, application: Application, *, attachment: Attachment, contact: Contact, received: datetime
) -> Attachment:
    """Take a file away; a submission that names it keeps it."""
    require_open(application, received)
    _raise_draft(application)
    attachment.removed = attachment.removed or clock.now()
    detail(attachment=attachment.id, contact=contact.id)
    return attachment


@action("contacts.add")
def add_contact(
    system: Person,
    application: Application,
    *,
    mail: str,
    name: str,
    organisation: str = "",
    contact: Contact,
    received: datetime,
) -> Contact:
    """Invite somebody to work on the application, by a link of their own. Raise Invalid for a double or too many."""
    require_open(application, received)
    _raise_draft(application)
    db.session.refresh(application, ["contacts"])
    current = [one for one in application.contacts if one.removed is None]
    if any(one.mail == mail.lower() for one in current):
        raise Invalid(errors={"mail": _("Dit adres werkt al mee aan de aanvraag.")})
    if len(current) >= CONTACTS:
        raise Invalid(errors={"mail": _("Hoogstens %(n)s mensen werken aan één aanvraag.", n=CONTACTS)})
    made = Contact(application_id=application.id, mail=mail.lower(), name=name, organisation=organisation)
    application.contacts.append(made)
    db.session.flush()
    write("contact", application, made, inviter=contact.shown_name)
    detail(member=made.id, contact=contact.id)
    return made


@action("contacts.remove")
def remove_contact(system: Person, application: Application, *, member: Contact, contact: Contact) -> Contact:
    """End somebody's part in the application; their link and session are dead at once, and their texts stay."""
    if member.id != contact.id:
        _require_lead(contact)
    if member.is_lead:
        raise Conflict(_("De eerste contactpersoon kan niet weg. Maak eerst een ander de eerste contactpersoon."))
    member.removed = member.removed or clock.now()
    detail(member=member.id, contact=contact.id)
    return member


@action("contacts.make_lead")
def make_lead(system: Person, application: Application, *, member: Contact, contact: Contact) -> Contact:
    """Hand over sending in, withdrawing and answering an offer, and mail the other. Raise Conflict while they have not entered."""
    db.session.execute(select(Application.id).where(Application.id == application.id).with_for_update())
    db.session.refresh(contact)
    _require_lead(contact)
    if member.verified is None:
        raise Conflict(_("%(name)s is nog niet binnen. Dat gaat met de link in de mail.", name=member.shown_name))
    contact.is_lead = False
    member.is_lead = True
    write("lead", application, member, former=contact.shown_name)
    detail(member=member.id, contact=contact.id)
    return member


@action("contacts.sign_out")
def sign_out(system: Person, application: Application, *, contact: Contact) -> None:
    """End the sessions of a contact, in every browser; the links in the mails keep working."""
    db.session.execute(delete(ContactKey).where(ContactKey.contact_id == contact.id, ContactKey.purpose == "session"))
    detail(contact=contact.id)


@action("applications.submit")
def submit(
    system: Person, application: Application, *, version: int, contact: Contact, received: datetime
) -> Application:
    """Send the application in: an immutable snapshot, and a receipt by mail.

    version: that of the form that was seen on the page to check. Raise Conflict when it is another, or after the deadline;
    Invalid with what is missing. A second submission of the same answers does nothing.
    """
    require_open(application, received)
    _require_lead(contact)
    newest = newest_version(application.call.questionnaire_id)
    form = newest.parsed
    if version != newest.number:
        raise Conflict(
            _("Het formulier is intussen veranderd. Controleer uw antwoorden opnieuw."), version=newest.number
        )
    given = {key: answer.value for key, answer in answers_of(application.answering_id).items()}
    wrong = {f"answer-{key}": words for key, words in problems(form, given, file_counts(application)).items()}
    if words := composition_words(form, given):
        wrong["composition"] = words
    if wrong:
        raise Invalid(errors=wrong)
    moved = db.session.execute(
        update(Application)
        .where(Application.id == application.id, Application.state.in_(("draft", "submitted")))
        .values(state="submitted", submitted=received)
        .returning(Application.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if moved is None:
        raise Conflict(_("Deze aanvraag is ingetrokken. U kunt haar lezen, maar niet meer wijzigen."))
    snapshot = make_snapshot(application.answering, form, newest.number, received=received, by_name=contact.shown_name)
    db.session.refresh(application, ["state", "submitted"])
    if snapshot is None:
        detail(contact=contact.id, unchanged=1)
        return application
    _describe(application, form, snapshot.answers)
    write_all("receipt", application, snapshot=snapshot)
    detail(contact=contact.id, snapshot=snapshot.number)
    return application


def _describe(application: Application, form: Definition, answers: Mapping[str, Any]) -> None:
    """Keep what lists show of an application: the names, kinds and region of its organisations."""
    organisations = organisations_in(form, answers)
    application.title = ", ".join(dict.fromkeys(one["name"] for one in organisations))[:TITLE]
    application.kinds = sorted({one["kind"] for one in organisations})
    application.region = next((one["municipality"] for one in organisations if one["municipality"]), "")


def organisations_in(form: Definition, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the organisations that the answers name."""
    return [row for block in form.blocks if block.kind == "organisations" for row in answers.get(block.key) or []]


def composition_words(form: Definition, answers: Mapping[str, Any]) -> str:
    """Return what is missing in the composition, in words; "" where it is complete."""
    return missing_words(missing_parts(form.composition, organisations_in(form, answers)))


def file_counts(application: Application) -> dict[str, int]:
    """Return the number of attached files by block."""
    rows = db.session.execute(
        select(Attachment.block, func.count())
        .where(Attachment.answering_id == application.answering_id, Attachment.removed.is_(None))
        .group_by(Attachment.block)
    )
    return dict(rows.all())


@action("applications.withdraw")
def withdraw(system: Person, application: Application, *, contact: Contact) -> Application:
    """Withdraw an application for good; a place that it had is offered to the first reserve."""
    _require_lead(contact)
    moved = db.session.execute(
        update(Application)
        .where(Application.id == application.id, Application.state.in_(("draft", "submitted")))
        .values(state="withdrawn", withdrawn=clock.now(), offered_until=None)
        .returning(Application.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if moved is None:
        raise Conflict(_("Deze aanvraag is al ingetrokken."))
    db.session.refresh(application)
    if give_back(application):
        offer_next(application.call)
    write_all("withdrawn", application)
    detail(contact=contact.id)
    return application


@action("applications.answer_offer")
def answer_offer(
    system: Person, application: Application, *, answer: Literal["accept", "decline"], contact: Contact
) -> Application:
    """Accept or decline an offered place, before its term ends. Raise Conflict when it is over."""
    _require_lead(contact)
    now = clock.now()
    moved = db.session.execute(
        update(Application)
        .where(
            Application.id == application.id,
            Application.state == "submitted",
            Application.outcome == "offered",
            Application.offered_until > now,
        )
        .values(outcome="accepted" if answer == "accept" else "declined")
        .returning(Application.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if moved is None:
        raise Conflict(_("De termijn voor deze plaats is voorbij."))
    db.session.refresh(application)
    if answer == "decline" and give_back(application):
        offer_next(application.call)
    detail(contact=contact.id, answer=answer)
    return application
