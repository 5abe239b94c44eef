"""Meetings: planned, announced with an item for the calendar, answered, moved, cancelled and held."""
