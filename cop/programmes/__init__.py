"""Programmes, communities, memberships and roles."""
