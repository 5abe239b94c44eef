"""Leaving: what ends when somebody is out of service, who takes over what they carried, and coming back."""
