"""Search: one index over everything readable, its query language and its results."""
