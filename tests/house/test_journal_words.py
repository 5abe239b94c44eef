"""Every journalled verb, every job and every kind of mail has its words for administrators, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from cop.base import jobs
from cop.base.action import VERBS
from cop.base.words import LANGUAGES, language
from cop.operations import words
from cop.operations.models import BACKUP

pytestmark = pytest.mark.usefixtures("all_features")
MAIL = Path(__file__).parents[2] / "templates" / "mail"


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_codes_have_their_words(lang: str) -> None:
    verbs = {verb.name for verb in VERBS.values() if not verb.quiet} | {"denied", BACKUP}
    mails = {file.relative_to(MAIL).with_suffix("").as_posix() for file in MAIL.glob("*/[!_]*.txt")}
    mark = language.set(lang)
    try:
        for codes, of in ((verbs, words.of_verb), (set(jobs.JOBS), words.of_job), (mails, words.of_mail)):
            assert [code for code in sorted(codes) if of(code) == code] == []
    finally:
        language.reset(mark)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("SMTPRecipientsRefused: {'a@b.example': (550, b'5.1.1 User unknown')}", "bestaat niet"),
        ("SMTPRecipientsRefused: {'a@b.example': (450, b'4.2.0 Greylisted')}", "later"),
        ("SMTPRecipientsRefused: {'a@b.example': (552, b'5.2.2 Over quota')}", "vol"),
        ("SMTPRecipientsRefused: {}", "weigert de ontvanger"),
        ("SMTPDataError: (554, b'5.7.1 Message rejected as spam')", "vertrouwt"),
        ("SMTPAuthenticationError: (535, b'5.7.8 Bad credentials')", "COP_SMTP_URL"),
        ("ConnectionRefusedError: [Errno 111] Connection refused", "niet te bereiken"),
        ("TimeoutError: timed out", "niet te bereiken"),
        ("RuntimeError: what", "kon niet worden verstuurd"),
    ],
)
def test_mail_errors_are_told_in_words(error: str, said: str) -> None:
    assert said in words.of_failure(error)
