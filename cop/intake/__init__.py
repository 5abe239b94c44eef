"""Calls for applications: the form, applying without an account, reviewing, deciding and accepting."""
