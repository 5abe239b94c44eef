"""What differs between two texts."""

from __future__ import annotations

import time

import pytest

from cop.base.text import compare


def test_comparing_goes_word_by_word() -> None:
    pieces = compare("wij maken tien woningen", "wij maken twintig woningen af")
    assert [(piece.kind, piece.text.strip()) for piece in pieces] == [
        ("same", "wij maken"),
        ("gone", "tien"),
        ("new", "twintig"),
        ("same", "woningen"),
        ("new", "af"),
    ]
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == "wij maken twintig woningen af"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("", ""),
        ("a", ""),
        ("", "a b"),
        ("a\nb\nc", "a\nx b\nc\nd"),
        ("a  b", "a b"),
        (" a", "a\n"),
        ("een\ntwee", "een twee"),
    ],
)
def test_the_newer_text_can_be_read_from_the_pieces(older: str, newer: str) -> None:
    pieces = compare(older, newer)
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == newer
    assert all(piece.text for piece in pieces)


def test_same_texts_have_one_piece() -> None:
    assert [piece.kind for piece in compare("een\ntwee", "een\ntwee")] == ["same"]


def test_long_texts_are_compared_in_time() -> None:
    """The longest text that can be posted, all other words, with and without lines."""
    begun = time.process_time()
    for joint in (" ", "\n"):
        older, newer = (joint.join(f"de {word}{n}" for n in range(10_000)) for word in ("oud", "nieuw"))
        assert {piece.kind for piece in compare(older, newer)} <= {"gone", "new", "same"}
    assert time.process_time() - begun < 5
