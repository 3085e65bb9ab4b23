"""The emulator alone: the same executions with functions that do nothing but wait as Gemini does."""

import io
import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

from e2e.stack import Deployed
from integration.core.machine import DEFINITION

from load.errors import ANSWER_MS
from load.moments import Spread
from load.stack import WIDTH

FUNCTIONS = ("Regenerate", "Validate", "Propose")
ROLE = "arn:aws:iam::000000000000:role/nothing"
POLL_SECONDS = 0.2
PATIENCE_SECONDS = 300.0
_CODE = f"""
import time

ENDS = {{"success": True, "error_id": "", "regeneration_count": 1, "code_validated": True, "status": "", "reason": ""}}


def handler(event, context):
    began = event.get("began") or time.time()
    outcome = {{None: "candidate", "candidate": "validated", "validated": "ended"}}[event.get("outcome")]
    if outcome == "candidate":
        time.sleep({ANSWER_MS / 1000})
    return event | ENDS | {{"outcome": outcome, "began": began, "status": str(began)}}
"""


@dataclass(frozen=True)
class Floor:
    """What the emulator needs by itself, in seconds from an execution's start."""

    function: Spread
    """To the beginning of its first function."""
    end: Spread
    """To its end."""


class FloorMissing(Exception):
    """The emulator did not end its own executions in time."""


def deploy(deployed: Deployed) -> str:
    """Three functions that do nothing, and a state machine of the real definition; its ARN."""
    functions = deployed.aws("lambda")
    definition = json.dumps(DEFINITION)
    for name in FUNCTIONS:
        created = functions.create_function(
            FunctionName=f"nothing-{name}",
            Runtime="python3.13",
            Role=ROLE,
            Handler="app.handler",
            Code={"ZipFile": _zipped()},
        )
        functions.put_function_concurrency(
            FunctionName=f"nothing-{name}", ReservedConcurrentExecutions=WIDTH
        )
        definition = definition.replace(f"${{{name}FunctionArn}}", created["FunctionArn"])
    machine = deployed.aws("stepfunctions").create_state_machine(
        name="nothing", definition=definition, roleArn=ROLE
    )
    return str(machine["stateMachineArn"])


def measure(deployed: Deployed, machine: str, count: int) -> Floor:
    """Start so many executions at once and see them to their end.

    Raises:
        FloorMissing: they did not end.
    """
    states = deployed.aws("stepfunctions")
    prefix = uuid4().hex

    def start(number: int) -> str:
        arn: str = states.start_execution(
            stateMachineArn=machine, name=f"{prefix}-{number}", input="{}"
        )["executionArn"]
        return arn

    with ThreadPoolExecutor(8) as pool:
        arns = list(pool.map(start, range(count)))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]:
        if time.monotonic() > deadline:
            raise FloorMissing(f"the emulator did nothing for {PATIENCE_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)
    ended = [states.describe_execution(executionArn=arn) for arn in arns]
    began = [float(json.loads(e["output"])["status"]) for e in ended]
    starts = [e["startDate"].timestamp() for e in ended]
    return Floor(
        Spread.of([at - start for at, start in zip(began, starts, strict=True)]),
        Spread.of([(e["stopDate"] - e["startDate"]).total_seconds() for e in ended]),
    )


def _zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", _CODE)
    return packed.getvalue()
