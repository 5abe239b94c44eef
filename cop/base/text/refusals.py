"""Why a text is not taken in: it is too long, or it would take too long to read."""

from __future__ import annotations


class TooLong(ValueError):
    """The source has more than `limit` characters."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the text is longer than {limit} characters")
        self.limit = limit


class TooDeep(ValueError):
    """The markup is nested too deep, or packed too densely, to be read in reasonable time."""
