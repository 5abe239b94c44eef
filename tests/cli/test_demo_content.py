"""The content of the demonstration: complete, coherent, believable and without real people."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

from cop.base import clock
from cop.cli import demo
from cop.cli.demo import FILES, Demo, checks

KEYS = {*(f"a{n}" for n in range(1, 11)), *(f"b{n}" for n in range(1, 10)), *(f"c{n}" for n in range(1, 10))}
OFFICE = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}


@pytest.fixture(scope="module")
def content() -> Demo:
    return demo.load()


def thread(content: Demo, key: str) -> demo.Thread:
    return next(one for one in content.threads if one.key == key)


def kind_of(content: Demo, person: str) -> str:
    organisations = {one.key: one.kind for one in content.organisations}
    return next(organisations[one.organisations[0]] for one in content.people if one.key == person)


def unread(content: Demo, person: str) -> int:
    """Return the number of threads with unread posts for this person."""
    marks = {mark.place: mark.number for mark in content.thread_marks if mark.person == person}
    mine = next(one.communities for one in content.people if one.key == person)
    theirs = [one for one in content.threads if one.community in mine]
    return sum(marks.get(one.key, -1) < len(one.posts) - 1 for one in theirs)


def text_of(path: Path) -> str:
    """Return all text of an office file, including its properties."""
    with_text = re.compile(r"document\.xml$|sharedStrings|slides/slide|notesSlide|docProps/core")
    with zipfile.ZipFile(path) as parts:
        xml = "\n".join(parts.read(name).decode() for name in parts.namelist() if with_text.search(name))
    return unescape(re.sub(r"<[^>]+>", "\n", xml))


def inflated(path: Path) -> bytes:
    """Return a PDF with its compressed parts decompressed."""
    raw = path.read_bytes()
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", raw, re.DOTALL)
    return raw + b"".join(zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"x")


def test_content_has_everything_the_domain_asks_for(content: Demo) -> None:
    assert {one.key for one in content.threads} == KEYS
    assert [one.slug for one in content.communities] == ["woningvoorraad", "procesregie", "zachte-landing"]
    assert len(content.partnerships) == 10
    assert [len(room.messages) for room in content.rooms] == [45, 30, 30]
    assert {one.key for one in content.threads if one.featured} == {"a5", "b4", "c4"}
    assert len([one for one in content.threads if one.source]) == 3
    roles = [role for person in content.people for role in person.communities.values()]
    assert {"member", "expert", "moderator", "team", "reader"} == set(roles)
    assert [person.key for person in content.people if person.admin] == ["iris"]
    versions = {one.key: len(one.versions) for one in content.documents}
    assert [versions[key] for key in ("uitstroomconvenant", "rekenmodel", "huisregels")] == [4, 3, 2]


def test_half_of_the_questions_have_an_accepted_answer(content: Demo) -> None:
    questions = [one for one in content.threads if one.kind == "question"]
    answered = [one for one in questions if one.answer]
    assert len(questions) / 3 < len(answered) < len(questions) * 2 / 3


def test_replies_come_from_several_kinds_of_organisation(content: Demo) -> None:
    for one in content.threads:
        if one.key != "a8":
            assert 2 <= len(one.posts) - 1 <= 9, one.key
            assert len({kind_of(content, post.author) for post in one.posts}) >= 2, one.key


def test_one_question_waits_for_more_than_five_working_days(content: Demo) -> None:
    waiting = thread(content, "a8")
    days = [waiting.at.date() + timedelta(n) for n in range(1, (content.now - waiting.at).days + 1)]
    assert len(waiting.posts) == 1
    assert sum(day.weekday() < 5 for day in days) > 5


def test_one_partnership_is_silent_for_four_weeks(content: Demo) -> None:
    silent = next(one for one in content.partnerships if one.key == "noorderbrug").people
    posts = [post for one in content.threads for post in one.posts]
    posts += [message for room in content.rooms for message in room.messages]
    assert max(post.at for post in posts if post.author in silent) < content.now - timedelta(weeks=4)
    assert not any(
        set(people) & set(silent)
        for post in posts
        if post.at > content.now - timedelta(weeks=4)
        for people in post.reactions.values()
    )


def test_every_moderation_state_occurs(content: Demo) -> None:
    posts = [post for one in content.threads for post in one.posts]
    assert sum(post.retracted is not None for post in posts) == 1
    hidden = [post.hidden for post in posts if post.hidden]
    assert len(hidden) == 1
    assert "Spelregel" in hidden[0].reason
    assert [one.key for one in content.threads if one.closure] == ["b8"]
    assert any(post.edited for post in posts)


def test_times_are_in_amsterdam_time(content: Demo) -> None:
    assert thread(content, "a1").at.isoformat() == "2017-01-24T09:12:00+00:00"
    assert thread(content, "a9").at.isoformat() == "2017-06-13T08:05:00+00:00"


def test_people_post_on_working_days(content: Demo) -> None:
    for one in content.threads:
        for post in one.posts:
            assert clock.local(post.at).weekday() < 5, f"{one.key}, post {post.number}"


@pytest.mark.parametrize("person", ["willemijn", "elsa", "marijke", "bas"])
def test_demo_people_have_some_unread_threads(content: Demo, person: str) -> None:
    assert 2 <= unread(content, person) <= 14


def test_own_posts_are_read(content: Demo) -> None:
    marks = {(mark.person, mark.place): mark.number for mark in (*content.thread_marks, *content.room_marks)}
    for one in content.threads:
        for post in one.posts:
            assert marks[post.author, one.key] >= post.number
    for room in content.rooms:
        for message in room.messages:
            assert marks[message.author, room.key] >= message.number


def test_links_to_documents_become_addresses() -> None:
    body = "Zie [de lijst](document:checklist-100-dagen) en [elders](https://platform31.example)."
    assert (
        demo.linked(body, lambda key: f"/files/{len(key)}")
        == "Zie [de lijst](/files/19) en [elders](https://platform31.example)."
    )


def test_files_match_their_type_and_are_small(content: Demo) -> None:
    filled_platform = {version.path for one in content.documents for version in one.versions}
    assert filled_platform == set(FILES.iterdir())
    assert sum(path.stat().st_size for path in filled_platform) <= 1_200_000
    for path in filled_platform:
        if path.suffix in OFFICE:
            with zipfile.ZipFile(path) as parts:
                assert parts.testzip() is None
                assert OFFICE[path.suffix] in parts.namelist()
        elif path.suffix == ".pdf":
            assert path.read_bytes().startswith(b"%PDF-")
            assert b"/StructTreeRoot" in inflated(path), "an untagged PDF"
        else:
            with Image.open(path) as picture:
                assert not dict(picture.getexif())
                picture.load()


def test_files_contain_no_personal_data_and_name_the_cast(content: Demo) -> None:
    names = {person.name for person in content.people}
    for one in content.documents:
        for version in one.versions:
            if version.path.suffix in OFFICE:
                words = text_of(version.path)
                assert checks.personal(words) == [], version.path.name
                assert names & set(words.splitlines()), f"{version.path.name} is by somebody unknown"


@pytest.mark.parametrize(
    "name",
    [
        "frontrunners.toml",
        "magic-mix.toml",
        "meetings.toml",
        "agenda.toml",
        "guidance.toml",
        "outcomes.toml",
        "meeting_days.toml",
        "pulse.toml",
    ],
)
def test_calls_of_the_demo_contain_no_personal_data(name: str) -> None:
    assert checks.personal((FILES.parent / name).read_text()) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Het nummer is 111222333.", "a number like a citizen's"),
        ("Het nummer is 123.456.782.", "a number like a citizen's"),
        ("Bel 06 1234 5678.", "a phone number"),
        ("Bel 020-1234567.", "a phone number"),
        ("Hij woont op 1234 AB.", "a postcode"),
        ("Rekening NL91 ABNA 0417 1643 00", "a bank account"),
        ("Bij de Kerkstraat 12 dus.", "an address"),
        ("Mail naar bas@proefhoek.nl graag.", "mail to a place that can exist"),
    ],
)
def test_personal_data_is_detected(text: str, what: str) -> None:
    assert what in checks.personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "€ 41.500 per unit, € 1.554 per jaar",
        "2017-06-09, 14.00 uur",
        "bas@proefhoek.example",
        "72 woningen",
    ],
)
def test_ordinary_words_are_allowed(text: str) -> None:
    assert checks.personal(text) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"body": "Vraag het @Iemand Anders."}, "'Iemand Anders' is not known"),
        ({"body": "> Dit zei niemand ooit"}, "quotes what nobody said"),
        ({"body": "Zie [dit](document:bestaat-niet)"}, "is not known"),
        ({"body": "Zie [dit](document:uitstroomconvenant)"}, "lies in another community"),
        ({"body": "Zie [dit](document:rekenmodel)"}, "was not there yet"),
        ({"body": "Zijn nummer is 111222333"}, "holds a number like a citizen's"),
        ({"author": "hanneke"}, "may not write"),
        ({"author": "nobody"}, "may not write"),
        ({"reply_to": 3}, "answers a post that was not there yet"),
        ({"reactions": {"applause": ("bas",)}}, "'applause' is not known"),
        ({"reactions": {"agree": ("hanneke",)}}, "may not react here"),
        ({"at": datetime(2017, 1, 1, tzinfo=clock.AMSTERDAM)}, "does not come after"),
        ({"at": datetime(2019, 1, 1, tzinfo=clock.AMSTERDAM)}, "lies in the future"),
    ],
)
def test_fault_in_a_post_is_found(content: Demo, change: dict, words: str) -> None:
    first = thread(content, "a1")
    broken = replace(first, posts=(first.posts[0], replace(first.posts[1], **change), *first.posts[2:]))
    others = tuple(broken if one.key == "a1" else one for one in content.threads)
    assert any(words in fault for fault in checks.faults(replace(content, threads=others)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"answer": 99}, "the accepted answer is none"),
        ({"kind": "poll"}, "'poll' is not known"),
        ({"themes": ("wonen",)}, "'wonen' is not known"),
        ({"source": "den-bosch"}, "did not grow from"),
        ({"closure": demo.Closure("bas", datetime(2017, 12, 1, 12, tzinfo=clock.AMSTERDAM), "")}, "may not"),
    ],
)
def test_fault_in_a_thread_is_found(content: Demo, change: dict, words: str) -> None:
    others = tuple(replace(one, **change) if one.key == "a1" else one for one in content.threads)
    assert any(words in fault for fault in checks.faults(replace(content, threads=others)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mail": "willemijn@waterveen.nl"}, "the mail is not of the organisation"),
        ({"organisations": ("gemeente-nergens",)}, "'gemeente-nergens' is not known"),
        ({"communities": {"zolder": "member"}}, "'zolder' is not known"),
        ({"key": "bas"}, "person 'bas' stands twice"),
    ],
)
def test_fault_in_a_person_is_found(content: Demo, change: dict, words: str) -> None:
    others = tuple(replace(one, **change) if one.key == "willemijn" else one for one in content.people)
    assert any(words in fault for fault in checks.faults(replace(content, people=others)))


def test_loading_reports_every_fault_at_once(content: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "parse", lambda: replace(content, people=content.people[:-2]))
    with pytest.raises(demo.Faulty) as found:
        demo.load()
    assert len(str(found.value).splitlines()) > 2
