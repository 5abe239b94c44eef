"""Inlined macros print what a call of the macro prints."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import DictLoader

from cop.base.web.inlining import LIBRARY
from cop.base.web.pages import Pages

MACROS = """
{% macro icon(name, label=None) %}<i{% if label %} title="{{ label }}"{% endif %}>{{ name }}</i>{% endmacro %}
{% set _symbol = icon %}
{% macro badge(role, organisation=None) -%}
{% if role == 'expert' %}{{ icon('star') }}{{ organisation }}{% elif role == 'team' %}{{ _symbol('team') }}{% endif %}
{%- endmacro %}
{% macro byline(author_name, role, when) %}<p>{{ author_name }} {{ badge(role, author_name) }} {{ when }}</p>{% endmacro %}
"""
CALLS = [
    "{{ icon('a') }}|{{ icon(x) }}|{{ icon(x ~ x, label='<b>') }}",
    "{{ icon('a') if x }}|{{ icon('a') if not x else icon('b') }}",
    "{{ badge('expert', x) }}|{{ badge('team') }}|{{ badge('member') }}|{{ badge(role) }}|{{ badge(role, x ~ '!') }}",
    "{% for role in roles %}{{ byline(x.upper(), role, role) }}{% endfor %}",
    "{% set when = 'mine' %}{{ byline('<i>', role, x ~ when) }}{{ when }}",
    "{% for icon in roles %}{{ icon }}{% endfor %}",
    "{{ _('Dag') ~ icon('a') }}",
    "{% include 'part.html' %}{{ icon('a') }}",
]


def _pages(source: str, *, inlined: bool) -> Any:
    files = {
        LIBRARY: MACROS,
        "part.html": "{{ byline('part', 'team', 1) }}",
        "page.html": '{% from "shared/things.html" import icon, badge, byline %}' + source,
    }
    return Pages("nl", lambda name: name, loader=DictLoader(files), auto_reload=not inlined)


@pytest.mark.parametrize("source", CALLS)
def test_prints_the_same(source: str) -> None:
    given = {"x": "<x>", "role": "expert", "roles": ["expert", "team", "member"]}
    called, inlined = (_pages(source, inlined=on).get_template("page.html").render(given) for on in (False, True))
    assert inlined == called


def test_a_page_without_calls_imports_nothing() -> None:
    pages = _pages("{{ icon('a') }}", inlined=True)
    assert "get_template" not in pages.compile(pages.loader.get_source(pages, "page.html")[0], "page.html", raw=True)
