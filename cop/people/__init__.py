"""People, organisations, sign-in and sessions."""
