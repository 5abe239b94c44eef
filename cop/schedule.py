"""Recurring jobs: the name of each, and the function that returns its next run."""

from __future__ import annotations

from datetime import timedelta

from cop.base import attempts, jobs
from cop.bulletins.drafting import next_monday
from cop.experts.mailing import next_thursday
from cop.members.listeners import next_midnight
from cop.notices.digest import next_morning
from cop.operations.listeners import next_night
from cop.uses.telling import next_friday

for name, next_after in {
    "terms.end": next_midnight,  # ends memberships whose last day was yesterday
    "phases.enter": next_midnight,  # starts the phases that begin that day
    "bookmarks.remind": next_midnight,  # notifies who wanted to come back to something that day
    "notices.end_levels": next_midnight,  # ends what people wanted to hear up to yesterday
    "operations.examine": next_night,  # checks the database's integrity
    "intake.offers": lambda now: now + timedelta(minutes=5),  # ends offered places whose term is over
    "intake.remind": lambda now: now + timedelta(hours=1),  # mails who has a draft before the deadline
    "intake.erase": lambda now: now + timedelta(hours=6),  # erases applications whose time is over
    "leaving.sweep": lambda now: now + timedelta(hours=6),  # removes profiles to which nobody comes back any more
    "jobs.sweep": next_night,  # removes finished jobs
    "mail.sweep": next_night,  # removes sent mail
    "bulletins.weekly": next_monday,  # drafts the bulletin of each programme in which something happened
    "notices.digest": next_morning,  # writes the daily mail
    "meetings.hold": lambda now: now + timedelta(minutes=10),  # records meetings whose end is over
    "meetings.offer": lambda now: now + timedelta(minutes=5),  # offers seats that nobody took in time to the next
    "meetings.remind": lambda now: now + timedelta(minutes=30),  # reminds of meetings a week and a day before
    "meeting_rooms.open_and_close": lambda now: now + timedelta(minutes=5),  # opens and closes the chats of meetings
    "curation.close": lambda now: now + timedelta(minutes=5),  # closes threads whose last day is over
    "curation.sweep": lambda now: now + timedelta(hours=6),  # removes notes on people who left for good
    "pulse.ask": lambda now: now + timedelta(minutes=30),  # asks who was at a meeting the questions after it
    "pulse.close": lambda now: now + timedelta(hours=1),  # makes answers untraceable once they cannot be changed
    "outcomes.remind": next_morning,  # mails the owners of actions whose date comes near or has passed
    "uses.tell": next_friday,  # mails authors who used what of theirs
    "uses.ask": next_morning,  # asks who used something six weeks ago what came of it
    "guidance.remind": next_morning,  # asks the owners of guidance whether it still holds, when its date comes near
    "experts.remind": next_morning,  # reminds experts of questions, and tells moderators when a term ends
    "experts.weekly": next_thursday,  # mails experts all that waits for them
    "partnerships.months": next_morning,  # closes the check-ins of last month and opens those of this one
    "documents.sweep": lambda now: now + timedelta(days=1),  # removes attachments that were never posted
    "people.sweep": lambda now: now + timedelta(days=1),  # removes expired sessions, tokens and links
    "limits.sweep": lambda now: now + attempts.LONGEST / 4,  # removes attempts that no limit counts any more
}.items():
    jobs.every(name, next_after)
