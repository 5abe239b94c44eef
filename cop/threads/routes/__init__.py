"""The endpoints of threads."""

from cop.threads.routes import correcting, curating, reading, writing
from cop.threads.routes.blueprint import routes

__all__ = ["correcting", "curating", "reading", "routes", "writing"]
