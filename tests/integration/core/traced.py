"""Functions in processes of their own, as on Lambda, and the Braintrust that gets their traces.

The SDK keeps its login and its queue in globals, so every use of it is in a process of its own;
that also is what the functions of one workflow are.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from signal import SIGKILL
from typing import Any, NamedTuple

import httpx
import pytest
from integration.core.deployment import Outside
from integration.core.endpoints import Gemini
from integration.core.rows import Rows

from filtermend.models import Step
from local.braintrust.app import create_app
from local.braintrust.store import Store
from local.gemini.serving import serving

ROOT = Path(__file__).parents[3]
PROCESS = Path(__file__).with_name("lambda_process.py")
WORKFLOW = ("regenerate", "validate", "propose")


class Ran(NamedTuple):
    """What a process answered to each step, and what it logged and counted."""

    steps: list[dict[str, Any]]
    seconds: list[float]
    waited: list[float]
    output: str


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def braintrust_server() -> Iterator[str]:
    with serving(create_app(Store())) as url:
        yield url


@pytest.fixture
def braintrust(braintrust_server: str) -> Iterator[str]:
    yield braintrust_server
    httpx.put(f"{braintrust_server}/_control/fault", json={"mode": "ok"}).raise_for_status()


@pytest.fixture
def run(
    rows: Rows, gemini: Gemini, screener: str, braintrust: str, environment: dict[str, str]
) -> Run:
    """Run these steps through these functions in a process of their own."""

    def new(
        functions: tuple[str, ...],
        *steps: Step | dict[str, Any],
        key: str = "bt-key",
        url: str = "",
        kill_at: str = "",
        raises: str = "",
        **others: str,
    ) -> Ran:
        secret = {
            "database_url": rows.dsn,
            "gemini_api_key": "AIza-test-key",
            "braintrust_api_key": key,
        }
        settings = {
            "SECRET": json.dumps(secret),
            "GEMINI_MODEL": "scripted",
            "GEMINI_BASE_URL": gemini.url,
            "GO_BACKEND_URL": screener,
            "BRAINTRUST_API_URL": url or braintrust,
            "BRAINTRUST_APP_URL": url or braintrust,
        }
        settings |= others
        if kill_at:
            settings["KILL_AT"] = kill_at
        given = [s.model_dump(mode="json") if isinstance(s, Step) else s for s in steps]
        done = subprocess.run(
            [sys.executable, PROCESS, *functions],
            input="\n".join(map(json.dumps, given)),
            env=environment | settings,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == (-SIGKILL if kill_at else bool(raises)), done.stderr
        assert raises in done.stderr
        if kill_at or raises:
            return Ran([], [], [], done.stdout)
        answers = json.loads(done.stdout.splitlines()[-1])
        columns = ([answer[name] for answer in answers] for name in ("step", "seconds", "waited"))
        return Ran(*columns, done.stdout)

    return new


@pytest.fixture
def on_aws(outside: Outside) -> dict[str, str]:
    """What a function in a process of its own needs of AWS; nothing of the other ends."""
    outside.reset()
    own = ("GEMINI", "GO_BACKEND")
    return {n: v for n, v in outside.settings().items() if not n.startswith(own)} | {
        "STOP_PARAMETER": "",
        "PRICES_PARAMETER": "",
    }


def traces_of(url: str, step: Step) -> list[dict[str, Any]]:
    """Every root span on the endpoint that has the error's id, or a span below one that has."""
    listed = httpx.get(f"{url}/traces").json()
    found = [httpx.get(f"{url}/traces/{trace['root_span_id']}").json() for trace in listed]
    return [t for t in found if str(step.error_id) in json.dumps(t)]
