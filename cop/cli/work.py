"""`cop work`: runs the jobs in a process of their own."""

from __future__ import annotations

import logging
import signal
import threading

import click

from cop import create_app
from cop.base import jobs
from cop.cli import manual


@click.command(
    cls=manual.Command,
    examples=[("Run the jobs beside one or more `cop run`:", "COP_WORKER=apart cop work")],
    environment=[*manual.PLATFORM, "COP_WORKER", "COP_REDIS_URL", "COP_SMTP_URL", "COP_MAIL_FROM"],
    exits={0: "Stopped by SIGTERM or SIGINT, after the job that was running."},
)
def work() -> None:
    """Run the jobs in a process of their own.

    Sends mail, makes the daily digest, and does the recurring work. For a deployment with several processes, in which
    every `cop run` has COP_WORKER=apart. Logs to standard error and runs until it is stopped.
    """
    logging.basicConfig(level=logging.INFO)
    stop = threading.Event()

    def end(*_signal: object) -> None:
        stop.set()
        jobs.wake()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    jobs.work(create_app(), stop)
