"""The settings of the product, read once from the environment."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Mode = Literal["production", "development", "demo"]


class Misconfigured(Exception):
    """A setting is missing, wrong or too weak; the message says which, and how to correct it."""


def setting(name: str, doc: str, default: object = "") -> str:
    """Return a dataclass field that is read from the environment variable `name`."""
    return field(default=default, metadata={"env": name, "doc": doc})  # type: ignore[return-value]


@dataclass(frozen=True)
class Settings:
    """All settings; each field has the name of its environment variable and its meaning."""

    mode: str = setting("COP_MODE", "production, development or demo (loopback only)", "production")
    data: str = setting("COP_DATA", "folder of the embedded database, files and caches", ".data")
    database_url: str = setting("COP_DATABASE_URL", "postgresql://… or empty for SQLite in COP_DATA")
    redis_url: str = setting("COP_REDIS_URL", "redis://… carries live events between processes")
    files_url: str = setting("COP_FILES_URL", "file:///folder or s3://bucket; empty: COP_DATA/files")
    secret_key: str = setting("COP_SECRET_KEY", "at least 32 characters; signs short-lived values")
    secret_key_fallbacks: str = setting("COP_SECRET_KEY_FALLBACKS", "former keys, separated by commas")
    base_url: str = setting("COP_BASE_URL", "the one public address, e.g. https://weerthuis.example")
    trusted_hosts: str = setting("COP_TRUSTED_HOSTS", "host names served, comma separated; default: of COP_BASE_URL")
    proxies: str = setting("COP_PROXIES", "how many proxies stand in front and set X-Forwarded-*", "0")
    smtp_url: str = setting(
        "COP_SMTP_URL", "smtp://user:word@host:587 (smtp+starttls://… insists on TLS, smtps://… from the start)"
    )
    mail_from: str = setting("COP_MAIL_FROM", "sender of all mail, e.g. Weer thuis <post@weerthuis.example>")
    site_name: str = setting("COP_SITE_NAME", "name in the page header and in mail", "Praktijkgemeenschap")
    contact: str = setting("COP_CONTACT", "mail address for help, privacy and security reports")
    sockets: str = setting("COP_SOCKETS", "live connections one process accepts at most", "300")
    transport: str = setting("COP_TRANSPORT", "wire; or stock, which takes a thread for each socket", "wire")
    worker: str = setting("COP_WORKER", "inside: jobs run in the web process; apart: `cop work` runs them", "inside")
    metrics_token: str = setting("COP_METRICS_TOKEN", "bearer token for /metrics from elsewhere than loopback")
    body_cache: str = setting(
        "COP_BODY_CACHE", "megabytes of rendered bodies a process keeps; 0 turns every cache off", "8"
    )
    rate_limits: str = setting("COP_RATE_LIMITS", "on; off only outside production, where one member is many", "on")

    @classmethod
    def read(cls, env: Mapping[str, str] | None = None, **given: object) -> Settings:
        """Return the settings of `env` (default: of the process), overridden by `given`, with the defaults of the mode."""
        env = os.environ if env is None else env
        read = {f.name: env[f.metadata["env"]] for f in fields(cls) if env.get(f.metadata["env"])}
        return cls(**{**read, **{k: str(v) for k, v in given.items()}})._completed()

    def _completed(self) -> Settings:
        if self.mode not in ("production", "development", "demo"):
            raise Misconfigured(f"COP_MODE is {self.mode!r}; choose production, development or demo.")
        self._check_forms()
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        folder = Path(self.data).resolve()
        values["data"] = str(folder)
        # Without a driver named SQLAlchemy would look for psycopg 2.
        driven = re.sub("^postgres(ql)?://", "postgresql+psycopg://", self.database_url)
        values["database_url"] = driven or f"sqlite:///{folder}/cop.sqlite3"
        values["files_url"] = self.files_url or f"file://{folder}/files"
        if self.mode == "production":
            self._check_production()
        else:
            values["secret_key"] = self.secret_key or secrets.token_hex(32)
            values["base_url"] = self.base_url or "http://127.0.0.1:8000"
            values["contact"] = self.contact or "beheer@weerthuis.example"
        values["base_url"] = values["base_url"].rstrip("/")
        host = urlsplit(values["base_url"]).hostname or ""
        values["trusted_hosts"] = self.trusted_hosts or (
            host if self.mode == "production" else f"{host},localhost,127.0.0.1"
        )
        values["mail_from"] = self.mail_from or f"{self.site_name} <noreply@{host}>"
        values["contact"] = values["contact"] or f"beheer@{host}"
        return Settings(**values)

    def _check_forms(self) -> None:
        """Raise Misconfigured for values that would fail later: a word instead of a number, an unknown choice or scheme."""
        for name in ("sockets", "proxies", "body_cache"):
            if not (value := getattr(self, name)).isdecimal():
                raise Misconfigured(f"{VARIABLES[name]} is {value!r}; give a whole number.")
        for name, choices in (
            ("worker", ("inside", "apart")),
            ("rate_limits", ("on", "off")),
            ("transport", ("wire", "stock")),
        ):
            if (value := getattr(self, name)) not in choices:
                raise Misconfigured(f"{VARIABLES[name]} is {value!r}; choose {' or '.join(choices)}.")
        for name, schemes in SCHEMES.items():
            if (value := getattr(self, name)) and not value.startswith(schemes):
                raise Misconfigured(f"{VARIABLES[name]} does not start with {' or '.join(schemes)}.")

    def _check_production(self) -> None:
        if len(self.secret_key) < 32:
            raise Misconfigured("COP_SECRET_KEY is missing or shorter than 32 characters.")
        if any(is_guessable(key) for key in (self.secret_key, *filter(None, self.secret_key_fallbacks.split(",")))):
            raise Misconfigured("COP_SECRET_KEY repeats itself; draw one by: openssl rand -hex 32.")
        if self.rate_limits == "off":
            raise Misconfigured("COP_RATE_LIMITS is off; rate limits stay on in production.")
        url = urlsplit(self.base_url)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise Misconfigured("COP_BASE_URL is missing; give the public address, e.g. https://weerthuis.example.")
        if url.scheme == "http" and not is_loopback(url.hostname):
            raise Misconfigured("COP_BASE_URL is http:// outside loopback; serve it by https://.")

    @property
    def secure(self) -> bool:
        """Whether the product is served by https, which cookies and HSTS depend on."""
        return self.base_url.startswith("https://")

    @property
    def demo(self) -> bool:
        return self.mode == "demo"

    @property
    def demo_clock(self) -> Path:
        """The file with the shift of the demo's clock, in seconds."""
        return Path(self.data) / "demo-clock"

    @property
    def hosts(self) -> list[str]:
        return [h.strip() for h in self.trusted_hosts.split(",") if h.strip()]


VARIABLES = {f.name: f.metadata["env"] for f in fields(Settings)}
SCHEMES = {
    "database_url": ("postgresql://", "postgresql+psycopg://", "postgres://", "sqlite:///"),
    "redis_url": ("redis://", "rediss://", "unix://"),
    "files_url": ("file:///", "s3://"),
    "base_url": ("http://", "https://"),
    "smtp_url": ("smtp://", "smtp+starttls://", "smtps://"),
}


def is_guessable(key: str) -> bool:
    """Return whether a secret has few different characters or repeats a short piece."""
    return len(set(key)) < 10 or any(key == (key[:size] * len(key))[: len(key)] for size in range(1, 9))


def is_loopback(host: str) -> bool:
    """Return whether `host` (a name or an address) is this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def place(name: str) -> Path:
    """Return the folder `name`: beside the package in a checkout, inside it in a wheel."""
    here = Path(__file__).resolve().parent
    return here / name if (here / name).is_dir() else here.parent / name
