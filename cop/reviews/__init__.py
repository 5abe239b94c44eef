"""Reviewing the applications of a call, deciding on them and announcing the outcomes."""
