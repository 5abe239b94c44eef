"""The endpoints of threads."""

from cop.threads.routes import asking, correcting, curating, drafts, reading, writing
from cop.threads.routes.blueprint import routes

__all__ = ["asking", "correcting", "curating", "drafts", "reading", "routes", "writing"]
