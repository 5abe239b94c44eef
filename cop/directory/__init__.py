"""The directory of a programme: its people, experts, organisations and partnerships, and the municipalities."""
