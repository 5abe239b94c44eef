"""The text of Discourse posts in our Markdown."""

from __future__ import annotations

import time

import pytest

from cop.base import text
from cop.cli.importing.markup import Named, Upload, convert
from cop.cli.importing.postgres_dump import rows
from cop.cli.importing.sources import FIRST

POST = FIRST


class Forum:
    """A forum with topic 9 of three posts, a picture, and two users of whom one is here."""

    def post_key(self, topic: int, number: int) -> str | None:
        return f"post:{number}" if topic == 9 and number < 4 else None

    def post_key_by_id(self, id: int) -> str | None:
        return "post:3" if id == 903 else None

    def topic_key(self, topic: int, host: str, slug: str) -> tuple[str, str] | None:
        if topic == 0:
            return ("", "") if host == "forum.example" else None
        return ("topic:9", "Over *huizen*") if topic == 9 and host in ("", "forum.example") else None

    def upload(self, address: str) -> Upload | None:
        known = {"upload://pic.png": Upload("upload:1", "foto.png", True, True)}
        known["upload://doc.pdf"] = Upload("upload:2", "plan.pdf", False, True)
        known["/uploads/default/original/1X/abc.png"] = known["upload://pic.png"]
        known["upload://bad.exe"] = Upload("upload:3", "bad.exe", False, False)
        return known.get(address)

    def user(self, username: str) -> Named | None:
        return {"anna": Named(57, "Anna Adem"), "olga": Named(None, "Olga Onbekend")}.get(username.lower())


def converted(raw: str, names: bool = False) -> str:
    return convert(raw, 9, Forum(), names=names).source


@pytest.mark.parametrize(
    ("raw", "source"),
    [
        ("**vet** en _schuin_", "**vet** en _schuin_"),
        ("[b]vet[/b] [i]schuin[/i] [s]weg[/s] [u]lijn[/u]", "**vet** *schuin* ~~weg~~ lijn"),
        ("Hoi @anna, en @olga en @niemand, mail a@anna.nl", "Hoi @[Anna Adem](person:57), en Oud-deelnemer en @niemand, mail a@anna.nl"),
        ("`@olga` blijft", "`@olga` blijft"),
        ("```\n[b]@olga[/b]\n```", "```\n[b]@olga[/b]\n```"),
        ("[code]\n@olga\n[/code]", "```\n@olga\n```"),
        ("![foto|690x388, 50%](upload://pic.png)", f"![foto](/files/{FIRST}/content)"),
        ("[plan.pdf|attachment](upload://doc.pdf) (12.5 KB)", f"[plan.pdf](/files/{FIRST})"),
        ('<img src="/uploads/default/original/1X/abc.png" width="690">', f"![](/files/{FIRST}/content)"),
        ("[bad|attachment](upload://bad.exe)", "*(bijlage niet geïmporteerd: bad)*"),
        ("![x](upload://onbekend.png)", "*(bijlage niet geïmporteerd: x)*"),
        ("![buiten](https://elders.example/a.png)", "[buiten](https://elders.example/a.png)"),
        ("[![foto](upload://pic.png)](/uploads/default/original/1X/abc.png)", f"![foto](/files/{FIRST}/content)"),
        ("Zie https://forum.example/t/huizen/9/2.", f"Zie [Over \\*huizen\\*](/posts/{FIRST})."),
        ("[dit](/t/9)", f"[dit](/threads/{FIRST})"),
        ("[dit](https://forum.example/p/903)", "[dit](https://forum.example/p/903)"),
        ("[dit](/p/903)", f"[dit](/posts/{FIRST})"),
        ("https://elders.example/t/huizen/9", "https://elders.example/t/huizen/9"),
        ("[Olga](/u/olga) en [A](https://forum.example/u/anna)", "Oud-deelnemer en @[Anna Adem](person:57)"),
        ("[x](https://elders.example/u/anna)", "[x](https://elders.example/u/anna)"),
        ("[url=https://a.example]hier[/url] [url]https://b.example[/url]", "[hier](https://a.example) https://b.example"),
        ("a<br>b<hr><span class='x'>c</span><!-- weg -->", "a\nbc"),
        ('[details="Meer"]\nverborgen\n[/details]', "**Meer**\n\nverborgen"),
        ("[poll type=regular]\n* een\n* twee\n[/poll]", "* een\n* twee"),
        ("[date=2020-02-01 time=10:00 timezone=\"Europe/Amsterdam\"]", "2020-02-01 10:00"),
        (":tada: :onbekend: 10:30:00", "🎉 :onbekend: 10:30:00"),
        ('[quote="anna, post:2, topic:9"]\ntekst\n[/quote]\nja', f"> **Anna Adem** [schreef](/posts/{FIRST}):\n>\n> tekst\n\nja"),
        ('[quote="Olga, post:77, topic:9, username:olga"]\na\n[/quote]', "> **Oud-deelnemer** schreef:\n>\n> a"),
        ("[quote]\na\n[/quote]", "> a"),
        ('[quote="anna"]buiten [quote="olga"]binnen[/quote][/quote]', "> **Anna Adem** schreef:\n>\n> buiten\n>\n> > **Oud-deelnemer** schreef:\n> >\n> > binnen"),
        ("[quote]\nniet dicht", "> niet dicht"),
        ("los [/quote] einde", "los  einde"),
        ("[quote]\n```\na\n\nb\n```\n[/quote]", "> ```\n> a\n>\n> b\n> ```"),
    ],
)  # fmt: skip
def test_markup_is_converted(raw: str, source: str) -> None:
    assert converted(raw) == source


def test_names_appear_where_they_are_wanted() -> None:
    assert converted("@olga en @anna", names=True) == "Olga Onbekend en @[Anna Adem](person:57)"


def test_nothing_of_it_runs_in_a_browser() -> None:
    raw = "<script>alert(1)</script> <a href='javascript:alert(1)'>x</a> [y](javascript:alert(1)) <img src=x onerror=alert(1)>"
    html = text.render(converted(raw), "markdown").html
    assert not any(danger in html for danger in ("<script", 'href="javascript', "<img", "<a "))


@pytest.mark.parametrize(
    "raw",
    ["[quote]" * 5_000, "[" * 20_000, "![" * 10_000, "`" * 20_000, "@a" * 10_000, "<a href=" * 4_000, "/uploads/" * 4_000,
     "[url=" * 6_000, "https://" * 4_000, "[b]" * 10_000, "(" * 20_000, "[x](" * 8_000, "<!--" * 8_000, "[img]" * 6_000],
)  # fmt: skip
def test_no_text_takes_long(raw: str) -> None:
    began = time.process_time()
    converted(raw)
    assert time.process_time() - began < 2


def test_values_of_a_dump_are_read() -> None:
    dump = (
        b"COPY public.other (id) FROM stdin;\n1\n\\.\n"
        b'COPY public.posts (id, "raw", topic_id) FROM stdin;\n'
        b"1\tregel een\\nregel\\ttwee \\\\n \\x41\\101\t\\N\n\\.\nCOPY posts (topic_id, id) FROM stdin;\n3\t2\n\\.\n"
    )
    found = list(rows(iter(dump.splitlines(keepends=True)), {"posts": ("id", "raw", "topic_id", "gone")}))  # type: ignore[arg-type]
    assert found == [("posts", ["1", "regel een\nregel\ttwee \\n AA", None, None]), ("posts", ["2", None, "3", None])]
