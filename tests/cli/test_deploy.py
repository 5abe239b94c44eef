"""The examples in deploy/: valid settings and existing commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cop.cli import COMMANDS
from cop.config import VARIABLES, Misconfigured, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
EXAMPLES = sorted(DEPLOY.glob("*.env"))
SERVICES = sorted((DEPLOY / "systemd").iterdir())


def variables(example: Path) -> dict[str, str]:
    """Return the variables that an example sets."""
    lines = (line for line in example.read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.name)
def test_settings_are_known_and_valid(example: Path) -> None:
    config = variables(example)
    assert {name for name in config if name.startswith("COP_")} <= set(VARIABLES.values())
    with pytest.raises(Misconfigured, match="COP_SECRET_KEY"):  # the example's key must be replaced
        Settings.read(config)
    settings = Settings.read(config | {"COP_SECRET_KEY": "0123456789abcdef" * 4})
    assert settings.secure
    assert settings.hosts == ["weerthuis.example"]


def test_several_servers_share_everything() -> None:
    config = variables(DEPLOY / "many.env")
    assert {"COP_DATABASE_URL", "COP_REDIS_URL", "COP_FILES_URL"} <= config.keys()
    assert config["COP_WORKER"] == "apart"


@pytest.mark.parametrize("service", SERVICES, ids=lambda file: file.name)
def test_services_run_existing_commands(service: Path) -> None:
    for command in re.findall(r"/bin/cop ([a-z]+)", service.read_text()):
        assert command in COMMANDS


def test_proxy_passes_websockets() -> None:
    config = (DEPLOY / "nginx.conf").read_text()
    for line in (
        "proxy_set_header Host $host;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header Upgrade $http_upgrade;",
        "gzip off;",
    ):
        assert line in config
    assert config.count("{") == config.count("}")
