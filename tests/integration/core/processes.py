"""One invocation of a function in a process of its own, which may die of it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest

PROCESS = Path(__file__).with_name("lambda_process.py")


class Exited(Exception):
    """The process ended without an answer: Lambda's Runtime.ExitError."""


def invoke(
    function: str,
    event: dict[str, Any],
    *,
    killed_when: Callable[[], object] | None = None,
    **settings: str,
) -> dict[str, Any]:
    """Invoke a function with these settings on top of the environment.

    `killed_when` returns when the process is to be killed; the setting KILL_AT names a point where
    it kills itself.

    Raises:
        Exited: it was killed.
    """
    with subprocess.Popen(
        [sys.executable, PROCESS, function],
        env=os.environ | settings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(event))
        process.stdin.close()
        process.stdin = None
        if killed_when is not None:
            killed_when()
            process.kill()
        output, errors = process.communicate(timeout=60)
    if process.returncode == -SIGKILL:
        raise Exited
    if process.returncode:
        pytest.fail(errors)  # no fault of the functions: nobody retries it
    [answer] = json.loads(output.splitlines()[-1])
    result: dict[str, Any] = answer["step"]
    return result
