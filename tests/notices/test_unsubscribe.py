"""notices.unsubscribe: one click in a mail stops mail of that kind; opening the link does not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cop.notices.emails import read_token, token


@pytest.fixture
def mention(cast: Any, posting: Any, emails_to: Any) -> Any:
    """Return the mail that Anna gets when she is mentioned."""
    posting.start("bram", body="Dag @Anna Adem")
    return emails_to("anna")[-1]


def path(email: Any) -> str:
    """Return the path in List-Unsubscribe."""
    return re.fullmatch(r"<http://localhost(/unsubscribe/\S+)>", email.headers["List-Unsubscribe"])[1]  # type: ignore[index]


def one_click(cast: Any, path: str, **headers: str) -> Any:
    """Post as a mail program does (RFC 8058): no cookie, another origin."""
    return cast.client(None).post(
        path, data={"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site", **headers}
    )


def test_works(cast: Any, posting: Any, emails_to: Any, notices: Any, mention: Any) -> None:
    assert mention.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = one_click(cast, path(mention))
    assert answer.status_code == 200
    assert "U krijgt geen mail meer als iemand u noemt." in answer.text
    posting.start("bram", body="Nog eens, @Anna Adem")
    assert len(emails_to("anna")) == 1
    assert len(notices("anna")) == 2
    answered = posting.start("anna")
    posting.reply("bram", answered)
    assert [email.kind for email in emails_to("anna")] == [
        "notices/mention",
        "notices/answer",
    ]  # the other kinds are still mailed


def test_opening_the_link_changes_nothing(cast: Any, posting: Any, emails_to: Any, mention: Any) -> None:
    for method in ("get", "head"):
        assert getattr(cast.client(None), method)(path(mention)).status_code == 200
    page = cast.client(None).get(path(mention)).text
    assert "Wilt u geen mail meer krijgen als iemand u noemt?" in page
    assert f'action="{path(mention)}"' in page
    posting.start("bram", body="Nog eens, @Anna Adem")
    assert len(emails_to("anna")) == 2


def test_mail_footer_has_the_link(mention: Any) -> None:
    assert f"Geen mail meer als iemand u noemt: http://localhost{path(mention)}" in mention.text
    assert f'href="http://localhost{path(mention)}"' in mention.html


def test_works_by_api(cast: Any, app: Any) -> None:
    with app.test_request_context():
        stop = token(cast.anna, "digest")
    answer = cast.client(None).post(f"/api/v1/unsubscribe/{stop}", headers={"Accept": "application/json"})
    assert answer.status_code == 204


def test_unsigned_link_gets_404(cast: Any, app: Any, mention: Any) -> None:
    good = path(mention)
    for bad in ("/unsubscribe/x", good[:-1], good + "x", good.replace(".", ".x")):
        assert cast.client(None).get(bad).status_code == 404, bad
        assert one_click(cast, bad).status_code == 404, bad


@pytest.mark.parametrize("forged", [["1"], [1, "everything"], ["1", "digest"], [1, "digest", 2], "digest", {}])
def test_only_known_kinds_are_accepted(app: Any, forged: Any) -> None:
    from cop.base.signing import signer
    from cop.notices.emails import SALT

    with app.test_request_context():
        assert read_token(signer(SALT).dumps(forged)) is None


def test_token_is_for_one_kind_and_person(cast: Any, app: Any) -> None:
    with app.test_request_context():
        assert read_token(token(cast.anna, "digest")) == (cast.anna, "digest")
        assert token(cast.anna, "digest") != token(cast.bram, "digest") != token(cast.bram, "mention")


def test_is_journalled(cast: Any, journal_entries: Any, mention: Any) -> None:
    one_click(cast, path(mention))
    entry = journal_entries("notices.unsubscribe")[-1]
    assert (entry.person_id, entry.object_id) == (None, cast.anna)
    assert entry.details == {"person": cast.anna, "kind": "mention"}
