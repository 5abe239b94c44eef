"""Thirty who ask at the same moment, and experts who answer and decline at once: real commits on a real database."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import select

from cop.base import clock, jobs, text
from cop.base.action import transaction
from cop.base.db import db
from cop.experts.models import ExpertRequest, ExpertTurn
from cop.society.credentials import new_session
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.threads import actions as threads
from tests.conftest import Client, SeparateApp

QUESTIONS, EXPERTS, THREADS = 30, 3, 10


def test_thirty_requests_at_once_to_three_experts(separate_app: SeparateApp, tmp_path: Any) -> None:
    """Six are put to an expert, two to each; the others wait in one order; every place that comes free is taken once."""
    with separate_app("expert_races", tmp_path) as app:
        with app.app_context(), transaction():
            programme = Programme(slug="proef", name="Proef")
            db.session.add(programme)
            db.session.flush()
            community = Community(programme_id=programme.id, slug="een", name="Een")
            names = ["anna", *(f"expert{n}" for n in range(EXPERTS))]
            people = [
                Person(mail=f"{name}@proef.example", name=name, state="active", entered=clock.now()) for name in names
            ]
            db.session.add_all([community, *people])
            db.session.flush()
            anna, *experts = people
            for person in people:
                role = "member" if person is anna else "expert"
                db.session.add(Membership(person_id=person.id, community_id=community.id, role=role))
            db.session.flush()
            started = [
                threads.start(
                    anna, community, kind="question", title=f"Vraag {n}", text=text.render("Hoe?", "plain")
                ).id
                for n in range(QUESTIONS)
            ]
            cookies = {person.id: new_session(person) for person in people}
            asker, answerers = anna.id, [one.id for one in experts]

        def send(who: int, url: str, **given: object) -> int:
            browser = Client(app, app.response_class)
            browser.set_cookie("cop", cookies[who])
            return browser.post(url, data=given).status_code

        def requests() -> list[ExpertRequest]:
            with app.app_context():
                return list(db.session.scalars(select(ExpertRequest).order_by(ExpertRequest.id)))

        with ThreadPoolExecutor(THREADS) as pool:
            codes = list(pool.map(lambda id: send(asker, f"/threads/{id}/expert"), started))
        assert codes == [303] * QUESTIONS
        made = requests()
        assert Counter(one.state for one in made) == {"asked": 6, "queued": 24}
        assert Counter(one.expert_id for one in made[:6]) == dict.fromkeys(answerers, 2)
        assert [one.ahead for one in made[6:]] == list(range(24))

        # Each of the six is settled at the same moment: half by an answer, half by a decline, and one expert twice at once.
        def settle(one: ExpertRequest) -> int:
            assert one.expert_id is not None
            if one.id % 2:
                return send(one.expert_id, f"/threads/{one.thread_id}/posts", body="Zo.")
            return send(one.expert_id, f"/expert/{one.id}/decline", reason="time")

        with ThreadPoolExecutor(THREADS) as pool:
            codes = list(pool.map(settle, [*made[:6], *made[:6:2]]))
        assert set(codes) <= {303, 403, 409}
        with app.app_context():
            jobs.run_due()
        after = requests()
        held = [one for one in after if one.state in ("asked", "accepted")]
        assert Counter(one.expert_id for one in held) == dict.fromkeys(answerers, 2)
        waiting = [one for one in after if one.state == "queued"]
        assert [one.ahead for one in waiting] == list(range(len(waiting)))
        new = [one.id for one in after if one.id > 6]  # of the first six, one that was declined waits for somebody else
        assert [id for id in new if id in {one.id for one in held}] == new[: sum(one.id > 6 for one in held)]
        with app.app_context():
            turns = db.session.scalars(select(ExpertTurn)).all()
            assert Counter(one.state for one in turns)["asked"] == 6
