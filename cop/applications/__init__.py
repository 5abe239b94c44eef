"""Applications: applying without an account, keeping and erasing, and becoming a partnership."""
