"""What people think of a meeting afterwards, and their certificates of attendance."""
