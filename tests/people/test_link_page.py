"""people.link_page: a link opened by who is signed in, as its owner or as somebody else."""

from __future__ import annotations

import re
from typing import Any

import pytest

NEW = "nieuw@proef.example"


@pytest.fixture
def link(cast: Any, post: Any) -> str:
    """Return the path of the link of an invitation to community one."""
    cast.client("eva").post("/communities/een/members", data={"mail": NEW, "name": "Nina Nieuw"})
    (email,) = [email for email in post.all() if email.address == NEW]
    return re.search(r"http://localhost(/sign-in/\S+)", email.text)[1]  # type: ignore[index]


def test_used_invitation_just_enters(cast: Any, link: str) -> None:
    browser = cast.client(None)
    browser.post(link)
    browser.post("/welcome", data={"name": "Nina Nieuw", "rules": "1", "privacy": "1"})
    assert browser.get(link).location == "/communities/een"
    assert cast.client(None).get(link).status_code == 410


def test_link_of_another_person_does_not_betray_the_address(cast: Any, link: str) -> None:
    browser = cast.client("anna")
    page = browser.get(link)
    assert page.status_code == 200
    assert "U bent ingelogd als Anna Adem." in page.text
    assert "Uitloggen en verdergaan met deze link" in page.text
    cast.client(None).post(link)
    page = browser.get(link)
    assert page.status_code == 410
    assert "Deze link is voor iemand anders" in page.text
    for secret in (NEW, "Nina"):
        assert secret not in page.text
