"""threads.split and threads.move_posts: posts that go on in a new or in another thread."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from cop.base.action import transaction
from cop.base.db import db
from cop.things import Mark
from tests.curation.test_merging import found


def split(ask: Any, pair: SimpleNamespace, who: str = "eva", **given: Any) -> Any:
    return ask(who, "post", f"/threads/{pair.a}/split", **{"title": "Brieven schrijven", **given})


def test_works(cast: Any, pair: SimpleNamespace, placed: Any) -> None:
    client = cast.client("eva")
    assert "Of wij schrijven een brief." in client.get(f"/threads/{pair.a}/splitting").text
    data = {"title": "Brieven schrijven", "kind": "experience", "posts": str(pair.a_posts[2]), "since": ""}
    page = client.post(f"/threads/{pair.a}/split", data=data, follow_redirects=True).text
    assert "Afgesplitst. In beide gesprekken staat waar het andere is." in page
    assert "Afgesplitst van" in page
    old = client.get(f"/threads/{pair.a}").text
    assert "1 bericht staat nu in" in old
    assert f'<a href="/posts/{pair.a_posts[1]}">het stond na dit bericht</a>' in old
    assert [id for id, _seq in placed(pair.a)] == pair.a_posts[:2]
    assert "1 reactie" in old


def test_works_by_api(ask: Any, pair: SimpleNamespace, placed: Any) -> None:
    answer = split(ask, pair, since=pair.a_posts[1])
    assert answer.status_code == 201, answer.text
    new = answer.json
    assert (new["title"], new["author"]["name"], new["replies"]) == ("Brieven schrijven", "Bram Baan", 1)
    assert placed(new["id"]) == [(pair.a_posts[1], 1), (pair.a_posts[2], 2)]
    moved = ask("eva", "post", f"/threads/{pair.b}/moved-posts", into=new["url"], posts=[pair.b_posts[1]])
    assert moved.json["replies"] == 2
    assert placed(new["id"])[-1] == (pair.b_posts[1], 3)


def test_stranger_gets_404(ask: Any, pair: SimpleNamespace) -> None:
    assert split(ask, pair, "chris", posts=[pair.a_posts[1]]).status_code == 404
    moving = {"into": f"/threads/{pair.b}", "posts": [pair.a_posts[1]]}
    assert ask("chris", "post", f"/threads/{pair.a}/moved-posts", **moving).status_code == 404


def test_wrong_role_gets_403(ask: Any, pair: SimpleNamespace) -> None:
    assert split(ask, pair, "anna", posts=[pair.a_posts[1]]).status_code == 403
    moving = {"into": f"/threads/{pair.b}", "posts": [pair.a_posts[1]]}
    assert ask("anna", "post", f"/threads/{pair.a}/moved-posts", **moving).status_code == 403


def test_bad_input_names_the_field(cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    for given, field in (
        ({"posts": []}, "posts"),
        ({"posts": [pair.a_posts[0]]}, "posts"),
        ({"posts": [pair.b_posts[1]]}, "posts"),
        ({"since": pair.b_posts[1]}, "since"),
        ({"posts": [pair.a_posts[1]], "title": ""}, "title"),
        ({"posts": [pair.a_posts[1]], "kind": "minutes"}, "kind"),
    ):
        answer = split(ask, pair, **given)
        assert (answer.status_code, list(answer.json["errors"])) == (422, [field]), given
    moving = {"into": f"/threads/{pair.a}", "posts": [pair.a_posts[1]]}
    assert list(ask("eva", "post", f"/threads/{pair.a}/moved-posts", **moving).json["errors"]) == ["into"]
    data = {"title": "", "posts": [str(pair.a_posts[1])], "since": str(pair.a_posts[2])}
    page = cast.client("eva").post(f"/threads/{pair.a}/split", data=data).text
    assert f'value="{pair.a_posts[1]}" checked' in page
    assert f'value="{pair.a_posts[2]}" selected' in page


def test_is_journalled(ask: Any, pair: SimpleNamespace, journal: Any) -> None:
    new = split(ask, pair, posts=[pair.a_posts[2]]).json["id"]
    assert journal("threads.split") == [{"source": pair.a, "target": new, "posts": 1, "whole": 0}]
    ask("eva", "post", f"/threads/{pair.a}/moved-posts", into=f"/threads/{pair.b}", posts=[pair.a_posts[1]])
    assert journal("threads.move_posts") == [{"source": pair.a, "target": pair.b, "posts": 1, "whole": 0}]


def test_undo_puts_posts_back(cast: Any, pair: SimpleNamespace, placed: Any) -> None:
    client = cast.client("eva")
    data = {"into": f"/threads/{pair.b}", "posts": [str(id) for id in pair.a_posts[1:]]}
    page = client.post(f"/threads/{pair.a}/moved-posts", data=data, follow_redirects=True).text
    assert "Verplaatst. Oude adressen van de berichten blijven werken." in page
    assert f'name="since" value="{pair.a_posts[1]}"' in page
    undone = {"into": f"/threads/{pair.a}", "since": pair.a_posts[1]}
    client.post(f"/threads/{pair.b}/moved-posts", data=undone)
    assert [id for id, _seq in placed(pair.a)] == pair.a_posts


def test_a_hidden_post_does_not_begin_a_thread(ask: Any, pair: SimpleNamespace) -> None:
    ask("eva", "put", f"/posts/{pair.a_posts[1]}/hiding", reason="Persoonsgegevens")
    assert list(split(ask, pair, since=pair.a_posts[1]).json["errors"]) == ["posts"]


def test_members_may_not_begin_guidance_by_splitting(ask: Any, pair: SimpleNamespace) -> None:
    assert split(ask, pair, posts=[pair.a_posts[1]], kind="guidance").status_code == 201


def test_readers_have_read_what_they_had_read(
    app: Any, cast: Any, ask: Any, pair: SimpleNamespace, placed: Any
) -> None:
    with app.app_context(), transaction():
        for who, seq in ((cast.gerda, placed(pair.a)[-1][1]), (cast.fons, placed(pair.a)[1][1])):
            db.session.merge(Mark(person_id=who, thing_id=pair.a, seq=seq))
    new = split(ask, pair, since=pair.a_posts[1]).json["id"]
    with app.app_context():
        marks = dict(db.session.execute(select(Mark.person_id, Mark.seq).where(Mark.thing_id == new)).all())
    assert (marks[cast.gerda], marks[cast.fons]) == (2, 1)


def test_search_finds_the_opening_with_its_thread(cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    new = split(ask, pair, posts=[pair.a_posts[2]]).json
    assert found(cast, "schrijven brief") == [new["url"]]


def test_the_answer_that_goes_is_none_any_more(ask: Any, pair: SimpleNamespace) -> None:
    ask("anna", "put", f"/threads/{pair.a}/answer", post=pair.a_posts[1])
    split(ask, pair, posts=[pair.a_posts[1]])
    assert ask("anna", "get", f"/threads/{pair.a}").json["answer"] is None


def test_what_a_reader_may_not_see_is_not_named(cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    new = split(ask, pair, posts=[pair.a_posts[2]], title="Geheime titel").json
    assert "Geheime titel" in cast.client("gerda").get(f"/threads/{pair.a}").text
    ask("eva", "patch", new["url"], title="Andere titel", base_version=new["version"])
    page = cast.client("gerda").get(f"/threads/{pair.a}").text
    assert "Geheime titel" not in page
    assert "Andere titel" in page
    ask("eva", "put", f"{new['url']}/hiding", reason="Persoonsgegevens")
    assert "Andere titel" not in cast.client("gerda").get(f"/threads/{pair.a}").text
