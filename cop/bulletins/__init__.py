"""The weekly bulletin of a programme: drafted from what happened, edited by the team, mailed and kept on a page."""
