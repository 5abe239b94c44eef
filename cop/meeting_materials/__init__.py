"""Materials of meetings: the documents and threads that belong to a meeting."""
