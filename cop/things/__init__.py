"""The spine: what all things have in common, their bodies, files, reactions and versions, and the state of readers."""

from cop.things.asking import start_question, starts_questions
from cop.things.belonging import belonging, places_of
from cop.things.bodies import Body, Revision, body_of, find_repeated, revisions, text_entries, write, write_body
from cop.things.corrections import CORRECTIONS, Corrections
from cop.things.drafts import (
    Draft,
    DraftFields,
    StoredDraft,
    drafts_of,
    drop_draft,
    end_draft,
    find_draft,
    keep_other_draft,
    restore_draft,
    save_draft,
)
from cop.things.kinds import Change, Fragment, Kind
from cop.things.linking import OUTCOME, Attachment, ThingLink, attach, attachments, newest_outcome, visible_sources
from cop.things.origins import ImportOrigin, ImportRun, imported, origins_of, things_of
from cop.things.pager import NEWEST, KeysetPager
from cop.things.pictures import COPIES, Picture
from cop.things.reacting import REACTIONS, Reaction, ReactionRow, react, reactions, reactors
from cop.things.reader import (
    Follow,
    Mark,
    ReaderState,
    followed_by,
    mark,
    reader_columns,
    reader_state,
    state_from_row,
    unposted,
)
from cop.things.spine import Author, AuthorRow, Thing, as_read, community_of, find_by_client_id, reading, sign
from cop.things.versions import on_change, shown_on

__all__ = [
    "COPIES",
    "CORRECTIONS",
    "NEWEST",
    "OUTCOME",
    "REACTIONS",
    "Attachment",
    "Author",
    "AuthorRow",
    "Body",
    "Change",
    "Corrections",
    "Draft",
    "DraftFields",
    "Follow",
    "Fragment",
    "ImportOrigin",
    "ImportRun",
    "KeysetPager",
    "Kind",
    "Mark",
    "Picture",
    "Reaction",
    "ReactionRow",
    "ReaderState",
    "Revision",
    "StoredDraft",
    "Thing",
    "ThingLink",
    "as_read",
    "attach",
    "attachments",
    "belonging",
    "body_of",
    "community_of",
    "drafts_of",
    "drop_draft",
    "end_draft",
    "find_by_client_id",
    "find_draft",
    "find_repeated",
    "followed_by",
    "imported",
    "keep_other_draft",
    "mark",
    "newest_outcome",
    "on_change",
    "origins_of",
    "places_of",
    "react",
    "reactions",
    "reactors",
    "reader_columns",
    "reader_state",
    "reading",
    "restore_draft",
    "revisions",
    "save_draft",
    "shown_on",
    "sign",
    "start_question",
    "starts_questions",
    "state_from_row",
    "text_entries",
    "things_of",
    "unposted",
    "visible_sources",
    "write",
    "write_body",
]
