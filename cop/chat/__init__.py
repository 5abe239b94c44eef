"""Live chat: rooms and messages."""
