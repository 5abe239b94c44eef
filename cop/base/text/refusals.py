"""Errors of texts that are refused: too long, or too slow to parse."""

from __future__ import annotations


class TooLong(ValueError):
    """The source has more than `limit` characters."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the text is longer than {limit} characters")
        self.limit = limit


class TooDeep(ValueError):
    """The markup is nested too deep or too dense to be parsed in reasonable time."""
