"""The blueprint of programmes and the option lists its pages share."""

from __future__ import annotations

from flask_login import current_user
from sqlalchemy import func, select

from cop import access
from cop.base.db import db
from cop.base.web import Routes
from cop.society.organisations import Organisation
from cop.society.people import Person

routes = Routes("programmes", __name__)


def every_organisation() -> list[Organisation]:
    """Return every organisation that the viewer may see, by name."""
    visible = select(Organisation).where(access.visible_to(current_user._get_current_object(), Organisation))
    return list(db.session.scalars(visible.order_by(func.lower(Organisation.name))))


def people_to_choose() -> list[Person]:
    """Return the active people the viewer can see, by name."""
    return list(
        db.session.scalars(
            select(Person)
            .where(access.visible_to(current_user, Person), Person.state != "deactivated", Person.name != "")
            .order_by(func.lower(Person.name))
        )
    )
