"""The pages that gather the rooms: home and the community."""
