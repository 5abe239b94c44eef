"""The fast path to the database: prepared queries, reader connections, row assembly and cache versions."""
