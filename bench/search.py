"""The cost of a search page as the platform grows: its CPU time at 20,000 and at 200,000 posts.

    python -m bench.search FOLDER

Fills a database for each size into the folder, which takes some minutes, unless it is there already. The pages are asked
in the process itself, so that no other server, browser or database driver is counted; on PostgreSQL only the CPU time of
the product is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

SIZES = (20_000, 200_000)
TIMES = 30
SECRET = "not a secret, for measuring only, 0123456789"
QUERIES = {
    "rare word": "warmtekluis",
    "common word": "woning",
    "two words": "woning convenant",
    "phrase": '"regie wijkteam"',
    "filter": "woning van:091 type:reactie",
    "since": "woning na:2017",
    "no words": "type:vraag",
    "nothing": "zeppelin",
}


def main() -> None:
    """Print a row for each query: milliseconds for each size, and how many times as much the large one takes."""
    folder = Path(sys.argv[1])
    found = [_measured(folder / str(posts), posts) for posts in SIZES]
    print(f"{'CPU ms per page':<20}", *(f"{posts:>10,}" for posts in SIZES), f"{'ratio':>8}")
    for name in QUERIES:
        small, large = (figures[name] for figures in found)
        print(f"{name:<20} {small:>10.2f} {large:>10.2f} {large / small:>8.2f}")


def _measured(data: Path, posts: int) -> dict[str, float]:
    """Return the figures of one size, from a process of its own."""
    env = {**os.environ, "COP_MODE": "development", "COP_DATA": str(data), "COP_SECRET_KEY": SECRET}
    env["COP_RATE_LIMITS"] = "off"
    data.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "cop.cli", "migrate"], env=env, check=True, stdout=sys.stderr)
    if not (data / "filled").exists():
        fill = ["seed", "bench", "--posts", str(posts)]
        subprocess.run([sys.executable, "-m", "cop.cli", *fill], env=env, check=True, stdout=sys.stderr)
        (data / "filled").touch()
    done = subprocess.run(
        [sys.executable, "-c", "from bench.search import measure; measure()"],
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return dict(zip(QUERIES, map(float, done.stdout.split()), strict=True))


def measure() -> None:
    """Print the median CPU time of each query in this process, in milliseconds."""
    from sqlalchemy import select

    from cop import create_app
    from cop.base.action import transaction
    from cop.base.db import db
    from cop.society.credentials import new_session
    from cop.society.people import Person

    app = create_app()
    with app.app_context(), transaction():
        reader = db.session.scalars(select(Person).where(Person.mail == "lid091@bench.example")).one()
        secret = new_session(reader, "bench")
    client = app.test_client()
    client.set_cookie("cop", secret)
    for query in QUERIES.values():
        address = f"/search?{urlencode({'q': query})}"
        for _try in range(3):
            assert client.get(address).status_code == 200
        taken = []
        for _try in range(TIMES):
            begun = time.process_time()
            client.get(address)
            taken.append(time.process_time() - begun)
        print(1000 * median(taken))


if __name__ == "__main__":
    main()
