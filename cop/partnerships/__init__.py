"""Partnerships: organisations that work together on one local challenge."""
