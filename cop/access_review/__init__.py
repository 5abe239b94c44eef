"""The access review of a programme: who may what, confirmed or ended by its team."""
