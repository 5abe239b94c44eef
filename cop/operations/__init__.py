"""Operations: mail that did not go, failed jobs, forgotten uploads, the journal and monitoring."""
