"""The day of a meeting: who is here, the screen of who leads it, and the screen for everybody."""
