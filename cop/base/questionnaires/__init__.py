"""Questionnaires: a form made of blocks, its versions, the answers to it and the snapshots of what was sent in.

Nothing here knows what is asked or who answers; calls for applications are the first that use it.
"""

from cop.base.questionnaires.answers import NOT_A_DATE, cleaned, is_empty, problems
from cop.base.questionnaires.changes import refused_changes
from cop.base.questionnaires.composition import Missing, missing_parts
from cop.base.questionnaires.counting import count_words
from cop.base.questionnaires.definition import (
    KINDS,
    Block,
    Composition,
    Condition,
    Criterion,
    Definition,
    Option,
    Part,
    Section,
    active_blocks,
    visible_sections,
)
from cop.base.questionnaires.models import (
    Answer,
    AnswerHistory,
    Answering,
    Attachment,
    Questionnaire,
    QuestionnaireVersion,
    Saved,
    Snapshot,
    answers_of,
    erase,
    newest_version,
    save_answer,
    submit,
)

__all__ = [
    "KINDS",
    "NOT_A_DATE",
    "Answer",
    "AnswerHistory",
    "Answering",
    "Attachment",
    "Block",
    "Composition",
    "Condition",
    "Criterion",
    "Definition",
    "Missing",
    "Option",
    "Part",
    "Questionnaire",
    "QuestionnaireVersion",
    "Saved",
    "Section",
    "Snapshot",
    "active_blocks",
    "answers_of",
    "cleaned",
    "count_words",
    "erase",
    "is_empty",
    "missing_parts",
    "newest_version",
    "problems",
    "refused_changes",
    "save_answer",
    "submit",
    "visible_sections",
]
