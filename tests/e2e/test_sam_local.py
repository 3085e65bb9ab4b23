"""Every function in a real container, by the commands of `sam local`."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.stack import Deployed

from local.folder import ROOT, Folder
from local.sam_local.checks import check, check_start_api, check_start_lambda, schedules_paused
from local.sam_local.engine import NoEngineError
from local.sam_local.events import Event
from local.sam_local.invoking import FunctionFailedError, invoke, read_answer
from local.sam_local.sample import Sample
from local.sam_local.session import Session, down, up
from local.stack import Options

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def session(stack: Deployed, folder: Folder) -> Iterator[Session]:
    try:
        ready = up(folder, Options("scripted"), print)
    except NoEngineError as error:
        pytest.skip(str(error))
    with schedules_paused(ready):
        yield ready
    down(folder, print)


@pytest.fixture
def sample(session: Session) -> Iterator[Sample]:
    with (found := Sample.of(session.stack["DATABASE_URL"])).conn:
        yield found


def commands() -> list[str]:
    """The invocations of docs/sam-local.md, as they are written there."""
    return re.findall(
        r"^sam local invoke .+$", (ROOT / "docs/sam-local.md").read_text(), re.MULTILINE
    )


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_docs_runs_as_written(
    session: Session, sample: Sample, folder: Folder, command: str
) -> None:
    sample.reset()
    own = str(folder.path / "sam-local")
    script = f". .local/sam-local/env\n{command}".replace("$PWD/.local/sam-local", own)
    done = subprocess.run(
        ["bash", "-ec", script.replace(".local/sam-local/env", f"{own}/env")],
        cwd=ROOT,
        env={"HOME": os.environ["HOME"], "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert read_answer(done.stdout.splitlines()[-1])


def test_a_run_step_by_step(session: Session, sample: Sample) -> None:
    check(session, sample, session.event("propose"), lambda event: invoke(session, event))


def test_what_a_function_raises_is_no_answer(
    session: Session, sample: Sample, tmp_path: Path
) -> None:
    path = tmp_path / "regenerate.json"
    path.write_text('{"error_id": "no id"}')
    with pytest.raises(FunctionFailedError, match="ValidationError"):
        invoke(session, Event(path, "RegenerateFunction"))


def test_sam_local_start_lambda(session: Session, sample: Sample) -> None:
    check_start_lambda(session, sample)


def test_sam_local_start_api(session: Session, sample: Sample) -> None:
    check_start_api(session, sample)
