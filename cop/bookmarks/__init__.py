"""Bookmarks: what a person keeps, with a note and a reminder."""
