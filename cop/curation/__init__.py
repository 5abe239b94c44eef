"""Curation: moderators split, merge and link threads, slow them down and write notes on them."""
