"""bin/setup, bin/cop and bin/run: quiet, and without a network once they have done their work."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose lock file asks for nothing, and whose folder has a space in its name."""
    made = tmp_path_factory.mktemp("check out")
    shutil.copytree(ROOT / "bin", made / "bin")
    (made / "requirements.lock").write_text("")
    (made / "cop" / "cli").mkdir(parents=True)
    (made / "cop" / "__init__.py").touch()
    (made / "cop" / "cli" / "__init__.py").touch()
    (made / "cop" / "cli" / "__main__.py").write_text(
        "import os, sys\n"
        "print(os.getcwd(), *sys.argv[1:], sep='|')\n"
        "print(*(f'{name}={value}' for name, value in sorted(os.environ.items()) if name.startswith('COP_')), sep='|')\n"
    )
    return made


@pytest.fixture
def run(checkout: Path, tmp_path: Path) -> Run:
    """Runs a program of the checkout from another folder, as pip would be run by root on a machine of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("COP_")}

    def running(program: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [checkout / "bin" / program, *arguments],
            cwd=tmp_path,
            env=env | settings,
            capture_output=True,
            text=True,
            check=True,
        )

    return running


def test_the_first_time_it_says_what_it_does_in_one_line(checkout: Path, run: Run) -> None:
    shutil.rmtree(checkout / ".venv", ignore_errors=True)
    done = run("setup")
    assert done.stdout == ""
    assert done.stderr == "Installing 0 Python packages into .venv, once; this takes a minute …\n"
    assert os.access(checkout / ".venv" / "bin" / "cop", os.X_OK)


def test_the_second_time_it_says_nothing_and_installs_nothing(checkout: Path, run: Run) -> None:
    run("setup")
    shutil.rmtree(next((checkout / ".venv" / "lib").glob("python*")) / "site-packages" / "pip", ignore_errors=True)
    done = run("setup")
    assert (done.stdout, done.stderr) == ("", "")


def test_run_and_cop_have_the_same_settings(checkout: Path, run: Run, tmp_path: Path) -> None:
    settings = f"COP_DATA={checkout}/.data|COP_MODE=demo|COP_SITE_NAME=Weer thuis in de wijk"
    assert run("run", "--port", "9").stdout.splitlines() == [f"{tmp_path}|run|--port|9", settings]
    assert run("cop", "people", "list").stdout.splitlines() == [f"{tmp_path}|people|list", settings]


def test_the_environment_goes_before(checkout: Path, run: Run) -> None:
    told = run("cop", "check", COP_MODE="development", COP_DATA="here").stdout.splitlines()[1]
    assert told == "COP_DATA=here|COP_MODE=development|COP_SITE_NAME=Weer thuis in de wijk"


def test_the_installed_command_has_no_settings_of_its_own(checkout: Path, run: Run, tmp_path: Path) -> None:
    run("setup")
    env = {name: value for name, value in os.environ.items() if not name.startswith("COP_")}
    done = subprocess.run(
        [checkout / ".venv" / "bin" / "cop", "check"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{tmp_path}|check\n\n"
