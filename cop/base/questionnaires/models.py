"""Tables of questionnaires, their answers and snapshots, and the statements that keep them right when two write."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db, insert_of
from cop.base.questionnaires.definition import Definition, active_blocks


class Questionnaire(Base):
    """A questionnaire; `purpose` says which feature it belongs to."""

    __tablename__ = "questionnaire"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    made: Mapped[datetime] = mapped_column(default=clock.now)


class QuestionnaireVersion(Base):
    """A version of a questionnaire, which never changes once somebody answered it."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (UniqueConstraint("questionnaire_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]]
    made: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def parsed(self) -> Definition:
        """The definition as a model."""
        return Definition.model_validate(self.definition)


class Answering(Base):
    """One filled-in questionnaire.

    `draft` rises with every saved answer, and `submitted` is the draft that was sent in last; `version` is the version
    of the questionnaire that was seen last.
    """

    __tablename__ = "answering"

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"), index=True)
    version: Mapped[int]
    draft: Mapped[int] = mapped_column(default=1)
    submitted: Mapped[int] = mapped_column(default=0)
    changed: Mapped[datetime] = mapped_column(default=clock.now)


class Answer(Base):
    """The newest answer to a block, and who gave it."""

    __tablename__ = "answer"

    answering_id: Mapped[int] = mapped_column(ForeignKey("answering.id"), primary_key=True)
    block: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    version: Mapped[int]
    by_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)


class AnswerHistory(Base):
    """An answer that another replaced while both were being written."""

    __tablename__ = "answer_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    answering_id: Mapped[int] = mapped_column(ForeignKey("answering.id"), index=True)
    block: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)
    version: Mapped[int]
    by_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Attachment(Base):
    """A file attached to a block; a removed one stays in the snapshots that name it."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    answering_id: Mapped[int] = mapped_column(ForeignKey("answering.id"), index=True)
    block: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    media_type: Mapped[str]
    by_name: Mapped[str] = mapped_column(default="")
    made: Mapped[datetime] = mapped_column(default=clock.now)
    removed: Mapped[datetime | None]


class Snapshot(Base):
    """What was sent in: the answers with the definition of that moment. It never changes."""

    __tablename__ = "snapshot"
    __table_args__ = (
        UniqueConstraint("answering_id", "number"),
        Index("ix_snapshot_received", "received"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    answering_id: Mapped[int] = mapped_column(ForeignKey("answering.id"))
    number: Mapped[int]
    version: Mapped[int]
    definition: Mapped[dict[str, Any]]
    answers: Mapped[dict[str, Any]]
    received: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str]

    @property
    def parsed(self) -> Definition:
        """The definition as a model."""
        return Definition.model_validate(self.definition)


@dataclass(frozen=True)
class Saved:
    """The result of saving: the new version of the answer, and the one it replaced although it was not seen."""

    version: int
    instead: Answer | None = None


def newest_version(questionnaire_id: int) -> QuestionnaireVersion:
    """Return the newest version of a questionnaire."""
    query = (
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.questionnaire_id == questionnaire_id)
        .order_by(QuestionnaireVersion.number.desc())
        .limit(1)
    )
    return db.session.scalars(query).one()


def answers_of(answering_id: int) -> dict[str, Answer]:
    """Return the answers by block."""
    query = select(Answer).where(Answer.answering_id == answering_id).execution_options(populate_existing=True)
    return {answer.block: answer for answer in db.session.scalars(query)}


def save_answer(
    answering: Answering, block: str, value: Any, *, base: int | None, by_id: int | None, by_name: str
) -> Saved:
    """Save an answer. The last one written stands; one that it replaces unseen goes to the history and is returned.

    base: the version that the writer saw, 0 for none; None replaces whatever is there.
    The row of the answering is changed first: so what is saved beside a submission is in it or after it.
    """
    db.session.execute(
        update(Answering)
        .where(Answering.id == answering.id)
        .values(draft=Answering.draft + 1, changed=clock.now())
        .execution_options(synchronize_session=False)
    )
    key = {"answering_id": answering.id, "block": block}
    given = {"value": value, "by_id": by_id, "by_name": by_name, "at": clock.now()}
    first = insert_of(Answer).values(**key, **given, version=1).on_conflict_do_nothing().returning(Answer.version)
    if db.session.scalar(first) is not None:
        return Saved(1)
    now = db.session.scalars(
        select(Answer).filter_by(**key).with_for_update().execution_options(populate_existing=True)
    ).one()
    if now.value == value:
        return Saved(now.version)
    instead = None
    if base is not None and now.version != base:
        instead = Answer(**key, value=now.value, version=now.version, by_id=now.by_id, by_name=now.by_name, at=now.at)
        db.session.add(
            AnswerHistory(**key, value=now.value, version=now.version, by_id=now.by_id, by_name=now.by_name, at=now.at)
        )
    number = now.version + 1
    now.version, now.value, now.by_id, now.by_name, now.at = number, value, by_id, by_name, clock.now()
    db.session.flush()
    return Saved(number, instead)


def submit(
    answering: Answering, definition: Definition, version: int, *, received: datetime, by_name: str
) -> Snapshot | None:
    """Make a snapshot of the answers that are shown and return it; None when nothing changed since the last one.

    One conditional statement first, so that of many at once exactly one makes it.
    """
    changed = db.session.execute(
        update(Answering)
        .where(Answering.id == answering.id, Answering.draft > Answering.submitted)
        .values(submitted=Answering.draft, version=version)
        .returning(Answering.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if changed is None:
        return None
    db.session.refresh(answering)
    given = {key: answer.value for key, answer in answers_of(answering.id).items()}
    answers = _sent(definition, given, answering.id)
    last = db.session.scalar(select(func.max(Snapshot.number)).where(Snapshot.answering_id == answering.id)) or 0
    written = json.dumps([answers, definition.model_dump(mode="json")], sort_keys=True, ensure_ascii=False)
    snapshot = Snapshot(
        answering_id=answering.id,
        number=last + 1,
        version=version,
        definition=definition.model_dump(mode="json"),
        answers=answers,
        received=received,
        by_name=by_name,
        sha256=hashlib.sha256(written.encode()).hexdigest(),
    )
    db.session.add(snapshot)
    db.session.flush()
    return snapshot


def _sent(definition: Definition, given: Mapping[str, Any], answering_id: int) -> dict[str, Any]:
    """Return the answers of the blocks that are shown, with the files of each."""
    attached: dict[str, list[dict[str, Any]]] = {}
    rows = select(Attachment).where(Attachment.answering_id == answering_id, Attachment.removed.is_(None))
    for one in db.session.scalars(rows.order_by(Attachment.id)):
        attached.setdefault(one.block, []).append({"id": one.id, "name": one.name, "size": one.size})
    sent: dict[str, Any] = {}
    for block in active_blocks(definition, given):
        value = attached.get(block.key) if block.kind == "file" else given.get(block.key)
        if value is not None:
            sent[block.key] = value
    return sent | {one.key: given[one.key] for one in definition.criteria if one.key in given}


def erase(answering_id: int) -> None:
    """Delete the answers, their history, the snapshots and the attachments; nothing is left that reads as an answer."""
    for table in (Answer, AnswerHistory, Snapshot, Attachment):
        db.session.execute(delete(table).where(table.answering_id == answering_id))
