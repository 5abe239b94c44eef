"""The chat room of a meeting, its rounds and its photos."""
