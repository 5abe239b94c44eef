"""Every text that somebody writes passes the check for personal numbers, unless it is named here with its reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from cop.base.errors import Invalid
from cop.base.forms import Form, judged_fields, refuse_personal_data
from cop.base.web.endpoints import ENDPOINTS

COP = Path(__file__).parents[2] / "cop"
BSN = "111222333"
ADDRESS = "a mail address, which only says where mail goes"
OURS = "made by our own pages, no text of a person"
SECRET = "a password or a code, never stored as it is typed"
# The fields that nobody judges, by their name; a model before it where other models have a text of that name.
UNJUDGED = {
    "mail": ADDRESS,
    "contact_mail": ADDRESS,
    "CallEdit.contact": ADDRESS,
    "password": SECRET,
    "current": SECRET,
    "code": SECRET,
    "key": SECRET,
    "scan": OURS,
    "next": OURS,
    "draft_writer": OURS,
    "writer": OURS,
    "place": OURS,
    "stored": OURS,
    "kept": OURS,
    "kept_2": OURS,
    "kept_3": OURS,
    "Answers.answers": "applications.save judges each with its question, which may say what its number is",
}
# Modules that read input without a model: files, whose names are judged where they are spooled, and one key.
READS_REQUESTS = {
    "base/forms.py",
    "base/web/endpoints.py",
    "base/web/uploaded_pictures.py",
    "applications/routes/attaching.py",
    "directory/routes/municipalities.py",
    "documents/routes/sharing.py",
    "meeting_rooms/routes/picturing.py",
    "members/routes/inviting.py",
}


def _models() -> list[type[Form]]:
    return sorted(
        {one.takes for one in ENDPOINTS.values() if one.takes}, key=lambda model: f"{model.__module__}.{model}"
    )


def _holds_text(annotation: Any) -> bool:
    return re.search(r"\bstr\b|\bAny\b|Line|Text", str(annotation)) is not None or _is_model(annotation)


def _is_model(annotation: Any) -> bool:
    parts = [annotation, *getattr(annotation, "__args__", ())]
    return any(isinstance(part, type) and issubclass(part, BaseModel) for part in parts)


@pytest.mark.usefixtures("all_features")
def test_text_of_every_model_is_judged_or_named_here() -> None:
    models, unjudged, accepted = _models(), set(), []
    for model in models:
        for name, field in model.model_fields.items():
            if name not in judged_fields(model):
                unjudged.add(f"{model.__name__}.{name}" if f"{model.__name__}.{name}" in UNJUDGED else name)
            elif _holds_text(field.annotation):
                try:
                    refuse_personal_data(model.model_construct(**{name: f"Zij heeft {BSN}"}))
                    accepted.append(f"{model.__module__}.{model.__name__}.{name}")
                except Invalid:
                    continue
    assert len(models) > 100
    assert accepted == []
    assert unjudged == set(UNJUDGED)


def test_only_these_modules_read_requests_themselves() -> None:
    found = {
        path.relative_to(COP).as_posix()
        for path in COP.rglob("*.py")
        if re.search(r"request\.(form|files|json|get_json|data|stream|values)\b|forms\.raw\(", path.read_text())
    }
    assert found == READS_REQUESTS
