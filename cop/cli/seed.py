"""`cop seed`: the demo and the bench's data."""

from __future__ import annotations

import click
from flask import Flask

from cop import create_app


@click.group()
def seed() -> None:
    """Fills an empty database."""


@seed.command()
def demo() -> None:
    """The lively demo: a programme in its second year, all people invented."""


def start(app: Flask, *, empty: bool) -> None:
    """What a fresh database gets at its first start."""


__all__ = ["create_app", "demo", "seed", "start"]
