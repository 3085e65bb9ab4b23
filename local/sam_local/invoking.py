"""The three commands of `sam local`, as a user types them."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psutil

from local.folder import ROOT, TOOLS
from local.sam_local.events import Event
from local.sam_local.session import Session
from local.services import (
    Service,
    StackError,
    State,
    clean_environment,
    free_port,
    start,
    stop,
    wait_until,
)

SAM = str(TOOLS / "sam/bin/sam")
INVOKE_SECONDS = 900
READY_SECONDS = 60
END_SECONDS = 20


@dataclass(frozen=True)
class FunctionFailedError(Exception):
    """The function raised; `sam local invoke` itself ends with 0 then."""

    answer: dict[str, Any]

    def __str__(self) -> str:
        """Its class and message."""
        return f"{self.answer.get('errorType')}: {self.answer.get('errorMessage')}"


def invoke(session: Session, event: Event) -> Any:
    """`sam local invoke`, from the project's folder; returns what the function answered.

    Raises:
        FunctionFailedError: the function raised.
        StackError: the command failed, or answered with no JSON.
    """
    command = [SAM, "local", "invoke", event.function, "-e", str(event.path)]
    done = subprocess.run(
        [*command, "--config-file", str(session.project.options)],
        cwd=ROOT,
        env=clean_environment() | session.variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=INVOKE_SECONDS,
    )
    said = done.stdout.strip().splitlines()
    if done.returncode != 0 or not said:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise StackError(f"sam local invoke {event.function} failed:\n{tail}")
    return read_answer(said[-1])


def read_answer(text: str) -> Any:
    """The answer of a function as JSON.

    Raises:
        FunctionFailedError: it is an exception's.
        StackError: it is no JSON.
    """
    try:
        answer = json.loads(text)
    except ValueError:
        raise StackError(f"the function's answer is no JSON: {text[:200]}") from None
    if isinstance(answer, dict) and "errorType" in answer:
        raise FunctionFailedError(answer)
    return answer


@contextmanager
def serving(session: Session, command: str) -> Iterator[str]:
    """`sam local start-lambda` or `start-api` on a free port, for a while; its address.

    Raises:
        StackError: it does not start; names its log.
    """
    folder, port = session.project.folder, free_port()
    state = State.read(folder)
    url = f"http://127.0.0.1:{port}"
    options = ["--config-file", str(session.project.options), "--port", str(port)]
    service = start(folder, state, command, [SAM, "local", command, *options], session.variables)
    try:
        wait_until(folder, service, lambda: _answers(url), READY_SECONDS)
        yield url
    finally:
        _end(service)
        stop(service)
        state.services.remove(service)
        state.write(folder)


def _end(service: Service) -> None:
    """End SAM alone, and wait while it removes the containers that it has kept warm."""
    process = service.process()
    if process is None:
        return
    process.terminate()
    with contextlib.suppress(psutil.TimeoutExpired):
        process.wait(END_SECONDS)


def _answers(url: str) -> bool:
    try:
        httpx.get(url, timeout=1)
    except httpx.HTTPError:
        return False
    return True
