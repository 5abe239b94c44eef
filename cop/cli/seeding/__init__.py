"""Fills an empty database: the demonstration, played through the verbs, and the data of the bench."""

from cop.cli.seeding.play import play

__all__ = ["play"]
