"""What a start leaves behind for a snapshot: everything loaded, nothing opened, nothing shared."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from filtermend import start
from local.folder import ROOT

SNAPSHOTS = ("regenerate", "validate", "propose")
TRACING = "filtermend.bounded_braintrust"
STARTED = """
import json, os, random, sys, threading
random.seed(7)  # as in every copy of one snapshot
connected = []
sys.addaudithook(lambda event, args: event == "socket.connect" and connected.append(str(args)))
import app
from snapshot_restore_py import get_after_restore
before = random.getstate()
numbers = []
for copy in range(2):
    random.setstate(before)
    for hook, args, kwargs in get_after_restore():
        hook(*args, **kwargs)
    numbers.append(random.random())
print(json.dumps({
    "connected": connected,
    "database": app.database._connection,
    "threads": threading.active_count(),
    "made": {
        f"{name}.{item.__name__}": item.cache_info().currsize
        for name, module in list(sys.modules.items())
        if name == "app" or name.startswith("filtermend.")
        for item in vars(module).values()
        if hasattr(item, "cache_info")
    },
    "modules": list(sys.modules),
    "bounded": {name: value for name, value in os.environ.items() if "BRAINTRUST" in name},
    "numbers": numbers,
    "hooks": len(get_after_restore()),
}))
"""


def started(function: str, kind: str) -> dict[str, Any]:
    layer = ROOT / "layers/filtermend"
    env = {"PYTHONPATH": f"{ROOT / 'src' / function}:{layer}", "POWERTOOLS_SERVICE_NAME": function}
    ran = subprocess.run(
        [sys.executable, "-c", STARTED],
        env=env | {"PATH": os.environ["PATH"], start.ON_LAMBDA: kind},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("function", SNAPSHOTS)
def test_a_snapshot_has_everything_loaded_and_nothing_open(function: str) -> None:
    found = started(function, start.SNAPSHOT)
    assert found["connected"] == []
    assert found["database"] is None
    assert found["threads"] == 1
    assert "filtermend.aws.made" in found["made"], (
        "and every other function that keeps what it makes"
    )
    assert set(found["made"].values()) == {0}
    assert {*start.AWS, TRACING, "braintrust"} <= set(found["modules"])
    assert found["bounded"]["BRAINTRUST_NUM_RETRIES"] == "0"


@pytest.mark.parametrize("function", SNAPSHOTS)
def test_copies_of_a_snapshot_draw_numbers_of_their_own(function: str) -> None:
    first, second = started(function, start.SNAPSHOT)["numbers"]
    assert first != second


def test_a_start_without_a_snapshot_leaves_tracing_to_the_first_span() -> None:
    found = started("regenerate", "on-demand")
    assert set(start.AWS) <= set(found["modules"])
    assert "braintrust" not in found["modules"]
    assert found["hooks"] == 0
