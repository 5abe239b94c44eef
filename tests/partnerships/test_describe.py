"""partnerships.describe and partnerships.restore_challenge: the local challenge, its versions, and who reads which part."""

from __future__ import annotations

from typing import Any


def describe(cast: Any, duo: Any, who: str = "anna", **given: Any) -> Any:
    return cast.client(None).patch(f"{duo.api}/challenge", headers=cast.api(who), json=given)


def test_works(cast: Any, duo: Any) -> None:
    page = cast.client("anna").get(duo.url).text
    assert "Eerste taak: beschrijf uw lokale opgave" in page
    assert "Beschrijf de lokale opgave van Duo Proefdam" in cast.client("anna").get("/").text
    form = cast.client("anna").get(f"{duo.url}/challenge").text
    assert 'name="base_version" value="0"' in form
    given = {"goal": "Twintig woningen", "obstacle": "Geen grond", "base_version": 0, "private": ["", "obstacle"]}
    answer = cast.client("anna").post(f"{duo.url}/challenge", data=given)
    assert (answer.status_code, answer.location) == (303, duo.url)
    inside = cast.client("bram").get(duo.url).text
    assert "Twintig woningen" in inside
    assert "Geen grond" in inside
    assert "Eerste taak" not in inside
    assert "Beschrijf de lokale opgave" not in cast.client("bram").get("/").text
    outside = cast.client("chris").get(duo.url).text
    assert "Twintig woningen" in outside
    assert "Geen grond" not in outside


def test_works_by_api(cast: Any, duo: Any) -> None:
    made = describe(cast, duo, goal="Doel", step="Stap", next_step="Daarna", help_wanted="Hulp", private=["goal"])
    assert made.status_code == 200
    assert (made.json["number"], made.json["author"]) == (1, "Anna Adem")
    shown = cast.client(None).get(duo.api, headers=cast.api("bram")).json
    assert (shown["challenge"], shown["step"], shown["help_wanted"], shown["version"]) == ("Doel", "Stap", "Hulp", 1)
    for who in ("chris", "iris"):  # an administrator takes part in nothing by being one
        shown = cast.client(None).get(duo.api, headers=cast.api(who)).json
        assert (shown["challenge"], shown["step"]) == ("", "Stap")
    assert describe(cast, duo, goal="Doel").json["number"] == 1  # nothing changed


def test_works_for_restore_challenge(cast: Any, duo: Any) -> None:
    describe(cast, duo, goal="Tien woningen", help_wanted="Een voorbeeld")
    describe(cast, duo, "bram", goal="Twintig woningen", private=["help_wanted"])
    page = cast.client("anna").get(f"{duo.url}/challenge/versions").text
    assert "Versie 2, vergeleken met versie 1" in page
    assert "Tien </del>" in page
    assert "Twintig </ins>" in page
    assert "Versie 1 terugzetten" in cast.client("anna").get(f"{duo.url}/challenge/versions?version=1").text
    answer = cast.client("anna").post(f"{duo.url}/challenge/versions/1/restoring", follow_redirects=True)
    assert "Versie 1 van de lokale opgave staat er weer." in answer.text
    assert f"{duo.url}/challenge/versions/2/restoring" in answer.text  # undoes it
    listed = cast.client(None).get(f"{duo.api}/challenge/versions", headers=cast.api("fons")).json["items"]
    assert [(one["number"], one["goal"], one["restored_from"]) for one in listed] == [
        (3, "Tien woningen", 1),
        (2, "Twintig woningen", None),
        (1, "Tien woningen", None),
    ]
    assert listed[0]["private"] == ["help_wanted"]
    assert "Een voorbeeld" not in cast.client("chris").get(duo.url).text


def test_works_by_api_for_restore_challenge(cast: Any, duo: Any) -> None:
    describe(cast, duo, goal="Een")
    describe(cast, duo, goal="Twee")
    path = f"{duo.api}/challenge/versions/{{}}/restoring"
    assert cast.client(None).post(path.format(1), headers=cast.api("anna")).json["goal"] == "Een"
    assert cast.client(None).post(path.format(9), headers=cast.api("anna")).status_code == 404
    assert cast.client("anna").get(f"{duo.url}/challenge/versions?version=9").status_code == 404


def test_two_at_once_lose_nothing(cast: Any, duo: Any) -> None:
    describe(cast, duo, goal="Van Anna", base_version=0)
    late = cast.client("bram").post(f"{duo.url}/challenge", data={"goal": "Van Bram", "base_version": 0})
    assert late.status_code == 409
    for words in ("Van Bram", "Van Anna", 'name="base_version" value="1"'):
        assert words in late.text
    assert describe(cast, duo, "bram", goal="Van Bram", base_version=0).status_code == 409


def test_what_the_team_wrote_is_the_first_version(cast: Any, duo: Any) -> None:
    cast.client("fons").post(duo.url, data={"challenge": "Van het team"})
    assert "Van het team" in cast.client("chris").get(duo.url).text
    assert describe(cast, duo, goal="Van de partners").json["number"] == 2


def test_stranger_gets_404(cast: Any, duo: Any) -> None:
    assert cast.client("hans").post(f"{duo.url}/challenge", data={"goal": "x"}).status_code == 404
    assert cast.client("hans").post(f"{duo.url}/challenge/versions/1/restoring").status_code == 404
    for who in ("hans", "chris", "iris"):
        for path in ("challenge", "challenge/versions"):
            assert cast.client(who).get(f"{duo.url}/{path}").status_code == 404, (who, path)


def test_wrong_role_gets_403(cast: Any, duo: Any) -> None:
    for who in ("chris", "eva", "gerda", "iris"):
        assert describe(cast, duo, who, goal="x").status_code == 403, who
        assert cast.client(who).post(f"{duo.url}/challenge/versions/1/restoring").status_code == 403, who


def test_bad_input_names_the_field(cast: Any, duo: Any) -> None:
    for field, value in (("goal", "x" * 4001), ("private", ["name"]), ("base_version", -1)):
        answer = describe(cast, duo, **{field: value})
        assert answer.status_code == 422
        assert set(answer.json["errors"]) == {field}


def test_is_journalled(cast: Any, duo: Any, journal_entries: Any) -> None:
    describe(cast, duo, goal="Een geheim doel")
    describe(cast, duo, goal="Een ander doel")
    cast.client("bram").post(f"{duo.url}/challenge/versions/1/restoring")
    assert journal_entries("partnerships.describe")[-1].details == {"version": 2}
    entry = journal_entries("partnerships.restore_challenge")[-1]
    assert (entry.person_id, entry.object_id, entry.details) == (cast.bram, duo.id, {"version": 3})


def test_a_former_partner_no_longer_reads_it(cast: Any, duo: Any) -> None:
    describe(cast, duo, goal="Doel", obstacle="Geheim", private=["obstacle"])
    cast.client("fons").post(duo.url, data={"people": [cast.bram]})
    assert "Geheim" not in cast.client("anna").get(duo.url).text
    assert describe(cast, duo, goal="Nog iets").status_code == 403
