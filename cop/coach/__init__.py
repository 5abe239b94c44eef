"""The coach's desk: what needs an act in each programme of a team member, and personal messages about it."""
