"""Programmes, partnerships, communities, memberships and roles."""
