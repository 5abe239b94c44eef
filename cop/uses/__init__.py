"""Uses: what members did with guidance, answers and documents."""
