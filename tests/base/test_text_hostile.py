"""Hostile text comes out harmless, in every format, by two judges: Python's own parser and a real browser.

The judges keep their own list of what is allowed: they must not learn it from what they judge.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from cop.base import text
from cop.base.text.cleaners import GATE

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpora" / "xss.json"
FORMATS = ["html", "markdown", "plain"]
ALLOWED = {
    "p": "", "br": "", "h2": "", "h3": "", "h4": "", "ul": "", "ol": "start", "li": "", "blockquote": "", "pre": "",
    "code": "", "strong": "", "em": "", "s": "", "u": "", "hr": "", "a": "href rel", "img": "src alt", "table": "",
    "thead": "", "tbody": "", "tr": "", "th": "scope colspan rowspan", "td": "colspan rowspan",
}  # fmt: skip
VALUES = {
    "href": r"(https?://[a-z0-9_]|mailto:[^@]+@|/(?![/\\]))[!-~]*",
    "src": r"/files/[0-9]+/content(\?[!-~]*)?",
    "rel": "noopener nofollow ugc",
    "alt": ".*",
    "scope": "row|col|rowgroup|colgroup",
    **dict.fromkeys(("start", "colspan", "rowspan"), "[0-9]{1,9}"),
}
for _tag in ("p", "h2", "h3", "h4", "li", "blockquote", "pre", "th", "td", "ul", "ol", "table"):
    ALLOWED[_tag] = f"{ALLOWED[_tag]} dir".strip()
VALUES["dir"] = "auto|rtl"
VOID = {"br", "hr", "img"}

# The same payloads inside the markup of a field or inside another payload.
AROUND = {
    "html": ["{}", "<p>{}</p>", "<table><tr><td>{}", '<a href="{}">x</a>', "<a href='{}'>x</a>", "<a href={}>x</a>",
             '<img src="/files/1/content" alt="{}">', "<ul><li>{}", "<pre><code>{}", "<svg>{}", "<!--{}-->"],
    "markdown": ["{}", "> - {}", "[x]({})", "[x](<{}>)", "![{}](/files/1/content)", "<{}>", "|a|\n|-|\n|{}|",
                 "[x]: {}\n\n[x]", "**{}**", "# {}"],
    "plain": ["{}", "https://a.nl/{}", "www.a.nl{}", "a@b.nl?{}"],
}  # fmt: skip


@cache
def payloads() -> list[str]:
    """Return the collected payloads; skip the tests that need them where they are absent."""
    if not CORPUS.exists():
        pytest.skip(f"no corpus at {CORPUS}")
    return [case["payload"] for case in json.loads(CORPUS.read_text(encoding="utf-8"))]


def rendered(sources: Iterable[str], format: str) -> Iterator[tuple[str, str]]:
    """Return each source with its HTML, without refused sources."""
    for source in sources:
        try:
            yield source, text.to_html(source, format)
        except (text.TooDeep, text.TooLong):
            continue


@cache
def corpus(format: str) -> list[tuple[str, str]]:
    """Return the collected payloads with their HTML."""
    return list(rendered(payloads(), format))


class Judge(HTMLParser):
    """Collects every element, attribute and address that is not allowed, and every unbalanced tag."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.faults += faults(tag, [(name, value or "") for name, value in attrs])

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.faults.append("comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def faults(tag: str, attributes: list[tuple[str, str]]) -> list[str]:
    """Return what is not allowed in an element as a browser or parser read it."""
    found = [] if tag in ALLOWED else [tag]
    for name, value in attributes:
        if name not in ALLOWED.get(tag, "").split() or not re.fullmatch(VALUES[name], value, re.S):
            found.append(f"{tag} {name}={value}")
    given = dict(attributes)
    if tag == "a" and given.get("href", "/").startswith("/") == ("rel" in given):
        found.append("a without rel, or our own with it")
    return found


def judged(html: str) -> list[str]:
    """Return everything that is not allowed in the HTML."""
    judge = Judge()
    judge.feed(html)
    judge.close()
    return judge.faults + judge.open


@pytest.mark.parametrize("format", FORMATS)
def test_corpus_is_cleaned(format):
    wrong = {source: found for source, html in corpus(format) if (found := judged(html))}
    assert not wrong


@pytest.mark.parametrize(
    ("format", "around"), [(format, around) for format in FORMATS for around in AROUND[format][1:]]
)
def test_corpus_inside_other_markup_is_cleaned(format, around):
    sources = (around.replace("{}", payload) for payload in payloads())
    wrong = {source: found for source, html in rendered(sources, format) if (found := judged(html))}
    assert not wrong


@pytest.mark.parametrize("format", FORMATS)
def test_clean_html_is_unchanged(format):
    assert not [html for _, html in corpus(format) if text.to_html(html, "html") != html]


def test_final_sanitizer_suffices_alone():
    """The final sanitizer is given the raw HTML, without our parser and bleach."""
    found = {fault for payload in payloads() for fault in judged(GATE.clean(payload))}
    assert found <= {"a without rel, or our own with it"}


@pytest.mark.parametrize("format", FORMATS)
def test_mentions_change_nothing_else(format):
    for _, html in corpus(format):
        mentioned, *_ = text.mention(html, {"a": 1, "<b>": 2, '"x"': 3})
        assert re.sub(r'<a class="mention" href="/people/\d">(@[^<]*)</a>', r"\1", mentioned).lower() == html.lower()


@pytest.mark.parametrize("format", FORMATS)
def test_markdown_of_hostile_text_is_harmless(format):
    for _, html in corpus(format)[::7]:
        assert not judged(text.to_html(text.to_markdown(html), "markdown"))


@pytest.mark.parametrize("format", FORMATS)
def test_plain_words_are_unchanged(format):
    for _, html in corpus(format):
        assert not judged(escape(text.to_plain(html)))
        assert not judged(escape(text.excerpt(text.to_plain(html))))


SOUP = [
    *(f"<{name}>" for name in ("p", "b", "i", "a", "ul", "li", "table", "tr", "td", "div", "h2", "pre", "svg",
                               "math", "style", "select", "template", "noscript", "title", "plaintext", "/p", "/b",
                               "/a", "/ul", "/li", "/table", "/td", "/svg", "/style", "/title")),
    '<a href="', "<a href='/x", "<img src=/files/1/content alt=", "<img src=x onerror=alert(1)", "javascript:",
    "data:1", "https://", "a.nl", "//", "/", "@", ".", '"', "'", ">", "<", "<!--", "-->", "]]>", "<![CDATA[", "&",
    "&lt;", "&#x6a;", "&colon;", "\0", "\u200b", "\u202e", "\t", "\n", " ", "=", "`", "[", "](", ")", "**", "|",
    "\n|-|\n", "\n> ", "\n- ", "é",
]  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=400, deadline=None)
@example(pieces=["a.nl", ".", "https://", "javascript:"])
@example(pieces=["<b>", "<table>", "<pre>", "\n", "\n"])
@given(pieces=some.lists(some.sampled_from(SOUP), max_size=20))
def test_random_markup_is_cleaned(format, pieces):
    for _, html in rendered(["".join(pieces)], format):
        assert not judged(html)
        assert text.to_html(html, "html") == html


