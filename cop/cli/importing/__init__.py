"""`cop import`: threads from other systems, from reading an archive to undoing what it brought."""
