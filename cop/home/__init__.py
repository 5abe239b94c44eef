"""Home and the page of a community, which gather from the other features."""
