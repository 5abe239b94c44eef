"""Lists of addresses: every line is understood entirely, or named with what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cop.base import mail_addresses
from cop.members.address_lists import parse

ANNA = ("anna@gemeente.nl", "Anna Jansen")


@pytest.mark.parametrize(
    ("source", "people"),
    [
        ("anna@gemeente.nl", [("anna@gemeente.nl", "")]),
        ("  Anna Jansen <anna@Gemeente.NL>  ", [ANNA]),
        ("Jansen, Anna <anna@gemeente.nl>,", [("anna@gemeente.nl", "Anna Jansen")]),
        ("'Anna' <anna@gemeente.nl>", [("anna@gemeente.nl", "Anna")]),
        ("Anna Jansen\tanna@gemeente.nl", [ANNA]),
        ("anna@gemeente.nl\tAnna Jansen", [ANNA]),
        ("anna@gemeente.nl, Anna Jansen", [ANNA]),
        ("Anna Jansen; anna@gemeente.nl", [ANNA]),
        ("Anna Jansen anna@gemeente.nl", [ANNA]),
        ("anna@gemeente.nl (Anna Jansen)", [ANNA]),
        ("anna@gemeente.nl <anna@gemeente.nl>", [("anna@gemeente.nl", "")]),
        ("'anna@gemeente.nl' <anna@gemeente.nl>", [("anna@gemeente.nl", "")]),
        ("Anna <a@x.example>, Bert <b@x.example>", [("a@x.example", "Anna"), ("b@x.example", "Bert")]),
        ("Anna <a@x.example>; Bert <b@x.example>;", [("a@x.example", "Anna"), ("b@x.example", "Bert")]),
        ("a@x.example, b@x.example; c@x.example", [("a@x.example", ""), ("b@x.example", ""), ("c@x.example", "")]),
        ("a@x.example b@x.example", [("a@x.example", ""), ("b@x.example", "")]),
        ('"Otto, Jan" <otto@x.example>, b@x.example', [("otto@x.example", "Jan Otto"), ("b@x.example", "")]),
        (
            "Vries, Zoë de <zdv@g.example>; Berg, Jan van den <jvdb@g.example>",
            [("zdv@g.example", "Zoë de Vries"), ("jvdb@g.example", "Jan van den Berg")],
        ),
        (
            "Jansen, Jan <j@x.example>, Pietersen, Piet <p@x.example>",
            [("j@x.example", "Jan Jansen"), ("p@x.example", "Piet Pietersen")],
        ),
        ("Goed Mens <goed\u200b@gemeente.example>", [("goed@gemeente.example", "Goed Mens")]),
        ("Goed Mens <“goed@gemeente.example”>", [("goed@gemeente.example", "Goed Mens")]),
        ("=?utf-8?q?Zo=C3=AB?= <z@x.example>", [("z@x.example", "Zoë")]),
        ("info@bücher.example", [("info@xn--bcher-kva.example", "")]),
        ("\ufeffnaam;e-mail\r\nJan de Vries;jdv@g.example\r\n", [("jdv@g.example", "Jan de Vries")]),
        ("sep=;\nE-mailadres;Naam\njdv@g.example;Jan", [("jdv@g.example", "Jan")]),
        ("Naam\tE-mail\nJan\tjdv@g.example", [("jdv@g.example", "Jan")]),
        ("Voornaam,Tussenvoegsel,Achternaam,Email\nJan,de,Vries,jdv@g.example", [("jdv@g.example", "Jan de Vries")]),
        (
            'Name,Email\n"Vries, Jan",jdv@g.example\n\nPiet,p@g.example',
            [("jdv@g.example", "Jan Vries"), ("p@g.example", "Piet")],
        ),
    ],
)
def test_people_are_read(app: Any, source: str, people: list[tuple[str, str]]) -> None:
    with app.app_context():
        found = parse(source)
    assert [(one.mail, one.name, one.error) for one in found] == [(*person, "") for person in people]


@pytest.mark.parametrize(
    ("source", "errors"),
    [
        ("Anna Jansen", ["geen e-mailadres"]),
        ("anna@", ["Dit is geen e-mailadres"]),
        ("<>", ["geen e-mailadres"]),
        ("Anna <anna>", ["geen e-mailadres"]),
        ("anna @gemeente.nl", ["geen e-mailadres"]),
        ("a@b", ["Het deel na het @-teken"]),
        ("anna@gemeente..nl", ["Het deel na het @-teken"]),
        ("beheer@ander.example <y@gemeente.example>", ["ander e-mailadres"]),
        ("Anna <a@x.example> Bert <b@x.example>", ["ander e-mailadres"]),
        ("Anna a@x.example Bert b@x.example", ["door elkaar"]),
        ("Anna, Bert, Carla <c@x.example>", ["geen e-mailadres", ""]),
        ("a@x.example, Bert, Carla", ["", "geen e-mailadres", "geen e-mailadres"]),
        ("Anna Jansen\tanna@x.example\tGemeente", ["Zet er een kopregel boven"]),
        ("Jan;jan@x.example;Gemeente", ["geen e-mailadres", "", "geen e-mailadres"]),
        ("naam;e-mail;rol\nJan;jan@x.example;baas", ["De rol ‘baas’ kennen we niet."]),
        ("naam;e-mail\nJan;jan@x.example;iets", ["meer kolommen dan de kopregel"]),
        ("naam;e-mail\nJan;", ["geen e-mailadres"]),
        ("zoë@x.example", ["Voor het @-teken"]),
    ],
)
def test_what_is_not_understood_is_named(app: Any, source: str, errors: list[str]) -> None:
    with app.app_context():
        found = parse(source)
    assert len(found) == len(errors)
    for one, error in zip(found, errors, strict=True):
        assert error in one.error if error else one.error == ""
        assert one.text


def test_columns_of_a_table(app: Any) -> None:
    source = (
        "\ufeffNaam;E-mail;Organisatie;Rol;Telefoon\r\n"
        "Jan de Vries;jdv@g.example;Gemeente Proefdam;Meelezer;06\r\n"
        "Piet;p@g.example;;;\r\n"
    )
    with app.app_context():
        jan, piet = parse(source)
    assert (jan.line, jan.organisation, jan.role) == (2, "Gemeente Proefdam", "reader")
    assert (piet.line, piet.organisation, piet.role) == (3, "", "")


pieces = st.sampled_from(
    [
        "Anna",
        "a@x.example",
        "<b@x.example>",
        ",",
        ";",
        "\n",
        "\t",
        '"',
        "(",
        ")",
        "<",
        ">",
        " ",
        "naam;e-mail\n",
        "é",
        "@",
    ]
)


@given(st.lists(pieces, max_size=14).map("".join))
def test_nothing_is_dropped_or_guessed(source: str) -> None:
    found = parse(source)
    for one in found:
        if one.error:
            continue
        assert mail_addresses.normalize(one.mail) == one.mail
        assert "@" not in one.name
    if "naam" not in source and '"' not in source and "(" not in source:
        for address in ("a@x.example", "b@x.example"):
            assert source.count(address) <= sum(one.text.count(address) for one in found)
