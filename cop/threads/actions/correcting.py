"""Correcting posts: edit with history, retract, hide, redact and react."""

from __future__ import annotations

from cop.things import Corrections
from cop.threads.models import Post

POSTS = Corrections(Post, "posts")
