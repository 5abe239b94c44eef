"""Rendering of text to clean HTML, plain words, mentions and Markdown; cleaning of single lines."""

from __future__ import annotations

import re
import sys
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from cop.base import text
from cop.base.text import rendering
from cop.base.text.folding import fold_name, matches

REL = 'rel="noopener nofollow ugc"'
NAMES = {"Anna Jansen": 12, "Anna": 3, "Bram de Vries": 7, "D’Arcy & Zn": 9, "'t Hart": 5}

MARKDOWN = {
    "paragraphs": ("een\ntwee\n\ndrie", "<p>een<br>\ntwee</p>\n<p>drie</p>"),
    "hard break": ("een  \ntwee", "<p>een<br>\ntwee</p>"),
    "headings": (
        "# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6",
        "<h2>1</h2>\n<h2>2</h2>\n<h3>3</h3>\n<h4>4</h4>\n<h4>5</h4>\n<h4>6</h4>",
    ),
    "marks": (
        "**vet** *schuin* ~~weg~~ `a < b`",
        "<p><strong>vet</strong> <em>schuin</em> <s>weg</s> <code>a &lt; b</code></p>",
    ),
    "list": ("- a\n- b\n  - c", "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>"),
    "numbers": ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
    "quote": ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
    "code block": ("```py\nx = '<b>'\n```", "<pre><code>x = '&lt;b&gt;'\n</code></pre>"),
    "rule": ("a\n\n---", "<p>a</p>\n<hr>"),
    "table": (
        "|a|b|\n|-|:-:|\n|1|2|",
        "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>",
    ),
    "link": ("[x](https://a.nl/?a=1&b=2 'titel')", f'<p><a href="https://a.nl/?a=1&amp;b=2" {REL}>x</a></p>'),
    "own link": ("[x](/posts/7)", '<p><a href="/posts/7">x</a></p>'),
    "picture": ("![kaart](/files/3/content)", '<p><img alt="kaart" src="/files/3/content"></p>'),
    "picture from elsewhere": ("![kaart](https://a.nl/x.png)", "<p>kaart</p>"),
    "raw html": ("<u>a</u> <script>b</script>", "<p>&lt;u&gt;a&lt;/u&gt; &lt;script&gt;b&lt;/script&gt;</p>"),
}
HTML = {
    "words": ("a & b < c", "a &amp; b &lt; c"),
    "aliases": ("<b>a</b><i>b</i><del>c</del><ins>d</ins>", "<strong>a</strong><em>b</em><s>c</s><u>d</u>"),
    "kept": ("<u>a</u><s>b</s><br><hr>", "<u>a</u><s>b</s><br><hr>"),
    "headings": ("<h1>a</h1><h5>b</h5><h6>c</h6>", "<h2>a</h2><h4>b</h4><h4>c</h4>"),
    "table": (
        '<table><tr><th scope="row" colspan="2" rowspan="1">a<td rowspan=3 style="x">b</table>',
        '<table><tbody><tr><th scope="row" colspan="2">a</th><td rowspan="3">b</td></tr></tbody></table>',
    ),
    "spans out of bounds": (
        '<table><tr><td colspan="1000" rowspan="x">a</table>',
        "<table><tbody><tr><td>a</td></tr></tbody></table>",
    ),
    "scope unknown": ("<table><tr><th scope=x>a</table>", "<table><tbody><tr><th>a</th></tr></tbody></table>"),
    "numbers": ('<ol start="4"><li>a</ol><ol start=x><li>b</ol>', '<ol start="4"><li>a</li></ol><ol><li>b</li></ol>'),
    "blocks": ("<div>a<div>b</div></div><section>c</section>", "<p>a</p><p>b</p><p>c</p>"),
    "empty blocks": ("<div><p>a</p></div><p></p>", "<p>a</p>"),
    "orphans": ("<li>a<li>b<td>c", "<p>a</p><p>b</p><p>c</p>"),
    "misnested": ("<p><b>a</p><p>b</b></p>", "<p><strong>a</strong></p><p>b</p>"),
    "unclosed": ("<ul><li>a<li><em>b", "<ul><li>a</li><li><em>b</em></li></ul>"),
    "list in a cell": (
        "<ul><li><table><tr><td><ul><li>a</ul></ul></td></tr></table></ul>",
        "<ul><li><table><tbody><tr><td><ul><li>a</li></ul></td></tr></tbody></table></li></ul>",
    ),
    "comment": ("a<!-- b --><!DOCTYPE x><?php y ?>c", "ac"),
    "nobody reads it": ("a<style>b{}</style><script>c</script><svg><p>d</svg>e", "ae"),
    "no whole tag": ('x <y z="', 'x &lt;y z="'),
    "identity": ('<p id="a" name="b" class="c" style="d" data-e onclick="f">g</p>', "<p>g</p>"),
    "link with all": (
        '<a href="https://a.nl" target="_blank" rel="opener" id="socket">b</a>',
        f'<a href="https://a.nl" {REL}>b</a>',
    ),
    "own link": (f'<a href="/posts/7?a=1#post-9" {REL}>b</a>', '<a href="/posts/7?a=1#post-9">b</a>'),
    "picture": ('<img src="/files/3/content?version=2">', '<img alt="" src="/files/3/content?version=2">'),
    "picture from elsewhere": ('<img src=//a.nl/b.png alt="a &lt;b&gt;">', "a &lt;b&gt;"),
    "entities": ("&eacute;&#x41;&nbsp;&lt;b&gt;&amp;amp;", "éA&nbsp;&lt;b&gt;&amp;amp;"),
    "invisible": ("a\x00\x07\x1b\ud800b&#1;c", "a\ufffdbc"),
    "line ends": ("<pre>a\r\nb\rc</pre>", "<pre>a\nb\nc</pre>"),
}
PLAIN = {
    "lines": ("een\r\ntwee\n\n \n\ndrie", "<p>een<br>twee</p><p>drie</p>"),
    "marks": ("<b> & **x**", "<p>&lt;b&gt; &amp; **x**</p>"),
    "address": ("zie www.vng.nl.", f'<p>zie <a href="https://www.vng.nl" {REL}>www.vng.nl</a>.</p>'),
    "nothing": (" \n ", ""),
}


