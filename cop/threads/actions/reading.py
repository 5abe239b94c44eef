"""Reading marks; they are private, so the journal has no entries of them."""

from __future__ import annotations

from cop import things
from cop.base.action import action
from cop.society.people import Person
from cop.society.programmes import Community
from cop.threads import marks
from cop.threads.models import Post, Thread


@action("threads.mark", quiet=True)
def mark(person: Person, thread: Thread, *, seq: int) -> None:
    """Mark the thread as read up to `seq`."""
    things.mark(person, thread, seq)


@action("threads.unread_from", quiet=True)
def unread_from(person: Person, post: Post) -> int | None:
    """Mark a post and what follows it as unread; return the mark before, None where the post was unread already."""
    return marks.unread_from(person, post.parent_id or 0, post.seq)


@action("threads.read_all", quiet=True)
def read_all(person: Person, community: Community) -> marks.Caught:
    """Mark every thread of a community as read."""
    return marks.read_all(person, community)


@action("threads.unread_all", quiet=True)
def unread_all(person: Person, community: Community) -> marks.Caught:
    """Take back that every thread of a community was marked as read: the marks are as they were."""
    return marks.unread_all(person, community)
