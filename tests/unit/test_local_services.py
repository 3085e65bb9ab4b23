"""Processes of the local stack: remembered, found again, stopped with all they started."""

import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from local.folder import Folder
from local.services import (
    Service,
    StackError,
    State,
    clean_environment,
    start,
    stop,
    wait_until,
)
from local.stack import _write_env

PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("started", flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def run(folder: Folder, state: State, code: str) -> Service:
    return start(folder, state, "sleeper", [sys.executable, "-c", code], {})


def test_a_second_process_reads_what_the_first_started(folder: Folder) -> None:
    state = State()
    service = run(folder, state, "import time; time.sleep(60)")
    try:
        found = State.read(folder)
        assert found.services == [service]
        assert found.dead() == []
    finally:
        stop(service)
    assert State.read(folder).dead() == ["sleeper"]


def test_stopping_ends_the_whole_family(folder: Folder) -> None:
    service = run(folder, State(), PARENT)
    log = folder.logs / "sleeper.log"
    wait_until(folder, service, lambda: "started" in log.read_text(), 10)
    process = service.process()
    assert process is not None
    family = [process, *process.children(recursive=True)]
    assert len(family) == 2
    stop(service)
    assert not any(member.is_running() for member in family)


def test_an_id_that_somebody_else_has_by_now_is_left_alone() -> None:
    mine = psutil.Process()
    service = Service(name="gone", pid=mine.pid, created=mine.create_time() - 60)
    assert service.process() is None
    stop(service)


def test_a_service_that_ends_at_once_is_reported_with_its_last_words(folder: Folder) -> None:
    service = run(folder, State(), "raise SystemExit('port 80 is taken')")
    with pytest.raises(StackError, match="port 80 is taken"):
        wait_until(folder, service, lambda: False, 10)


def test_a_service_that_is_never_ready_is_given_up(folder: Folder) -> None:
    service = run(folder, State(), "import time; time.sleep(60)")
    started = time.monotonic()
    try:
        with pytest.raises(StackError, match="not ready after 0 s"):
            wait_until(folder, service, lambda: False, 0.2)
    finally:
        stop(service)
    assert time.monotonic() - started < 30


def test_unreadable_state_counts_as_none(folder: Folder) -> None:
    folder.state.write_text("{")
    assert State.read(folder) == State()


def test_what_holds_a_password_is_nobody_else_s_to_read(folder: Folder) -> None:
    folder.state.write_text("{}")
    folder.state.chmod(0o644)
    usual = os.umask(0)
    try:
        State(env={"DATABASE_URL": "postgresql://app:hunter2@db/shop"}).write(folder)
        _write_env(folder, {"DATABASE_URL": "postgresql://app:hunter2@db/shop"})
    finally:
        os.umask(usual)
    assert {path.name for path in folder.path.iterdir()} == {"state.json", "env"}
    assert {path.stat().st_mode & 0o777 for path in folder.path.iterdir()} == {0o600}


def test_nothing_of_a_real_aws_account_reaches_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("SAM_CONFIG_ENV", "prod")
    assert not [k for k in clean_environment() if k.startswith(("AWS_", "SAM_"))]
