"""Percentiles as the bench reports them."""

from __future__ import annotations

import math
from collections.abc import Collection


def percentile(values: Collection[float], percent: float) -> float:
    """Return the smallest value that is not below `percent` of all (nearest rank); 0 without values."""
    if not values:
        return 0.0
    return sorted(values)[max(math.ceil(len(values) * percent / 100), 1) - 1]


def milliseconds(seconds: Collection[float], percent: float) -> float:
    """Return the percentile of durations in seconds, in milliseconds."""
    return round(percentile(seconds, percent) * 1000, 3)