# Time limits: CPU seconds of this thread, so that other load does not count; generous for slow machines.

SECONDS, LEEWAY = 0.25, 2


def filled(piece: str) -> str:
    return (piece * (text.LIMIT // len(piece) + 1))[: text.LIMIT]


def numbered(piece: str) -> str:
    return "".join(piece.replace("%", str(number)) for number in range(text.LIMIT // (len(piece) + 4)))


SLOW = {
    "markdown": {
        **{piece: filled(piece) for piece in (
            "*a **a ", "a**b*c* ", "*_", "_a __a ", "[", "![", "![](", "[a](", "[]()", "[a][", "**![#😀# ", "`a", "`[`",
            "<", "<a:", "<http://😀", "&", "&#x", "\\", "|", "~a~~", ">", "> ", "> a\n", "- a\n", "- ", "1. a\n",
            "# a\n", "a\n", "a\n\n", "a  \n", "a\n-\n", "```\n", "    <", "[a]: b\n", "[a]: (\n", "[a\n",
            "|a|b|\n|-|-|\n",
        )},
        "deep quote, lazy lines": ">" * 15 + " a\n" + "b\n" * 49_000,
        "deep list": "".join("  " * n + "- a\n" for n in range(310)),
        "backticks of all lengths": "".join("`" * n + " " for n in range(440)),
        "wide table": "|a" * 1500 + "|\n" + "|-" * 1500 + "|\n" + "|x\n" * 30_000,
        "references": numbered("[%]: a\n") + "[1]",
        "nested links": "[" * 25_000 + "a" + "](b)" * 18_000,
        "nested pictures": "![" * 20_000 + "a" + "](b)" * 15_000,
    },
    "html": {
        **{piece: filled(piece) for piece in (
            "<div>", "<b>", "<p>", "<p>x", "<br>", "<b>x</b>", "<a href=/x>y</a>", "<a href=https://é.nl>y</a>",
            "</p>", "<li>", "<table>", "<table><tr><td>", "<td>x", "<img src=/files/1/content>", "<img alt=x>",
            '<a b="', "<a ", "<a b='", "<", "<!--", "<!", "</", "<svg>", "</svg", "<script>", "&", "&amp;", "&lt;",
            "&#1", "😀=&", "<b><p>",
        )},
        "attributes": f"<a {numbered('a% ')[:99_000]}>",
        "attributes with values": f"<a {numbered('a%=x ')[:99_000]}>",
        "one long value": f'<a href="https://a.nl/{"é" * 99_000}">',
        "formatting in each item": "<ul><li>" + "<b><i><s><u><code>" * 15 + "<li>x" * 19_000,
        "formatting in each paragraph": "<p>" + "<b><i><s><u><code>" * 15 + "</p>x<p>" * 12_000,
        "formatting in a table": "<table>" + "<b><i><s><u>" * 20 + "<tr>x" * 19_000,
        "hosts with accents": numbered("<a href=https://é%.nl>x</a>"),
    },
    "plain": {
        piece: filled(piece) for piece in (
            "a", "a-", "a.", "a@", "a@a.", "a.nl ", "a@b.nl ", "www.", "https://", "https://😀( ", "https://a.nl/)",
            "(", ".nl", "-@", "\n", "\n \n", " \n", "&", "😀", "a\u0316\u0301",
        )
    } | {"brackets": "https://a.nl/" + ")" * 90_000, "hosts with accents": numbered("https://é%.nl ")},
}  # fmt: skip


def takes(seconds: float, work: Callable[[], object]) -> bool:
    """Return whether the call stays within this CPU time, in the best of a few runs."""

    def once() -> float:
        start = time.thread_time()
        work()
        return time.thread_time() - start

    return once() < seconds or once() < seconds


@pytest.mark.parametrize(
    ("format", "source"),
    [pytest.param(format, source, id=f"{format} {name!r}") for format in SLOW for name, source in SLOW[format].items()],
)
def test_rendering_time_is_bounded(format, source):
    source = source[: text.LIMIT]
    assert len(source) > text.LIMIT * 0.8
    assert takes(SECONDS * LEEWAY, lambda: list(rendered([source], format)))


@pytest.mark.parametrize("piece", ["@", "@Jan", "@Jan ", "@Jan\n", "a@", "<b>@Jan</b>"])
def test_mention_search_time_is_bounded(piece):
    html = filled(piece)
    names = {f"Jan {'x' * (number % 60)}{number}": number for number in range(500)}
    assert takes(SECONDS * LEEWAY, lambda: text.mention(html, names))


@pytest.mark.parametrize("value", ["a\u0316\u0301" * 300_000, "/" * 900_000, "." * 900_000, " \n" * 400_000])
@pytest.mark.parametrize("clean", [text.clean_line, text.clean_filename])
def test_line_cleaning_time_is_bounded(clean, value):
    assert takes(SECONDS * LEEWAY * 4, lambda: clean(value))


def test_ordinary_post_renders_within_three_milliseconds():
    post = (
        "Wij zoeken een **woning** voor een cliënt die uit de opvang komt, met [begeleiding](https://a.nl/plan).\n\n"
        "- Wie heeft hier ervaring mee?\n- Welke *corporatie* doet mee?\n- Wat kost het?\n\n"
        + "Het wijkteam denkt mee, maar de indicatie is nog niet rond. Zie www.example.org/doc of vraag @Anna. "
        * 3
    )
    assert takes(0.003 * LEEWAY * 50, lambda: [text.render(post, "markdown") for _ in range(50)])


# In a real browser


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    return {"executable_path": "/usr/bin/chromium", "args": [*flags, "--disable-sync"]}


# Parse each text twice, by DOMParser (scripts off) and in a live page (scripts on); return all elements that were
# created, and whether the footer of the page is unchanged.
LOOK = """htmls => {
  const elements = root => [...root.querySelectorAll("*")].map(element => [
    element.namespaceURI === "http://www.w3.org/1999/xhtml" ? element.localName : element.nodeName + " (foreign)",
    [...element.attributes].map(attribute => [attribute.name, attribute.value]),
    element.localName === "a" ? element.protocol : "",
  ]);
  const comments = root => document.createTreeWalker(root, NodeFilter.SHOW_COMMENT).nextNode() !== null;
  const whole = body => body.children.length === 2 && body.childNodes.length === 2
    && body.firstChild.localName === "main" && body.lastChild.outerHTML === '<footer id="foot">einde</footer>';
  const look = (body, html) => {
    const seen = [];
    for (let turn = 0; turn < 2; turn++) {
      body.innerHTML = `<main>${html}</main><footer id="foot">einde</footer>`;
      if (!whole(body) || comments(body)) return "broken";
      seen.push(elements(body.firstChild));
      html = body.firstChild.innerHTML;
    }
    return JSON.stringify(seen[0]) === JSON.stringify(seen[1]) ? seen[0] : "read differently the second time";
  };
  return htmls.map(html => {
    const page = `<!doctype html><body><main>${html}</main><footer id="foot">einde</footer>`;
    const parsed = new DOMParser().parseFromString(page, "text/html");
    if (!whole(parsed.body)) return "broken";
    const quiet = elements(parsed.body.firstChild);
    const alive = look(document.body, html);
    return typeof alive === "string" || JSON.stringify(quiet) === JSON.stringify(alive) ? alive : "read differently";
  });
}"""
PAGE = "<!doctype html><title>x</title><body></body>"


@pytest.fixture
def look(browser) -> Iterator[Callable[[list[str]], tuple[list[object], list[str]]]]:
    """Return a function that renders texts in a page and reports the elements and the side effects (scripts,
    navigation, requests)."""
    page = browser.new_page()
    happened: list[str] = []

    def answer(route) -> None:
        address = route.request.url
        if address == "http://page.test/":
            route.fulfill(body=PAGE, content_type="text/html")
            return
        if not re.fullmatch(r"http://page\.test/files/\d+/content(\?.*)?", address):
            happened.append(address)
        route.abort()

    page.route("**/*", answer)
    page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
    page.on("framenavigated", lambda frame: happened.append(frame.url))
    page.on("pageerror", lambda error: happened.append(str(error)))
    page.goto("http://page.test/")
    happened.clear()

    def look(htmls: list[str]) -> tuple[list[object], list[str]]:
        seen = page.evaluate(LOOK, htmls)
        page.wait_for_timeout(300)  # for scripts that start with a delay
        return seen, happened

    yield look
    page.close()


def seen_faults(seen: list[object] | str) -> list[str]:
    """Return what is not allowed in a text as the browser parsed it."""
    if isinstance(seen, str):
        return [seen]
    found = []
    for tag, attributes, protocol in seen:
        found += faults(tag, [(name, value) for name, value in attributes])
        if protocol not in ("", "http:", "https:", "mailto:"):
            found.append(protocol)
    return found


@pytest.mark.browser
@pytest.mark.parametrize("format", FORMATS)
def test_corpus_is_harmless_in_a_browser(format, look):
    sources = [around.replace("{}", payload) for around in AROUND[format] for payload in payloads()]
    results = list(rendered(sources, format))
    assert len(results) > len(sources) * 0.99
    seen, happened = look([html for _, html in results])
    assert not happened
    assert not {source: found for (source, _), each in zip(results, seen, strict=True) if (found := seen_faults(each))}


@pytest.mark.browser
@pytest.mark.parametrize(
    "html",
    ["<b>x</b>", '<p id="a">x</p>', '<a href="javascript:1">x</a>', "</main>x", "<!--", "<!-- x -->",
     "<svg><p>x</svg>", "<table>", '<a href="/x" rel="x">y</a>', '<img alt="" src="//a.nl">', "<textarea>"],
)  # fmt: skip
def test_browser_check_detects_hostile_elements(html, look):
    [seen], _ = look([html])
    assert seen_faults(seen)


@pytest.mark.browser
@pytest.mark.parametrize(
    "html", ["<img src=x onerror=alert(1)>", "<img src=//a.nl>", '<img src="/files/x">', "<img src=x onerror=throw(1)>"]
)
def test_browser_check_detects_hostile_actions(html, look):
    assert look([html])[1]
