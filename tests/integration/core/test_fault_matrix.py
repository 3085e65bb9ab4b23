"""Every fault at every stage: the run ends well or with a reason, and its accounts are right.

`pytest -s` shows the table.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest
from integration.core import faults
from integration.core.deployment import Deployment
from integration.core.endpoints import DROPPED, FENCED
from integration.core.faults import SETTLE, Strike, answers, screener_says
from integration.core.rows import BEYOND_MENDING, Rows
from integration.core.soundness import assert_sound

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
STAGES = ("trigger", "regenerate", SETTLE, "validate", "propose", "sweep")
FOR_GOOD = 1_000
REVIEW = "please review it"
WORSE = "```go\nreturn nonsense\n```"


@dataclass(frozen=True)
class Fault:
    """One row of the matrix.

    Attributes:
        stages: where it can be.
        times: how many invocations suffer it, one after the other.
        raises: what they raise; nothing where the function copes with it.
        ends: the error's status at the end.
        says: a phrase of its reason.
        asked: questions that arrive at Gemini, where a stage makes it another number than one.
    """

    name: str
    strike: Strike
    stages: tuple[str, ...]
    times: int = 1
    raises: str | None = None
    ends: str = "proposed"
    says: str = REVIEW
    asked: Mapping[str, int] = field(default_factory=dict)


def of_gemini(name: str, strike: Strike, asked: int = 2, **rest: Any) -> Fault:
    return Fault(name, strike, ("regenerate",), asked={"regenerate": asked}, **rest)


def refused(status: int) -> Fault:
    strike = answers({"status": status})
    says = f"refuses to be called ({status}"
    return of_gemini(f"Gemini {status}", strike, asked=1, ends="stopped", says=says)


def unwell(name: str, strike: Strike, raises: str, **rest: Any) -> Fault:
    return of_gemini(f"Gemini {name}", strike, raises=raises, **rest)


def of_postgres(name: str, strike: Strike, raises: str | None = None, times: int = 1) -> Fault:
    """An answer that cannot be stored is lost, and asked for again."""
    asked = {SETTLE: 1 + times} if raises else {}
    return Fault(f"Postgres: {name}", strike, STAGES, times, raises, asked=asked)


def of_screener(name: str, strike: Strike, stage: str) -> Fault:
    raises = "ValidatorUnavailable" if stage == "validate" else None
    return Fault(f"screener {name}", strike, (stage,), raises=raises)


SCREENER = {
    "down": screener_says(DROPPED),
    "slow": faults.screener_slow,
    "503": screener_says((503, "busy")),
    "rubbish": screener_says((200, "<html>")),
    "contradicting": screener_says(validate=(200, '{"valid": false}')),
}
DATABASE, LOST, DOWN = "DatabaseUnavailable", "AnswerLost", "GeminiUnavailable"
EMPTY: dict[str, Any] = {"empty": True}
FAULTS = [
    Fault("process killed", faults.killed, STAGES, raises="Exited", asked={SETTLE: 2}),
    of_postgres("connections ended", faults.connections_ended),
    of_postgres("commits unheard", faults.commits_unheard),
    of_postgres("unreachable twice", faults.unreachable, DATABASE, times=2),
    of_postgres("read-only", faults.read_only, DATABASE),
    of_postgres("all locked", faults.locked, DATABASE),
    *(refused(status) for status in (400, 401, 403, 404)),
    of_gemini("Gemini 429, RetryInfo", answers({"status": 429, "retry_after_seconds": 7})),
    of_gemini("Gemini 429", answers({"status": 429})),
    unwell("500", answers({"status": 500}), DOWN),
    unwell("503", answers({"status": 503}), DOWN),
    unwell("too late", answers({"text": FENCED, "delay_ms": 9_000}), LOST),
    unwell("reset", faults.connection_reset, LOST),
    unwell("cut off", answers({"drop_connection": True}), LOST),
    unwell("malformed JSON", answers({"malformed": True}), LOST),
    of_gemini("Gemini empty", answers(EMPTY)),
    of_gemini("Gemini blocks the prompt", answers({"block_reason": "SAFETY"})),
    of_gemini("Gemini SAFETY", answers(EMPTY | {"finish_reason": "SAFETY"})),
    of_gemini(
        "Gemini MAX_TOKENS",
        answers({"text": "```go\nif data.Kl", "finish_reason": "MAX_TOKENS"}),
    ),
    of_gemini("Gemini repeats the filter", answers({"text": f"```go\n{BEYOND_MENDING['filter_code_snapshot']}\n```"})),
    of_gemini("Gemini repeats itself", answers({"text": WORSE}, {"text": WORSE}), asked=3),
    *(of_screener(*one, stage) for one in SCREENER.items() for stage in ("regenerate", "validate")),
    *(
        Fault(f"Braintrust {mode}", faults.braintrust(mode), ("regenerate", "validate", "propose"))
        for mode in ("hang", "500", "refuse")
    ),
    Fault(
        "Secrets Manager throttles",
        faults.throttled("GetSecretValue"),
        ("trigger", "regenerate", "validate", "propose", "sweep"),
        raises="SettingUnavailable",
    ),
    Fault("SSM throttles", faults.throttled("GetParameter"), ("regenerate",), raises="SettingUnavailable"),
    Fault(
        "Step Functions throttles",
        faults.throttled("StartExecution"),
        ("trigger", "sweep"),
        raises="ClientError",
    ),
    # For good: the run ends with a reason.
    Fault(
        "process killed for good", faults.killed, ("regenerate",), times=FOR_GOOD, raises="Exited",
        ends="stopped", says="broke down while the model was asked", asked={"regenerate": 0},
    ),
    unwell(
        "503 for good", answers(then={"status": 503}), DOWN, times=FOR_GOOD, asked=3,
        ends="stopped", says="The model could not be reached",
    ),
    unwell(
        "reset for good", answers(then={"drop_connection": True}), LOST, times=FOR_GOOD, asked=3,
        ends="stopped", says="The model's answers did not arrive",
    ),
    of_gemini(
        "Gemini 429 for good", answers(then={"status": 429}), asked=20,
        ends="stopped", says="quota is used up",
    ),
    of_gemini(
        "Gemini empty for good", answers(then=EMPTY), asked=6,
        ends="exhausted", says="After 3 attempts the model's answers had no usable code",
    ),
    Fault(
        "screener down for good", SCREENER["down"], ("validate",), times=FOR_GOOD,
        raises="ValidatorUnavailable", ends="stopped", says="the candidate is kept unvalidated",
    ),
    Fault(
        "Postgres: unreachable for good", faults.unreachable, ("regenerate", "validate"),
        times=FOR_GOOD, raises=DATABASE, ends="stopped", says="The database could not be reached",
        asked={"regenerate": 0},
    ),
    Fault(
        "Postgres: unreachable, Stop too", faults.unreachable, ("propose",), times=6,
        raises=DATABASE,
    ),
]  # fmt: skip
CELLS = [
    pytest.param(fault, stage, id=f"{fault.name} at {stage}")
    for fault in FAULTS
    for stage in fault.stages
]


@pytest.fixture(scope="module")
def table() -> Iterator[dict[tuple[str, str], str]]:
    """What became of each cell; printed at the end."""
    cells: dict[tuple[str, str], str] = {}
    yield cells
    names = dict.fromkeys(fault.name for fault in FAULTS)
    print(f"\n{'':<32}" + "".join(f"{stage:<22}" for stage in STAGES))
    for name in names:
        print(f"{name:<32}" + "".join(f"{cells.get((name, s), ''):<22}" for s in STAGES))


def suffering(
    on: Deployment, fault: Fault, stage: str
) -> Callable[[str], AbstractContextManager[object]]:
    """Let the stage's next invocations suffer the fault."""
    left = fault.times

    def around(function: str) -> AbstractContextManager[object]:
        nonlocal left
        if function != faults.function_of(stage) or not left:
            return nullcontext()
        left -= 1
        return fault.strike(on, stage)

    return around


