"""The index."""


def create_index() -> None:
    """Makes the index, which no metadata describes."""
