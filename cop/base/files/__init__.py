"""Files: spooled, identified by their content, stored once by their SHA-256, and served so that none can do harm.

This package does not decide who may see a file. A caller spools an upload, calls `check`, keeps the file, and lets its
verb write the row.
"""

from cop.base.files.content import sniff
from cop.base.files.kinds import (
    ALLOWED,
    LARGEST,
    LIMITS,
    OTHER_EXTENSION,
    Kind,
    refusal,
    title,
    warning,
)
from cop.base.files.names import extension
from cop.base.files.opening import open_store
from cop.base.files.pictures import inline_picture, logo, portrait
from cop.base.files.reasons import Reason, Refused, TooLarge, sentence
from cop.base.files.serving import headers, served_as
from cop.base.files.spool import Spooled, check
from cop.base.files.store import Blob, Store

__all__ = [
    "ALLOWED",
    "LARGEST",
    "LIMITS",
    "OTHER_EXTENSION",
    "Blob",
    "Kind",
    "Reason",
    "Refused",
    "Spooled",
    "Store",
    "TooLarge",
    "check",
    "extension",
    "headers",
    "inline_picture",
    "logo",
    "open_store",
    "portrait",
    "refusal",
    "sentence",
    "served_as",
    "sniff",
    "title",
    "warning",
]
