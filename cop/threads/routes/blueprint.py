"""The blueprint on which the doors of threads hang."""

from cop.base.web import Routes

routes = Routes("threads", __name__)
