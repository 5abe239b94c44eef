"""The verb with which an administrator reads along in a community."""

from __future__ import annotations

from cop import access
from cop.base.action import action
from cop.society.memberships import enrol
from cop.society.people import Person
from cop.society.programmes import Community


@action("communities.join")
def join(person: Person, community: Community) -> Community:
    """Give an administrator read access, recorded in the journal and shown in the list of members.

    A current member keeps their role.
    """
    if access.rights(person).role_for(community) is None:
        enrol(person, community, "reader")
        access.drop_cached_rights(person)
    return community