@pytest.mark.parametrize(
    ("format", "source", "html"),
    [
        pytest.param(format, *case, id=f"{format}: {name}")
        for format, cases in {"markdown": MARKDOWN, "html": HTML, "plain": PLAIN}.items()
        for name, case in cases.items()
    ],
)
def test_each_format_renders_to_stable_html(format, source, html):
    assert text.to_html(source, format) == html
    assert text.to_html(html, "html") == html


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://a.nl", "https://a.nl"),
        ("HTTP://A.NL:8080/B?c=d#e", "http://a.nl:8080/B?c=d#e"),
        (" https://a.nl/mijn stuk.pdf ", "https://a.nl/mijn%20stuk.pdf"),
        ("https://a.nl/é?q=%C3%A9|", "https://a.nl/%C3%A9?q=%C3%A9%7C"),
        ("mailto:a@b.nl?subject=Hoi", "mailto:a@b.nl?subject=Hoi"),
        ("https://\u0430pple.com/x", "https://xn--pple-43d.com/x"),  # a Cyrillic а
        ("https://gemeente.nl\u3002evil.com", "https://gemeente.nl.evil.com"),  # an ideographic full stop
        ("/files/3", "/files/3"),
        *((refused, None) for refused in (
            "", "#x", "x", "?x=1", "./x", "//evil.nl", "/\\evil.nl", "\\\\evil.nl", "/\t/evil.nl", "/\n/evil.nl",
            "javascript:123", "data:1", "vbscript:9", "JaVaScRiPt:alert(1)", "java\u200bscript:alert(1)",
            "java\tscript:alert(1)", "\x01javascript:alert(1)", "javascript&colon;alert(1)", "feed:javascript:1",
            "javascript://a.nl/%0aalert(1)", "data:text/html,x", "blob:https://a.nl/x", "file:///etc/passwd",
            "ftp://a.nl", "tel:112", "https:a.nl", "https:/a.nl", "https:///a.nl", "https://", "http://[::1]/",
            "https://vng.nl@evil.nl", "https://vng.nl\\@evil.nl", "https://%65vil.nl", "https://a..nl",
            "https://a.nl\u202e/x", "ht\u200dtps://a.nl", "mailto:", "mailto:a", "mailto:a@b@c",
        )),
    ],
)  # fmt: skip
def test_only_web_mail_and_own_links_are_allowed(href, kept):
    quoted = href.replace('"', "&quot;")
    rel = "" if not kept or kept.startswith("/") else f" {REL}"
    assert text.to_html(f'<a href="{quoted}">x</a>', "html") == (f'<a href="{kept}"{rel}>x</a>' if kept else "x")


