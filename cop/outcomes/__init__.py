"""Outcomes of meetings and conversations: what was learnt, decisions, and actions until they are done."""
