"""Invitations, memberships and the lists of members."""
