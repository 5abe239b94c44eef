"""Society: the tables and queries of people, organisations, programmes, memberships and invitations."""
