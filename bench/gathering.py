"""Fills an empty database with one community, its chat room and many members; prints their tokens and links as JSON.

Run by `bench.site`, with the number of members as its argument.
"""

from __future__ import annotations

import json
import sys

from cop import create_app
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room
from cop.cli.migrate import upgrade
from cop.config import Settings
from cop.society.credentials import new_link, new_token
from cop.society.memberships import Membership
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, Programme


def main(members: int) -> None:
    """Make the members and print {"tokens": […], "links": […], "room": id}: for each a token and a one-time link to sign in."""
    app = create_app(Settings.read())
    upgrade(app)
    with app.app_context(), transaction():
        programme = Programme(slug="proef", name="Proefprogramma")
        home = Organisation(kind="housing", name="Woonstichting Proef")
        db.session.add_all([programme, home])
        db.session.flush()
        community = Community(programme_id=programme.id, slug="een", name="Eerste kring", position=0)
        people = [
            Person(
                mail=f"lid{n:03}@proef.example",
                name=f"Lid {n:03}",
                state="active",
                entered=clock.now(),
                organisation_id=home.id,
            )
            for n in range(members)
        ]
        db.session.add_all([community, *people])
        db.session.flush()
        db.session.add_all([Membership(person_id=one.id, community_id=community.id, role="member") for one in people])
        made = {
            "tokens": [new_token(one) for one in people],
            "links": [new_link(one, "sign-in")[0] for one in people],
            "room": ensure_room(community).id,
        }
    sys.stdout.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
