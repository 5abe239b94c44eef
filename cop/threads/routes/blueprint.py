"""The blueprint of the endpoints of threads."""

from cop.base.web import Routes

routes = Routes("threads", __name__)
