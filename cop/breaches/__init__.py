"""Data breaches: removing what should not have been written, everywhere, and the administrator's notes of each breach."""
