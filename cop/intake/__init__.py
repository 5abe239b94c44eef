"""Calls for applications: the form of a call, when it is open, its places, and the tables of applications."""
