"""The blueprint of the directory."""

from cop.base.web import Routes

routes = Routes("directory", __name__)
