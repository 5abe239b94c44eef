"""`cop work` does the jobs apart from the process that serves."""

from __future__ import annotations

import logging
import signal
import threading

import click

from cop import create_app
from cop.base import jobs


@click.command()
def work() -> None:
    """Does the jobs, for a set-up with COP_WORKER=apart."""
    logging.basicConfig(level=logging.INFO)
    stop = threading.Event()

    def end(*_signal: object) -> None:
        stop.set()
        jobs.wake()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    jobs.work(create_app(), stop)