@pytest.mark.parametrize(
    ("typed", "address", "words"),
    [
        ("https://a.nl/b?c=1&d=2", "https://a.nl/b?c=1&amp;d=2", "https://a.nl/b?c=1&amp;d=2"),
        ("(zie https://a.nl/b).", "https://a.nl/b", "https://a.nl/b"),
        ("(https://nl.wikipedia.org/wiki/Zorg_(mens))", "https://nl.wikipedia.org/wiki/Zorg_(mens)", None),
        ("Www.VNG.nl/wonen, ja", "https://www.vng.nl/wonen", "Www.VNG.nl/wonen"),
        ("vng.nl!", "https://vng.nl", "vng.nl"),
        ("jan.de-vries+x@gemeente.nl.", "mailto:jan.de-vries+x@gemeente.nl", "jan.de-vries+x@gemeente.nl"),
        ("www.münchen.de", "https://www.xn--mnchen-3ya.de", "www.münchen.de"),
    ],
)
@pytest.mark.parametrize("format", ["markdown", "html", "plain"])
def test_bare_address_becomes_a_link(format, typed, address, words):
    html = text.to_html(typed.replace("&", "&amp;") if format == "html" else typed, format)
    assert f'<a href="{address}" {REL}>{words or address}</a>' in html


@pytest.mark.parametrize(
    "typed",
    ["wonen.de huurder", "README.md", "3.14", "x@y", "@a.nl", "javascript://a.nl", "xhttps://a", "a.nl.txt", "…nl"],
)
def test_words_with_a_full_stop_are_not_linked(typed):
    assert "<a" not in text.to_html(typed, "plain")


def test_addresses_in_links_and_code_are_not_linked():
    html = '<a href="/x">a.nl</a> <code>b.nl</code> <pre>c.nl <em>d.nl</em></pre>'
    assert text.to_html(html, "html") == html


@given(some.text())
def test_plain_text_is_clean_after_rendering(source):
    html = text.to_html(source, "plain")
    assert text.to_html(html, "html") == html


SCRAPS = [*"abZé01  ..::,;!?()'\"’–%€--_", "www.", "nl. ", "e.g. ", "1. ", "- ", "\n\n", "\n", "ﬁ", "א", "²", "\u0301"]


@settings(max_examples=300)
@given(some.lists(some.sampled_from(SCRAPS), max_size=20).map("".join))
@example("Een zin: kort, en goed.")
@example("Een zin.\n\nEn nog een (met haken).")
def test_fast_path_matches_the_parser(typed):
    written = "".join(f"<p>{paragraph}</p>" for paragraph in typed.split("\n\n"))
    found = {
        (format, source): text.to_html(source, format) for format, source in (("markdown", typed), ("html", written))
    }
    with pytest.MonkeyPatch.context() as patched:
        for shortcut in ("_PROSE", "_WRITTEN_PROSE"):
            patched.setattr(rendering, shortcut, re.compile(r"(?!)"))
        for (format, source), html in found.items():
            assert html == text.to_html(source, format)


def test_sentences_take_the_fast_path(monkeypatch):
    monkeypatch.setattr(rendering, "_parsers", None)
    assert text.to_html("Een zin: kort, en goed.\n\nEn nog een.", "markdown") == (
        "<p>Een zin: kort, en goed.</p>\n<p>En nog een.</p>"
    )
    assert text.to_html("<p>Een zin.</p><p>En nog een.</p>", "html") == "<p>Een zin.</p><p>En nog een.</p>"


def test_text_has_source_words_and_renderer_version():
    assert text.render("**a** `b`\0", "markdown") == text.Text(
        source="**a** `b`", format="markdown", html="<p><strong>a</strong> <code>b</code></p>", plain="a b"
    )
    assert text.VERSION >= 1


