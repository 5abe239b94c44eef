"""folders.add, folders.rename, folders.remove."""

from __future__ import annotations

from typing import Any

import pytest


def add(library: Any, who: str, name: str = "Regels", **given: Any) -> Any:
    return library.ask(who, "/communities/een/folders", "post", json={"name": name, **given})


@pytest.fixture
def folder(library: Any) -> int:
    return add(library, "anna").json["id"]


def test_works(cast: Any, library: Any) -> None:
    browser = cast.client("anna")
    answer = browser.post("/communities/een/folders", data={"name": "Regels & afspraken", "parent": ""})
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.location)
    assert "Deze map is leeg" in page.text
    id = int(answer.location.rpartition("=")[2])
    inner = browser.post("/communities/een/folders", data={"name": "2017", "parent": str(id)}).location
    assert "Regels &amp; afspraken" in browser.get(inner).text  # the link to the parent
    moderator = cast.client("eva")
    assert moderator.post(f"/folders/{id}", data={"name": "Regels"}).status_code == 303
    assert moderator.post(f"/folders/{id}/delete").status_code == 422
    gone = moderator.post(f"/folders/{inner.rpartition('=')[2]}/delete")
    assert (gone.status_code, gone.location) == (303, f"/communities/een/documents?folder={id}")


def test_works_by_api(cast: Any, library: Any, folder: int) -> None:
    assert add(library, "anna", "Binnen", parent=folder).json == {
        "id": folder + 1,
        "name": "Binnen",
        "parent": folder,
        "community": cast.one,
        "files": 0,
    }
    library.share("anna", folder=folder)
    listed = library.ask("gerda", "/communities/een/folders").json["items"]
    assert [(f["name"], f["files"]) for f in listed] == [("Binnen", 0), ("Regels", 1)]
    assert library.ask("eva", f"/folders/{folder + 1}", "patch", json={"name": "Andere"}).json["name"] == "Andere"
    assert library.ask("eva", f"/folders/{folder + 1}", "delete").status_code == 204


@pytest.mark.parametrize("who", ["chris", "hans", "jan"])
def test_stranger_gets_404(library: Any, folder: int, who: str) -> None:
    assert add(library, who, "Andere").status_code == 404
    for method, given in (("patch", {"json": {"name": "x"}}), ("delete", {})):
        assert library.ask(who, f"/folders/{folder}", method, **given).status_code == 404
    assert library.ask(who, f"/communities/een/documents?folder={folder}").status_code == 404


def test_wrong_role_gets_403(library: Any, folder: int) -> None:
    assert add(library, "gerda", "Andere").status_code == 403
    for method, given in (("patch", {"json": {"name": "x"}}), ("delete", {})):
        assert library.ask("gerda", f"/folders/{folder}", method, **given).status_code == 403
    assert library.ask("bram", f"/folders/{folder}", "delete").status_code == 403
    assert library.ask("gerda", f"/communities/een/documents?folder={folder}").status_code == 200


@pytest.mark.parametrize("given", [{"name": ""}, {"name": "x" * 201}, {"name": "regels"}, {"name": "a\0"}, {"name": 5}])
def test_bad_input_names_the_field(cast: Any, library: Any, folder: int, given: dict[str, Any]) -> None:
    answer = library.ask("anna", "/communities/een/folders", "post", json=given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["name"])
    other = add(library, "anna", "Ander").json["id"]
    answer = library.ask("eva", f"/folders/{other}", "patch", json=given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["name"])
    page = cast.client("anna").post("/communities/een/folders", data={"name": "regels", "parent": ""})
    assert page.status_code == 422
    assert "al een map met deze naam" in page.text


def test_folder_of_another_community_gets_404(cast: Any, library: Any, folder: int) -> None:
    answer = library.ask("jan", "/communities/twee/folders", "post", json={"name": "Hier", "parent": folder})
    assert list(answer.json["errors"]) == ["parent"]
    assert "folder" in library.share("jan", to="twee", folder=folder, status=422)["errors"]


