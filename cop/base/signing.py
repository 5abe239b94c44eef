"""Signed values for links and forms: made with the secret key, and read under the former ones too."""

from __future__ import annotations

from flask import current_app
from itsdangerous import URLSafeSerializer


def keys() -> list[str]:
    """Return the secret keys, the present one last, as itsdangerous takes them."""
    settings = current_app.config["COP"]
    return [*(key for key in settings.secret_key_fallbacks.split(",") if key), settings.secret_key]


def signer(salt: str) -> URLSafeSerializer:
    """Return a signer of values without an end; `salt` says what they are for."""
    return URLSafeSerializer(keys(), salt=salt)
