"""Programmes, communities and the programme team."""