def test_folder_depth_is_limited(library: Any) -> None:
    parent = None
    for level in range(5):
        parent = add(library, "anna", f"Map {level}", parent=parent).json["id"]
    assert list(add(library, "anna", "Te diep", parent=parent).json["errors"]) == ["name"]


def test_only_an_empty_folder_can_be_removed(library: Any, folder: int) -> None:
    file = library.share("anna", folder=folder)["id"]
    answer = library.ask("eva", f"/folders/{folder}", "delete")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["folder"])
    library.ask("anna", f"/files/{file}", "delete")
    assert library.ask("eva", f"/folders/{folder}", "delete").status_code == 204
    assert library.ask("anna", f"/files/{file}/untrash", "post").json["folder"] is None


@pytest.mark.parametrize(
    ("verb", "who"),
    [
        ("folders.add", "anna"),
        ("folders.rename", "eva"),
        ("folders.remove", "eva"),
    ],
)
def test_is_journalled(cast: Any, library: Any, journal_entries: Any, folder: int, verb: str, who: str) -> None:
    library.ask("eva", f"/folders/{folder}", "patch", json={"name": "Anders"})
    library.ask("eva", f"/folders/{folder}", "delete")
    entry = journal_entries(verb)[-1]
    assert (entry.person_id, entry.community_id, entry.details) == (getattr(cast, who), cast.one, {"folder": folder})


def test_contents_move_up_when_asked(cast: Any, library: Any) -> None:
    """What is in a removed folder moves one level up; a name that is taken there gets a number."""
    add = lambda name, **more: library.ask("anna", "/communities/een/folders", "post", json={"name": name, **more}).json
    outer = add("Regels")
    inner = add("Regels", parent=outer["id"])
    add("Oud", parent=outer["id"])
    library.share("anna", "Blad.txt")
    file = library.share("anna", "Blad.txt", b"Twee.", folder=outer["id"])["id"]
    gone = library.share("anna", "Weg.txt", folder=outer["id"])["id"]
    library.ask("anna", f"/files/{gone}", "delete")
    assert "folder" in library.ask("eva", f"/folders/{outer['id']}", "delete").json["errors"]
    page = cast.client("eva").get(f"/communities/een/documents?folder={outer['id']}").text
    assert "De inhoud van deze map gaat naar “Documenten”." in page
    answer = cast.client("eva").post(f"/folders/{outer['id']}/delete", data={"contents": "up"})
    assert (answer.status_code, answer.location) == (303, "/communities/een/documents")
    folders = {f["name"]: f["parent"] for f in library.ask("anna", "/communities/een/folders").json["items"]}
    assert folders == {"Regels": None, "Oud": None}
    assert [
        f["id"] for f in library.ask("anna", "/communities/een/folders").json["items"] if f["name"] == "Regels"
    ] == [inner["id"]]
    assert library.ask("anna", f"/files/{file}").json["title"] == "Blad (2).txt"
    assert library.ask("anna", f"/files/{file}").json["folder"] is None
    library.ask("anna", f"/files/{gone}/untrash", "post")
    assert library.ask("anna", f"/files/{gone}").json["folder"] is None


def test_removed_empty_folder_can_be_put_back(cast: Any, library: Any) -> None:
    folder = library.ask("anna", "/communities/een/folders", "post", json={"name": "Leeg"}).json
    browser = cast.client("eva")
    answer = browser.post(f"/folders/{folder['id']}/delete")
    page = browser.get(answer.location).text
    assert "De map “Leeg” is verwijderd." in page
    assert 'action="/communities/een/folders"' in page
    browser.post("/communities/een/folders", data={"name": "Leeg", "parent": ""})
    assert [f["name"] for f in library.ask("anna", "/communities/een/folders").json["items"]] == ["Leeg"]
