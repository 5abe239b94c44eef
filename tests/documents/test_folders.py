"""folders.add, folders.rename, folders.remove."""

from __future__ import annotations

from typing import Any

import pytest


def add(shelf: Any, who: str, name: str = "Regels", **given: Any) -> Any:
    return shelf.ask(who, "/communities/een/folders", "post", json={"name": name, **given})


@pytest.fixture
def folder(shelf: Any) -> int:
    return add(shelf, "anna").json["id"]


def test_works(cast: Any, shelf: Any) -> None:
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


def test_works_by_api(cast: Any, shelf: Any, folder: int) -> None:
    assert add(shelf, "anna", "Binnen", parent=folder).json == {
        "id": folder + 1,
        "name": "Binnen",
        "parent": folder,
        "community": cast.one,
        "files": 0,
    }
    shelf.share("anna", folder=folder)
    listed = shelf.ask("gerda", "/communities/een/folders").json["items"]
    assert [(f["name"], f["files"]) for f in listed] == [("Binnen", 0), ("Regels", 1)]
    assert shelf.ask("eva", f"/folders/{folder + 1}", "patch", json={"name": "Andere"}).json["name"] == "Andere"
    assert shelf.ask("eva", f"/folders/{folder + 1}", "delete").status_code == 204


@pytest.mark.parametrize("who", ["chris", "hans", "jan"])
def test_stranger_gets_404(shelf: Any, folder: int, who: str) -> None:
    assert add(shelf, who, "Andere").status_code == 404
    for method, given in (("patch", {"json": {"name": "x"}}), ("delete", {})):
        assert shelf.ask(who, f"/folders/{folder}", method, **given).status_code == 404
    assert shelf.ask(who, f"/communities/een/documents?folder={folder}").status_code == 404


def test_wrong_role_gets_403(shelf: Any, folder: int) -> None:
    assert add(shelf, "gerda", "Andere").status_code == 403
    for method, given in (("patch", {"json": {"name": "x"}}), ("delete", {})):
        assert shelf.ask("gerda", f"/folders/{folder}", method, **given).status_code == 403
    assert shelf.ask("bram", f"/folders/{folder}", "delete").status_code == 403
    assert shelf.ask("gerda", f"/communities/een/documents?folder={folder}").status_code == 200


@pytest.mark.parametrize("given", [{"name": ""}, {"name": "x" * 201}, {"name": "regels"}, {"name": "a\0"}, {"name": 5}])
def test_bad_input_names_the_field(cast: Any, shelf: Any, folder: int, given: dict[str, Any]) -> None:
    answer = shelf.ask("anna", "/communities/een/folders", "post", json=given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["name"])
    other = add(shelf, "anna", "Ander").json["id"]
    answer = shelf.ask("eva", f"/folders/{other}", "patch", json=given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["name"])
    page = cast.client("anna").post("/communities/een/folders", data={"name": "regels", "parent": ""})
    assert page.status_code == 422
    assert "al een map met deze naam" in page.text


def test_folder_of_another_community_gets_404(cast: Any, shelf: Any, folder: int) -> None:
    answer = shelf.ask("jan", "/communities/twee/folders", "post", json={"name": "Hier", "parent": folder})
    assert list(answer.json["errors"]) == ["parent"]
    assert "folder" in shelf.share("jan", to="twee", folder=folder, status=422)["errors"]


def test_folder_depth_is_limited(shelf: Any) -> None:
    parent = None
    for level in range(5):
        parent = add(shelf, "anna", f"Map {level}", parent=parent).json["id"]
    assert list(add(shelf, "anna", "Te diep", parent=parent).json["errors"]) == ["name"]


def test_only_an_empty_folder_can_be_removed(shelf: Any, folder: int) -> None:
    file = shelf.share("anna", folder=folder)["id"]
    answer = shelf.ask("eva", f"/folders/{folder}", "delete")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["folder"])
    shelf.ask("anna", f"/files/{file}", "delete")
    assert shelf.ask("eva", f"/folders/{folder}", "delete").status_code == 204
    assert shelf.ask("anna", f"/files/{file}/untrash", "post").json["folder"] is None


@pytest.mark.parametrize(
    ("verb", "who"),
    [
        ("folders.add", "anna"),
        ("folders.rename", "eva"),
        ("folders.remove", "eva"),
    ],
)
def test_is_journalled(cast: Any, shelf: Any, journal_entries: Any, folder: int, verb: str, who: str) -> None:
    shelf.ask("eva", f"/folders/{folder}", "patch", json={"name": "Anders"})
    shelf.ask("eva", f"/folders/{folder}", "delete")
    entry = journal_entries(verb)[-1]
    assert (entry.person_id, entry.community_id, entry.details) == (getattr(cast, who), cast.one, {"folder": folder})
