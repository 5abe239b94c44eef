"""Questions to experts: routing, terms, answers, and the desk of an expert."""
