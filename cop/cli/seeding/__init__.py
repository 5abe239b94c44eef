"""Fills an empty database with the demo, by calling the verbs, or with the data of the benchmarks."""

from cop.cli.seeding.play import play

__all__ = ["play"]