def test_too_long_too_deep_and_unknown_formats_are_refused():
    assert text.to_html("a" * text.LIMIT, "markdown")
    with pytest.raises(text.TooLong) as refusal:
        text.render("a" * (text.LIMIT + 1), "plain")
    assert refusal.value.limit == text.LIMIT
    assert text.to_html("<ul><li>" * 50 + "a", "html")
    with pytest.raises(text.TooDeep):
        text.render("<ul><li>" * 51, "html")
    with pytest.raises(ValueError, match="rtf"):
        text.render("a", "rtf")


@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_deep_markdown_is_refused(mark):
    kept = 0
    for depth in range(1, 40):
        try:
            assert "verloren" in text.to_html(mark * depth + "verloren", "markdown")
            kept = depth
        except text.TooDeep:
            break
    assert 6 < kept < 39


def test_dense_text_is_cleaned():
    source = "<p><i onclick=x>a</i> b.nl</p>" * 3000
    assert text.to_html(source, "html") == "<p><em>a</em> b.nl</p>" * 3000


@pytest.fixture
def hasty():
    """Make the interpreter switch threads a thousand times as often."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual)


def test_rendering_is_thread_safe(hasty):
    sources = [f"# {n}\n\n|a|b|\n|-|-|\n|**{n}**|a.nl|\n\n> - x\n" for n in range(200)]
    alone = [text.to_html(source, "markdown") for source in sources]
    start = threading.Barrier(8)
    with ThreadPoolExecutor(8, initializer=start.wait) as pool:
        assert list(pool.map(lambda source: text.to_html(source, "markdown"), sources)) == alone


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<p>a <strong>b</strong>c</p><p>d<br>e</p>", "a bc\nd\ne"),
        ("<h2>a</h2><ul><li>b</li><li>c<ul><li>d</li></ul></li></ul>", "a\nb\nc\nd"),
        ("<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>", "a  b\nc"),
        ("<pre><code>a\n  b\n</code></pre>c", "a\nb\nc"),
        ('<p>x<img alt="een &lt;kaart&gt;" src="/files/1/content">y</p>', "xeen <kaart>y"),
        ("<p>a\nb &amp; &lt;c&gt;</p>", "a b & <c>"),
        ("", ""),
    ],
)
def test_plain_words_separate_blocks(html, plain):
    assert text.to_plain(html) == plain


@pytest.mark.parametrize(
    ("plain", "length", "excerpt"),
    [
        ("kort", 10, "kort"),
        ("een\ntwee  drie", 20, "een twee drie"),
        ("een twee drie", 13, "een twee drie"),
        ("een twee, drie vier", 12, "een twee…"),
        ("x" * 30, 10, "x" * 9 + "…"),
    ],
)
def test_excerpt_ends_at_a_word(plain, length, excerpt):
    assert text.excerpt(plain, length) == excerpt


@given(some.text(), some.integers(2, 300))
def test_excerpt_is_never_too_long(plain, length):
    assert len(text.excerpt(plain, length)) <= length


@pytest.mark.parametrize("character", ["👍🏽", "👩‍👩‍👧‍👦", "🇳🇱", "e\u0301", "❤️", "1️⃣"])
@pytest.mark.parametrize("before", range(12))
def test_excerpt_cuts_no_character(before, character):
    kept = text.excerpt("x" * before + character * 20, 20).removesuffix("…").lstrip("x")
    assert kept.replace(character, "") == ""


@pytest.mark.parametrize(
    ("html", "shown", "ids"),
    [
        ("<p>@Anna Jansen, dag</p>", '<p><a class="mention" href="/people/12">@Anna Jansen</a>, dag</p>', [12]),
        ("@anna's", '<a class="mention" href="/people/3">@Anna</a>\'s', [3]),
        ("@BRAM de\nvries.", '<a class="mention" href="/people/7">@Bram de Vries</a>.', [7]),
        ("@D’Arcy &amp; Zn", '<a class="mention" href="/people/9">@D’Arcy &amp; Zn</a>', [9]),
        ("@'t Hart", "<a class=\"mention\" href=\"/people/5\">@'t Hart</a>", [5]),
        ("@Anna @Anna@Anna", '<a class="mention" href="/people/3">@Anna</a> '
         '<a class="mention" href="/people/3">@Anna</a>@Anna', [3]),
        ("@Annabel @Anna-Lien @Bram a@Anna &amp;@", None, []),
        ('<a href="/x">@Anna</a> <code>@Anna</code> <pre>a <em>@Anna</em></pre> <img alt="@Anna">', None, []),
    ],
)  # fmt: skip
def test_names_after_an_at_sign_become_mentions(html, shown, ids):
    assert text.mention(html, NAMES)[:2] == (shown or html, ids)


def test_names_in_quotes_are_not_mentioned():
    html, ids, _unclear = text.mention(
        text.to_html("> @Anna\n> > @Anna\n>\n> @Anna\n\n@Bram de Vries", "markdown"), NAMES
    )
    assert ids == [7]
    assert html.count("mention") == 1
    assert html.count("@Anna") == 3


def test_mentions_are_found_in_order_once_each():
    html, ids, _unclear = text.mention(text.to_html("@Bram de Vries en @Anna, @Bram de Vries", "markdown"), NAMES)
    assert ids == [7, 3]
    assert html.count("mention") == 3


TWO = {"Jan van den Berg": [57, 58], "Zoë Smit": [3], "Zoe Smit": [4], "İlker Çağ-Aydın": [5], "Ruud O’Brien": [6]}


@pytest.mark.parametrize(
    ("source", "format", "ids"),
    [
        ("Dag @[Jan van den Berg](person:58).", "markdown", [58]),
        ("Dag @[Jan van den Berg](person:58).", "plain", [58]),
        ("<p>Dag @[Jan van den Berg](person:58).</p>", "html", [58]),
        ('<p>Dag <a href="/people/57">@Jan van den Berg</a></p>', "html", [57]),
        ('<p>Dag @<a class="mention" href="/people/57">Iemand anders</a></p>', "html", [57]),
        ("[@Jan](/people/57) en @[Jan](person:58)", "markdown", [57, 58]),
        ("@Zoë Smit", "plain", [3]),
        ("@zoe smit", "plain", [4]),
        ("@ZOE\u0308 SMIT", "plain", [3]),
        ("@ilker cag aydin", "plain", [5]),
        ("@Ilker Cağ-Aydin,", "plain", [5]),
        ("@Ruud O'Brien", "plain", [6]),
        ("@ruud obrien", "plain", [6]),
        ("@Jan van den Berg", "plain", []),  # which of the two
        ("@[Weg](person:99)", "markdown", []),  # cannot read this
        ("@[Jan](person:9999999999)", "markdown", []),
        ("> @[Jan van den Berg](person:58)", "markdown", []),
        ("`@[Jan van den Berg](person:58)`", "markdown", []),
        ("jan@[Jan](person:58)", "plain", []),
        ("[Jan](/people/57)", "markdown", []),  # a link to a profile
        ('<p><a href="/people/57">@Jan <b>x</b></a></p>', "html", []),
    ],
)
def test_mentions_are_by_person(source, format, ids):
    html, found, _unclear = text.mention(text.to_html(source, format), TWO)
    assert found == ids
    assert text.mentioned(html) == ids
    assert html.count('class="mention"') == len(ids)
    assert text.to_html(html, "html") == html.replace(' class="mention"', "")


def test_a_mention_shows_the_name_of_the_person_whatever_was_typed():
    html = text.mention(text.to_html("@[De minister](person:58) en @[<b>](person:99)", "markdown"), TWO).html
    assert html == '<p><a class="mention" href="/people/58">@Jan van den Berg</a> en @&lt;b&gt;</p>'


def test_text_typed_on_in_a_mention_stays():
    html = text.mention('<p><a href="/people/58">@jan van den berg en @zoe smit</a>, dag</p>', TWO).html
    assert text.to_plain(html) == "@Jan van den Berg en @Zoe Smit, dag"
    assert text.mentioned(html) == [58, 4]


def test_a_name_of_several_people_is_unclear():
    assert text.mention("<p>@Jan van den Berg, @jan van den berg</p>", TWO).unclear == ["Jan van den Berg"]


@settings(deadline=None)
@given(some.dictionaries(some.text(min_size=1, max_size=30), some.integers(1, 99), max_size=5), some.text())
def test_any_name_can_be_mentioned_by_id(names, around):
    names = {text.clean_line(name): [id] for name, id in names.items() if text.clean_line(name)}
    for name, [id] in names.items():
        html = text.to_html(f"Dag {text.as_typed(name, id)}", "markdown")
        found = text.mention(html, names)
        assert id in found.ids or not fold_name(name)
        typed = text.to_markdown(found.html)
        assert text.mention(text.to_html(typed, "markdown"), names).ids == found.ids
    text.mention(text.to_html(f"@{around}", "plain"), names)


@pytest.mark.parametrize(
    ("typed", "name", "rank"),
    [
        ("zoe", "Zoë Smit", 0),
        ("Aicha", "Aïcha Rolmodel", 0),
        ("ilk", "İlker Çağ", 0),
        ("cag", "İlker Çağ", 1),
        ("berg", "Jan van den Berg", 1),
        ("van den", "Jan van den Berg", 1),
        ("vandenberg", "Jan van den Berg", 2),
        ("jan berg", "Jan van den Berg", 1),
        ("obrien", "Ruud O’Brien", 1),
        ("o'brien", "Ruud O’Brien", 1),
        ("anne marie", "Anne-Marie de Wit", 0),
        ("annemarie", "Anne-Marie de Wit", 0),
        ("lodz", "Łódź Strauß", 0),
        ("strauss", "Łódź Strauß", 1),
        ("zus", "Zoë Smit", None),
        ("", "Zoë Smit", 0),
    ],
)
def test_names_are_found_folded(typed, name, rank):
    assert matches(typed, name) == rank


@pytest.mark.parametrize("format", ["markdown", "plain"])
def test_line_breaks_stay(format):
    html = text.to_html("Hallo allen,\nDorpsstraat 1\n1234 AB Waterveen\n\nGroet,\nW.", format)
    assert html.replace("<br>\n", "<br>").replace("\n", "") == (
        "<p>Hallo allen,<br>Dorpsstraat 1<br>1234 AB Waterveen</p><p>Groet,<br>W.</p>"
    )
    assert text.to_plain(html) == "Hallo allen,\nDorpsstraat 1\n1234 AB Waterveen\nGroet,\nW."
    assert text.to_html(text.to_markdown(html), "markdown").replace("\n", "") == html.replace("\n", "")


def test_a_line_end_of_html_is_no_line_break():
    html = text.to_html("<p>een\ntwee</p>", "html")
    assert text.to_html(text.to_markdown(html), "markdown") == "<p>een twee</p>"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("שלום (12) עולם", '<p dir="auto">שלום (12) עולם</p>'),
        ("مرحبا [a]\n\nDag", '<p dir="auto">مرحبا [a]</p>\n<p>Dag</p>'),
        ("Dag שלום", '<p dir="auto">Dag שלום</p>'),
        ("# שלום", '<h2 dir="auto">שלום</h2>'),
        ("> שלום", '<blockquote dir="rtl">\n<p dir="auto">שלום</p>\n</blockquote>'),
        ("- 1 שלום\n- a", '<ul dir="rtl">\n<li dir="auto">1 שלום</li>\n<li>a</li>\n</ul>'),
        ("- a\n- שלום", '<ul>\n<li>a</li>\n<li dir="auto">שלום</li>\n</ul>'),
        ("Dag & tot ziens, Aïcha", "<p>Dag &amp; tot ziens, Aïcha</p>"),
    ],
)
def test_blocks_with_right_to_left_letters_have_a_direction(source, html):
    assert text.to_html(source, "markdown") == html
    assert text.to_html(html, "html") == html


def test_direction_of_cells():
    html = text.to_html("| שם | naam |\n| --- | --- |\n| רות | Ruth |", "markdown")
    assert html.count('dir="auto"') == 2
    assert '<th dir="auto">שם</th>' in html


def test_files_in_a_text_are_found_in_order_once_each():
    source = '[a](/files/9) ![b](/files/4/content?v=2) [c](/files/9#x) [d](/files/x) [e](/posts/3) src="/files/5"'
    assert text.references(text.to_html(source, "markdown")) == [9, 4]


LOSSLESS = [source for name, (source, _) in MARKDOWN.items() if name != "raw html"] + [
    "1 < 2, a & b, x*y, snake_case, 2 * 3 * 4, [x] en # geen kop\n\n1\\. geen lijst, \\- ook niet\n\n\\# en \\> niet",
    "a\\*b\\* \\_c\\_ \\`d\\` \\[e](f) \\~~g\\~~ &amp;lt; \\<https://a.nl> \\\\ |",
    "https://a.nl/?b=1&c=d_e_f www.vng.nl jan@a.nl",
]


@pytest.mark.parametrize("source", LOSSLESS)
def test_html_survives_a_markdown_round_trip(source):
    html = text.to_html(source, "markdown")
    assert text.to_plain(text.to_html(text.to_markdown(html), "markdown")) == text.to_plain(html)
    assert not text.loses(html)


def test_a_mention_of_a_draft_keeps_its_id_in_markdown():
    # The editor writes the link alone; the class is set when the text is stored.
    html = '<p>Dag <a href="/people/58">@Jan van den Berg</a> en <a href="/people/58">Jan</a></p>'
    markdown, rich, _format = text.editable(html, "html")
    assert rich == html
    assert markdown == "Dag @[Jan van den Berg](person:58) en [Jan](/people/58)"
    assert text.mentioned(text.mention(text.to_html(markdown, "markdown"), TWO).html) == [58]


def test_markdown_for_editing_is_readable():
    html, *_ = text.mention(text.to_html("Dag @Anna, a & b = c (of [d]): e_f https://a.nl/?b=1&c=2", "plain"), NAMES)
    assert text.to_markdown(html) == "Dag @[Anna](person:3), a & b = c (of \\[d]): e_f <https://a.nl/?b=1&c=2>"
    assert not text.loses(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p><u>a</u></p>",
        '<table><tbody><tr><th colspan="2">a</th></tr><tr><td>b</td><td>c</td></tr></tbody></table>',
        "<table><tbody><tr><th>a</th></tr><tr><td><ul><li>b</li><li>c</li></ul></td></tr></tbody></table>",
    ],
)
def test_markdown_reports_losses(html):
    assert text.loses(text.to_html(html, "html"))


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("  een\r\ntwee\tdrie\x00\x07 ", "een twee drie"),
        ("e\u0301e\u0301n", "één"),
        ("\u202eabc\u202c", "abc"),
        ("<b>../x</b>", "<b>../x</b>"),
        ("\u200b\u202e \ufeff", ""),
        ("", ""),
    ],
)
def test_line_is_a_single_line(value, line):
    assert text.clean_line(value) == line


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("verslag.pdf", "verslag.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\plan v2.docx", "plan v2.docx"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie: x.txt"),
        ("\u202egnp.exe\u200b", "gnp.exe"),
        ("e\u0301.odt", "é.odt"),
        (".htaccess", ".htaccess"),
        ("map/", "map"),
        ("a. . ", "a"),
        ("..", "bestand"),
        ("\x00\u202e", "bestand"),
        ("x" * 300 + ".docx", "x" * 195 + ".docx"),
        ("x" * 300, "x" * 200),
        ("a." + "b" * 300, "a." + "b" * 198),
    ],
)
def test_file_name_has_no_path(value, name):
    assert text.clean_filename(value) == name


@given(some.text())
def test_any_file_name_can_be_stored(value):
    name = text.clean_filename(value)
    assert 0 < len(name) <= 200
    assert not set("/\\\n\r\0") & set(name)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in name)


def test_brackets_in_a_link_stay_words() -> None:
    html = '<p><a href="/threads/1">Wie heeft [een](/x) [plan]?</a> [echt]</p>'
    assert text.to_html(text.to_markdown(html), "markdown") == html


def test_mail_gets_whole_addresses_and_the_words_of_pictures() -> None:
    html = '<p><a href="/threads/1">Hier</a>, <a href="https://a.nl/" rel="noopener">daar</a> <img src="/files/7/x" alt="Een plan"></p>'
    mailed = text.for_mail(html, "https://b.nl")
    assert mailed == (
        '<p><a href="https://b.nl/threads/1">Hier</a>, <a href="https://a.nl/" rel="noopener">daar</a> Een plan</p>'
    )
