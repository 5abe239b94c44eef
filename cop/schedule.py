"""The recurring jobs of the whole product, and when each runs next."""

from __future__ import annotations

from datetime import timedelta

from cop.base import attempts, jobs
from cop.notices.digest import next_morning
from cop.operations.listeners import next_night
from cop.programmes.listeners import next_midnight

for name, next_after in {
    "terms.end": next_midnight,  # memberships whose last day was yesterday
    "operations.examine": next_night,  # whether the database is whole
    "jobs.sweep": next_night,  # jobs that were done
    "mail.sweep": next_night,  # mail that went
    "notices.digest": next_morning,  # the daily mail
    "documents.sweep": lambda now: now + timedelta(days=1),  # attachments that were never posted
    "people.sweep": lambda now: now + timedelta(days=1),  # sessions, links and codes that ran out
    "limits.sweep": lambda now: now + attempts.LONGEST / 4,  # tries that no limit counts any more
}.items():
    jobs.every(name, next_after)
