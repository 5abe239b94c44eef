"""The bench data equals that of the other measured systems."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.workload import CATEGORIES, PEOPLE, RARE, topics

SPECIFICATION = Path(__file__).parents[3] / "shared" / "workload.py"


@pytest.fixture(scope="module")
def made():
    return list(topics())


def test_sizes_match_the_published_figures(made):
    bodies = [post.markdown for topic in made for post in topic.posts]
    assert [len(topic.posts) for topic in made[:4]] == [5000, 100, 50, 50]
    assert (len(made), len(bodies), sum(RARE in body for body in bodies)) == (300, 20_000, 201)
    assert sum(map(len, bodies)) // len(bodies) == 498


def test_workload_is_deterministic(made):
    assert next(topics()) == made[0]


def test_checksum_matches_the_original_workload(made):
    digest = hashlib.sha256()
    for topic in made:
        digest.update(f"{topic.category} {topic.title}".encode())
        for post in topic.posts:
            digest.update(f"{post.person} {post.written_at} {post.markdown}".encode())
    assert digest.hexdigest() == "c76c04aa4e5461be9abd4ff5781d7c759815b87ddcc1c61b82126a9cb24dfbab"


@pytest.mark.skipif(not SPECIFICATION.is_file(), reason="the specification does not lie beside this checkout")
def test_workload_equals_the_specification(made):
    expected = json.loads(subprocess.run([sys.executable, SPECIFICATION], capture_output=True, check=True).stdout)
    ours = [
        {
            "cat": topic.category,
            "title": topic.title,
            "posts": [{"u": p.person, "ts": p.written_at, "md": p.markdown} for p in topic.posts],
        }
        for topic in made
    ]
    assert expected["cats"] == list(CATEGORIES)
    assert expected["users"] == list(PEOPLE)
    assert expected["topics"] == ours
