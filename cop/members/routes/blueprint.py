"""The blueprint of members."""

from cop.base.web import Routes

routes = Routes("members", __name__)
