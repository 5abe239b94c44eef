"""Date polls: which day suits most people, before a meeting is planned."""
