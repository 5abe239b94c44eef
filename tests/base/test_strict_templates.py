"""A template that names a column its row lacks fails, outside production."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from flask import Flask
from jinja2 import UndefinedError

from cop import create_app
from cop.config import Settings

pytestmark = pytest.mark.usefixtures("all_features")


class Row(NamedTuple):
    """A row with one column."""

    title: str


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Flask]:
    """An app in development and one in production."""
    given: dict[str, Any] = {"secret_key": "a-key-for-tests-of-more-than-32-characters", "base_url": "http://localhost"}
    return {
        mode: create_app(Settings.read({}, mode=mode, data=str(tmp_path_factory.mktemp(mode)), **given))
        for mode in ("development", "production")
    }


def render(app: Flask, source: str, **given: Any) -> str:
    template = app.extensions["pages"]["nl"].from_string(source)
    return str(template.render(**given))


@pytest.mark.parametrize("source", ["{{ row.tilte }}", "{% if row.tilte %}x{% endif %}", "{{ absent }}"])
@pytest.mark.parametrize("row", [Row("Sleutels"), SimpleNamespace(title="Sleutels")])
def test_missing_column_fails_in_development(apps: dict[str, Flask], source: str, row: Any) -> None:
    with pytest.raises(UndefinedError):
        render(apps["development"], source, row=row)
    assert render(apps["production"], source, row=row) == ""


def test_dictionaries_have_the_keys_that_apply(apps: dict[str, Flask]) -> None:
    assert (
        render(apps["development"], "{{ errors.title }}{{ row.title }}", errors={}, row=Row("Sleutels")) == "Sleutels"
    )
