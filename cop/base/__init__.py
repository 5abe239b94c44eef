"""The ground: knows nothing of the domain."""
