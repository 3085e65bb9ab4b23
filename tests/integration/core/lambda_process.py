"""A Lambda's process: `python lambda_process.py FUNCTION [FUNCTION …]` with steps on stdin.

Each line of stdin is a step that goes through the functions in turn, or a fault for the local
Braintrust. The last line printed has, for each step, the answer, the seconds it took, and how
many of them Braintrust was waited for. The secret is read from SECRET, where that is set, instead
of Secrets Manager. KILL_AT is where the process kills itself: `before store.ledger.mark_sent`, or
`after` it.
"""

import importlib.util
import json
import os
import pkgutil
import sys
import time
from pathlib import Path
from signal import SIGKILL
from typing import Any

import httpx
from integration.core.invocations import Context

from filtermend.settings import Secret
from filtermend.tracing import Tracer

SOURCE = Path(__file__).parents[3] / "src"


def handler_of(function: str) -> Any:
    path = SOURCE / function / "app.py"
    spec = importlib.util.spec_from_file_location(f"{function}_app", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


def die_at(point: str) -> None:
    """Replace a function of the package by one that does not survive."""
    moment, place = point.split()
    owner, _, name = place.rpartition(".")
    holder = pkgutil.resolve_name(f"filtermend.{owner}")
    original = getattr(holder, name)

    def deadly(*arguments: Any, **named: Any) -> None:
        if moment == "after":
            original(*arguments, **named)
        os.kill(os.getpid(), SIGKILL)

    setattr(holder, name, deadly)


def main() -> None:
    if given_secret := os.environ.get("SECRET"):
        secret = Secret.model_validate_json(given_secret)
        Secret.load = lambda **_: secret  # type: ignore[method-assign, assignment]
    if point := os.environ.get("KILL_AT"):
        die_at(point)
    handlers = [handler_of(function) for function in sys.argv[1:]]
    control = httpx.Client(base_url=os.environ.get("BRAINTRUST_API_URL", ""))
    answers: list[dict[str, Any]] = []
    waited: list[float] = []
    flush = Tracer.flush

    def timed_flush(tracer: Tracer) -> bool:
        started = time.monotonic()
        sent = flush(tracer)
        waited.append(time.monotonic() - started)
        return sent

    Tracer.flush = timed_flush  # type: ignore[method-assign]
    for line in sys.stdin:
        given = json.loads(line)
        if "mode" in given:
            control.put("/_control/fault", json=given).raise_for_status()
            continue
        started = time.monotonic()
        for handler in handlers:
            given = handler(given, Context())
        seconds = time.monotonic() - started
        answers.append({"step": given, "seconds": seconds, "waited": max(waited, default=0)})
        waited.clear()
    print(json.dumps(answers), flush=True)
    os._exit(0)  # as Lambda does it: no thread of the SDK's is waited for


main()
