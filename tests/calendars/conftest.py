"""Meetings of the first community, as on the pages of meetings."""

from __future__ import annotations

from tests.meetings.conftest import at_the_desk, draft, mails, meeting, plan

__all__ = ["at_the_desk", "draft", "mails", "meeting", "plan"]  # fixtures of meetings
