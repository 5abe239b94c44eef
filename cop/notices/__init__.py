"""Follows, notices and the mail that goes out."""
