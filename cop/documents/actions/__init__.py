"""Verbs of documents: sharing files, naming and filing them, folders, and removing what is unused."""

from cop.documents.actions.foldering import add_folder, remove_folder, rename_folder
from cop.documents.actions.keeping import describe, trash, untrash
from cop.documents.actions.publishing import publish, unpublish
from cop.documents.actions.sharing import add_imported, replace, restore, upload
from cop.documents.actions.sweeping import Orphans, orphans, remove_blobs, sweep

__all__ = [
    "Orphans",
    "add_folder",
    "add_imported",
    "describe",
    "orphans",
    "publish",
    "remove_blobs",
    "remove_folder",
    "rename_folder",
    "replace",
    "restore",
    "sweep",
    "trash",
    "unpublish",
    "untrash",
    "upload",
]
