"""Processes of the local stack: started with a log file, remembered by id, stopped in reverse.

A process is remembered with the time it was created, so that an id that the system has given
to somebody else since is never taken for ours.
"""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil
from pydantic import BaseModel

from local.folder import ROOT, Folder, write_private

STOP_SECONDS = 3.0


class StackError(Exception):
    """The stack cannot do what was asked; the message says what to do."""


class Service(BaseModel):
    """A process that was started."""

    name: str
    pid: int
    created: float

    def process(self) -> psutil.Process | None:
        """The living process, or None."""
        try:
            process = psutil.Process(self.pid)
            alive = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
            return process if alive and abs(process.create_time() - self.created) < 1 else None
        except psutil.NoSuchProcess:
            return None


class State(BaseModel):
    """What `up` has started, and the variables it wrote."""

    services: list[Service] = []
    env: dict[str, str] = {}

    @classmethod
    def read(cls, folder: Folder) -> "State":
        """The state on disk; an empty one where there is none or it cannot be read."""
        try:
            return cls.model_validate_json(folder.state.read_bytes())
        except (FileNotFoundError, ValueError):
            return cls()

    def write(self, folder: Folder) -> None:
        """Replace the state on disk."""
        write_private(folder.state, self.model_dump_json(indent=2))

    def dead(self) -> list[str]:
        """Names of services that have gone."""
        return [service.name for service in self.services if service.process() is None]


def start(
    folder: Folder, state: State, name: str, command: Sequence[str], env: Mapping[str, str]
) -> Service:
    """Start a process in the background; its output goes to `logs/<name>.log`."""
    folder.logs.mkdir(parents=True, exist_ok=True)
    with (folder.logs / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=clean_environment() | dict(env),
            start_new_session=True,
        )
    created = psutil.Process(process.pid).create_time()
    service = Service(name=name, pid=process.pid, created=created)
    state.services.append(service)
    state.write(folder)
    return service


def wait_until(folder: Folder, service: Service, ready: Callable[[], bool], seconds: float) -> None:
    """Wait until a service is ready.

    Raises:
        StackError: it ended, or took longer than `seconds`; names its log.
    """
    deadline = time.monotonic() + seconds
    log = folder.logs / f"{service.name}.log"
    while not ready():
        if service.process() is None:
            raise StackError(f"{service.name} ended at once: {_last_line(log)} (see {log})")
        if time.monotonic() > deadline:
            raise StackError(f"{service.name} is not ready after {seconds:.0f} s: see {log}")
        time.sleep(0.05)


def stop(service: Service) -> None:
    """End a service and what it started; only processes that are still ours."""
    process = service.process()
    if process is None:
        return
    family = [*process.children(recursive=True), process]
    for member in reversed(family):
        _signal(member.terminate)
    _, alive = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for member in alive:
        _signal(member.kill)
    psutil.wait_procs(alive, timeout=STOP_SECONDS)


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def clean_environment() -> dict[str, str]:
    """This process's environment without what would lead the stack to a real AWS account."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SAM_"))}


def _signal(send: Callable[[], None]) -> None:
    try:
        send()
    except psutil.NoSuchProcess:
        return


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no output"
