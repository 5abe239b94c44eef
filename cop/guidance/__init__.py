"""Guidance: handreikingen with their sources, reviews and versions."""
