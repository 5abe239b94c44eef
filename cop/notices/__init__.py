"""Follows, notices, and the mail about them."""
