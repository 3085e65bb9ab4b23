"""A Lambda execution environment: a process that runs a function's invocations one by one.

It is forked from a process that has imported what the functions import (`load.preload`).
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from integration.core.invocations import Context
from integration.database.postgres import load_module

from filtermend import aws
from local.folder import ROOT

Event = dict[str, Any]
USUAL = 0
"""A process's priority."""


@dataclass(frozen=True)
class Answer:
    """What an invocation came to.

    Attributes:
        began: when the function began, in seconds since 1970.
        value: what it returned.
        fault: the class of what it raised instead; "" when it returned.
    """

    began: float
    value: Event
    fault: str = ""


def serve(function: str, settings: dict[str, str], log: Path, caller: Connection) -> None:
    """Answer events until None comes; the first thing that is sent says that it is ready."""
    os.setpriority(os.PRIO_PROCESS, 0, USUAL)  # not that of what plays AWS
    os.environ.update(settings)
    aws.made.cache_clear()  # where AWS is may have changed since it was forked from
    with log.open("a", buffering=1) as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
        handler = load_module(f"{function}_app", ROOT / "src" / function / "app.py").handler
        caller.send(None)
        while (event := caller.recv()) is not None:
            caller.send(_invoke(handler, event))
    os._exit(0)  # as Lambda ends it: no thread of an SDK's is waited for


def _invoke(handler: Callable[[Event, Context], Event], event: Event) -> Answer:
    began = time.time()
    try:
        return Answer(began, handler(event, Context()))
    except Exception as fault:  # noqa: BLE001  the state machine retries it, as it does on AWS
        return Answer(began, {}, type(fault).__name__)
