"""Calendars: meetings by month, and calendars to subscribe to."""
