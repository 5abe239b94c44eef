"""Random orders of typing, saving, lost connections, reloads, second tabs, posting and slow saves lose no text.

The client is the real one (static/js/base/draft-store.js, under Node), and so is the server.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from cop.base import text
from cop.base.web import rate_limits
from cop.society.programmes import Community
from cop.threads import actions

JS = Path(__file__).parents[1] / "js"
ORDERS, PARTS = 500, 5


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, PARTS))])
@pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
def test_random_orders_lose_no_text_and_post_none_twice(app: Flask, cast: Any, run_as: Any, part: int) -> None:
    headers = cast.api("anna")
    browser = app.test_client()
    command = [
        "node",
        "--import",
        "./resolve.js",
        "draft-orders.js",
        str(1 + part * ORDERS // PARTS),
        str(ORDERS // PARTS),
    ]
    with subprocess.Popen(command, cwd=JS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdin
        assert client.stdout
        thread, finished = 0, 0
        for line in client.stdout:
            asked = json.loads(line)
            if asked["method"] == "BEGIN":
                opening = text.render("x", "plain")
                rate_limits.reset()
                thread = run_as("anna", actions.start, Community, cast.one, title="Orde", text=opening)
                answer = {"status": 200, "body": thread}
            elif asked["method"] == "END":
                _judge(browser, headers, thread, **asked["given"])
                finished += 1
                answer = {"status": 200, "body": None}
            else:
                options = {"json": asked["given"]} if asked.get("given") else {}
                response = browser.open(f"/api/v1{asked['path']}", method=asked["method"], headers=headers, **options)
                answer = {"status": response.status_code, "body": response.get_json(silent=True)}
                assert response.status_code in (200, 201, 204, 404, 409, 410), (asked, response.text)
            client.stdin.write(json.dumps(answer) + "\n")
            client.stdin.flush()
    assert (client.returncode, finished) == (0, ORDERS // PARTS)


def _judge(
    browser: Any, headers: Any, thread: int, *, seed: int, typed: list[str], left: bool, kept: list[str]
) -> None:
    """Check that each word stands in a post or a stored draft, and that no text was posted twice."""
    drafts = browser.get(f"/api/v1/drafts?place=thread:{thread}", headers=headers).json["items"]
    posts = browser.get(f"/api/v1/threads/{thread}/posts?limit=100", headers=headers).json["items"][1:]
    bodies = [re.sub(r"<[^>]+>", "", post["html"]).strip() for post in posts]
    stored = " ".join([*bodies, *(draft["fields"]["body"] for draft in drafts)]).split()
    assert [word for word in typed if word not in stored] == [], f"lost in order {seed}: {bodies} {drafts}"
    assert len(bodies) == len(set(bodies)), f"posted twice in order {seed}: {bodies}"
    assert kept == [], f"still only in the browser after order {seed}"
    both = {draft["fields"]["body"] for draft in drafts} & set(bodies)
    # Who posts from one of several pages, or leaves one meanwhile, may find the text as a draft too.
    assert left or not both, f"posted and still a draft after order {seed}: {both}"
