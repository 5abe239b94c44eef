"""House rules that a machine can check: floors, single places, names."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

from cop import access
from cop.access.rules import INNER_RULES
from cop.base.action import VERBS
from cop.base.events import subscribed
from cop.base.web import ENDPOINTS

pytestmark = pytest.mark.usefixtures("all_features")
ROOT = Path(__file__).parents[2]
CODE = sorted((ROOT / "cop").rglob("*.py"))


def imports(file: Path) -> set[str]:
    """Return the names that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return found


def test_features_import_downward_only() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_no_import_cycles() -> None:
    """Imports inside functions count."""
    graph = grimp.build_graph("cop", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()  # raises CycleError and names the files


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (("bleach", "nh3", "markdown_it", "markdownify"), {"cop/base/text"}),
        (("icalendar",), {"cop/base/calendars.py"}),
        (("smtplib",), {"cop/base/email.py"}),
        (("argon2",), {"cop/people/passwords.py"}),
        (("alembic",), {"cop/cli/migrate.py", "cop/cli/migration.py"}),
        (("sqlalchemy.dialects",), {"cop/base/db.py", "cop/base/attempts.py", "cop/search"}),
    ],
)
def test_libraries_are_imported_in_one_place(names: tuple[str, ...], places: set[str]) -> None:
    """Each of these libraries is imported in a single place."""
    wrong = {
        f.relative_to(ROOT).as_posix()
        for f in CODE
        for i in imports(f)
        if any(i == n or i.startswith(f"{n}.") for n in names)
    }
    assert {w for w in wrong if not any(w == p or w.startswith(p) for p in places)} == set()


def test_time_zones_of_calendars_are_a_rule() -> None:
    """What these functions write shows summer meetings an hour late in programs that read the first change only."""
    wrong = re.compile(r"\b(from_tzid|from_tzinfo|add_missing_timezones)\(")
    assert [f.relative_to(ROOT).as_posix() for f in CODE if wrong.search(f.read_text())] == []


def test_commit_is_called_in_one_place() -> None:
    found = {f.relative_to(ROOT).as_posix() for f in CODE if re.search(r"\.commit\(", f.read_text())}
    assert found <= {"cop/base/action.py"}


def test_tests_reach_databases_by_one_fixture() -> None:
    """Tests without a database fixture run once, and not again on PostgreSQL (bin/test)."""
    tests = ROOT / "tests"
    found = {
        f.relative_to(tests).as_posix()
        for f in tests.rglob("*.py")
        if re.search(r"COP_TEST_DATABASE_[U]RL|\bDatabases[(]", f.read_text())
    }
    assert found == {"conftest.py"}


def test_clock_is_read_in_one_place() -> None:
    found = {
        f.relative_to(ROOT).as_posix()
        for f in CODE
        if re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(", f.read_text())
    }
    assert found <= {"cop/base/clock.py"}


def test_safe_only_on_rendered_columns() -> None:
    wrong = [
        f"{f.relative_to(ROOT)}: {m}"
        for f in (ROOT / "templates").rglob("*.html")
        for m in re.findall(r"[\w.]+\s*\|\s*safe", f.read_text())
        if not re.match(r"[\w.]*\.?html\s*\|", m)
    ]
    assert wrong == []


def test_every_verb_has_a_rule_and_every_rule_a_verb() -> None:
    assert set(access.RULES) - set(VERBS) == set(INNER_RULES)
    assert set(VERBS) <= set(access.RULES)


def test_every_listener_subscribes_to_a_verb() -> None:
    assert subscribed() <= set(VERBS)


def test_every_verb_is_tested() -> None:
    tests = " ".join(f.read_text() for f in (ROOT / "tests").rglob("test_*.py"))
    assert [v for v in sorted(VERBS) if v not in tests] == []


def test_every_module_has_a_docstring() -> None:
    silent = [f.relative_to(ROOT).as_posix() for f in CODE if not ast.get_docstring(ast.parse(f.read_text()))]
    assert silent == []


def test_writing_endpoints_are_verbs() -> None:
    """An endpoint that is not a verb only accepts GET."""
    free = {
        "experts.accept_by_mail",
        "experts.answer_by_mail",
        "experts.ask_new",
        "experts.decline_by_mail",
        "experts.hand_on_by_mail",
        "files.upload_to_partnership",
        "flags.raise_for_member",
        "folders.add_to_partnership",
        "guidance.confirm_by_mail",
        "guidance.revise_by_mail",
        "guidance.take_address",
        "meeting_materials.attach_address",
        "meetings.hand_over_by_mail",
        "meetings.plan_for_partnership",
        "meetings.plan_for_programme",
        "meetings.rsvp_by_mail",
        "meetings.plan_series_for_partnership",
        "meetings.plan_series_for_programme",
        "members.preview",
        "notes.write_on_member",
        "outcomes.mark_at_meeting",
        "outcomes.mark_post",
        "partnerships.check_in_by_mail",
        "partnerships.skip_by_mail",
        "polls.make_for_partnership",
        "polls.make_for_programme",
        "polls.vote_by_mail",
        "pulse.answer_by_mail",
        "pulse.withdraw_by_mail",
        "people.link_again",
        "people.preview_leaving",
        "people.sign_in_as",
        "people.sign_in_by_code",
        "people.sign_in_by_password",
        "people.theme",
        "uses.follow_up_by_mail",
    }  # these run a verb at another address, people.link or people.sign_in, only set a cookie, or only read
    wrong = [
        name
        for name, endpoint in ENDPOINTS.items()
        if name not in VERBS and name not in free and any(m not in ("GET", "HEAD") for m, _rule in endpoint.rules)
    ]
    assert wrong == []


def test_live_fragments_do_not_depend_on_the_viewer() -> None:
    wrong = [
        f.relative_to(ROOT).as_posix()
        for f in (ROOT / "templates").rglob("_*.html")
        if f.parent.name in ("threads", "chat") and re.search(r"\b(current_user|viewer)\b", f.read_text())
    ]
    assert wrong == []