def run_through(on: Deployment, rows: Rows, fault: Fault, stage: str) -> Any:
    """An error from its insert to its end; before a sweep, its run dies with an answer there."""
    ref = rows.error(**BEYOND_MENDING)
    if stage == "sweep":
        on.report(ref)
        [step] = on.aws.running().values()
        on.invoke("regenerate", step)
        on.die()
    on.around = suffering(on, fault, stage)
    if stage != "sweep":
        on.report(ref)
    on.finish()
    return ref.error_id


@pytest.mark.parametrize(("fault", "stage"), CELLS)
def test_a_fault_ends_well_or_with_a_reason_and_its_accounts_are_right(
    deployment: Deployment,
    rows: Rows,
    table: dict[tuple[str, str], str],
    fault: Fault,
    stage: str,
) -> None:
    deployment.gemini.play({"text": FENCED})
    error = run_through(deployment, rows, fault, stage)
    row, calls = rows.row(error), rows.calls(error)
    outcomes = [call["outcome"] for call in calls]
    table[fault.name, stage] = f"{row['regeneration_status']}, {len(calls)} calls"
    assert_sound(rows, deployment.gemini, error)
    assert row["regeneration_status"] == fault.ends, (row["regeneration_reason"], outcomes)
    assert fault.says in row["regeneration_reason"]
    assert len(deployment.gemini.asked()) == fault.asked.get(stage, 1), outcomes
    raised = {(faults.function_of(stage), fault.raises)} if fault.raises else set()
    assert set(deployment.failures) == raised
    runs = range(1, row["regeneration_run"] + 1)
    assert list(deployment.aws.executions) == [f"{error}-{run}" for run in runs]
