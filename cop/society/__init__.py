"""Tables and queries of people, organisations, programmes, memberships and invitations."""
