"""The blueprint of programmes."""

from cop.base.web import Routes

routes = Routes("programmes", __name__)
