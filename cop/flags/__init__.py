"""Flags: a member reports what they read to the moderators of its community, and hears what came of it."""
