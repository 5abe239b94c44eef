"""The endpoints of threads."""

from cop.threads.routes import correcting, curating, drafts, reading, writing
from cop.threads.routes.blueprint import routes

__all__ = ["correcting", "curating", "drafts", "reading", "routes", "writing"]
