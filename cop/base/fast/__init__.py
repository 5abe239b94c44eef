"""The fast path to the database: SQLAlchemy's statements, sent straight to the driver.

Why it exists. For a row or two, SQLAlchemy's session, statement keys and results take ten times as long as the database.
Before the fast path a page of 20 posts took 3.0 ms from the cache and 8.9 ms without it; with it 0.45 and 1.0 ms. A reply
fell from 16 to 2.4 ms (docs/decisions/0011). Served, a page also pays for every function it touches: with fewer of them
the thread page went from 0.73 to 0.93 of the pages per second of a bare Flask application (docs/decisions/0015). The
statements are still built with SQLAlchemy, so both databases run the same ones.

Modules
- `prepared`: `PreparedQuery` reads, `PreparedWrite` writes. A statement with named parameters is compiled once for each
  database and each combination of list lengths; results are named tuples, of your own class with `row=`.
- `rows`: model objects without the unit of work. `insert_row` inserts one; `attach_row` makes one from columns that were
  read; `loaded_row` finds one in the session; `columns_of` copies its columns; `set_loaded` tells it a value that a
  prepared write stored.
- `cache_versions`: a random token per subject, renewed in the transaction that changes a table marked `@versioned`. What
  is cached in memory is keyed by the token, so that no process serves rights that are out of date.
- `readers`: read-only SQLite connections that are kept open, for prepared queries outside a transaction.

When to use it. Use the session and the ORM by default. Use a prepared query for what every request or every page of a
list reads, a prepared write for the rows that a reply or a message writes. Measure before and after.

What it must not be used for
- Writes to a table marked `@versioned`: the session watches those, a prepared write would leave stale rights in the
  caches. `PreparedWrite` refuses them when it is defined.
- Statements that are built from user input, or in a new shape for every call: each one is compiled and kept.
- Changing an object: a prepared write does not know the session's objects. Pass them the new values with `set_loaded`.

No other module uses SQLAlchemy's internals (identity keys, instance state, attribute events, driver cursors) or the
`__dict__` of a row; tests/house holds that.
"""
