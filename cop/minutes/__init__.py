"""Minutes of meetings: written together, published and corrected."""
