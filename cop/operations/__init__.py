"""What keeps it running: outbox, jobs, uploads without a home, checks."""
