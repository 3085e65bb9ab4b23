"""A process that is killed: the run goes on where it was, and pays for no answer twice."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from integration.core import processes
from integration.core.deployment import Deployment
from integration.core.endpoints import FENCED, eventually
from integration.core.processes import Exited
from integration.core.rows import BEYOND_MENDING, Rows
from integration.core.soundness import assert_sound

from filtermend.models import ErrorRef

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")


@dataclass(frozen=True)
class Crash:
    """Where a function's process is killed; how often Gemini is asked then, all in all.

    `never_sent` questions were marked as sent and did not go out; `ended` is True when the run had
    ended by then.
    """

    function: str
    at: str
    asked: int = 1
    never_sent: int = 0
    ended: bool = False


WITHIN_A_RUN = [
    Crash("regenerate", "after store.ledger.begin_call"),  # within the claim: nothing is committed
    Crash("regenerate", "before store.ledger.mark_sent"),  # after the claim
    Crash("regenerate", "before gemini.ask", never_sent=1),
    Crash("regenerate", "after gemini.ask", asked=2),  # the answer is lost with the process
    Crash("regenerate", "after store.ledger.settle_answer", asked=2),
    Crash("regenerate", "after asking.Asker._settle"),  # the answer is stored and not read
    Crash("regenerate", "after store.ledger.record_reading"),
    Crash("regenerate", "after regeneration.Regenerator.run"),
    Crash("validate", "before store.ledger.record_verdict"),  # after the validation
    Crash("validate", "after store.ledger.record_verdict"),
    Crash("validate", "after validation.Validation.run"),
    Crash("propose", "before store.errors.keep_fix"),
    Crash("propose", "after store.errors.keep_fix"),
    Crash("propose", "after store.errors.end_run"),
    Crash("propose", "after proposal.Proposal.run", ended=True),
]
OF_EACH_FUNCTION = list({crash.function: crash for crash in WITHIN_A_RUN}.values())
"""After what each of them did last."""
STARTING = ["after store.errors.admit", "before executions.start", "after executions.start"]
RESTARTING = ["after store.errors.next_run", "before executions.start", "after executions.start"]


class Aborted(BaseException):
    """The execution is over with its function."""


def once(block: AbstractContextManager[None], function: str) -> Callable[[str], Any]:
    """Surround the function's next invocation."""
    left = [block]
    return lambda name: left.pop() if name == function and left else nullcontext()


@contextmanager
def killed(on: Deployment, function: str, **how: Any) -> Generator[None]:
    elsewhere = partial(processes.invoke, function, **how)
    with patch.dict(on.functions, {function: elsewhere}):
        yield


@contextmanager
def aborting() -> Generator[None]:
    try:
        yield
    except Exited:
        raise Aborted from None


def assert_proposed(on: Deployment, rows: Rows, error: UUID, runs: int, asked: int = 1) -> None:
    assert rows.row(error)["regeneration_status"] == "proposed"
    assert len(on.gemini.asked()) == asked
    assert list(on.aws.executions) == [f"{error}-{run}" for run in range(1, runs + 1)]


@pytest.fixture
def ref(deployment: Deployment, rows: Rows) -> ErrorRef:
    deployment.gemini.play({"text": FENCED})
    return rows.error(**BEYOND_MENDING)


@pytest.mark.parametrize("crash", WITHIN_A_RUN, ids=lambda crash: f"{crash.function}, {crash.at}")
def test_the_next_try_of_a_step_goes_on_where_its_process_was_killed(
    deployment: Deployment, rows: Rows, ref: ErrorRef, crash: Crash
) -> None:
    death = killed(deployment, crash.function, KILL_AT=crash.at)
    deployment.around = once(death, crash.function)
    deployment.report(ref)
    deployment.finish()
    assert deployment.failures == [(crash.function, "Exited")]
    assert_proposed(deployment, rows, ref.error_id, 1, crash.asked)
    assert_sound(rows, deployment.gemini, ref.error_id, never_sent=crash.never_sent)


@pytest.mark.parametrize(
    "crash", OF_EACH_FUNCTION, ids=lambda crash: f"{crash.function}, {crash.at}"
)
def test_the_next_run_goes_on_where_an_execution_died(
    deployment: Deployment, rows: Rows, ref: ErrorRef, crash: Crash
) -> None:
    deployment.report(ref)

    @contextmanager
    def death() -> Generator[None]:
        with aborting(), killed(deployment, crash.function, KILL_AT=crash.at):
            yield

    deployment.around = once(death(), crash.function)
    with pytest.raises(Aborted):
        deployment.play()
    deployment.finish()
    assert_proposed(deployment, rows, ref.error_id, 1 if crash.ended else 2)
    assert_sound(rows, deployment.gemini, ref.error_id)


def test_a_process_that_is_killed_while_gemini_thinks_leaves_one_unknown_call(
    deployment: Deployment, rows: Rows, ref: ErrorRef
) -> None:
    gemini = deployment.gemini
    gemini.play({"text": FENCED, "delay_ms": 20_000}, {"text": FENCED})
    arrived = partial(eventually, gemini.asked, seconds=60)  # a process has to start
    deployment.around = once(killed(deployment, "regenerate", killed_when=arrived), "regenerate")
    deployment.report(ref)
    deployment.finish()
    assert_proposed(deployment, rows, ref.error_id, 1, asked=2)
    assert [call["outcome"] for call in rows.calls(ref.error_id)] == ["unknown", "candidate"]
    assert_sound(rows, gemini, ref.error_id)


@pytest.mark.parametrize(
    "point", ["after store.ledger.settle_mechanical", "after regeneration.Regenerator.run"]
)
def test_a_certain_fix_survives_too_and_nothing_is_asked(
    deployment: Deployment, rows: Rows, point: str
) -> None:
    error = rows.error().error_id
    deployment.around = once(killed(deployment, "regenerate", KILL_AT=point), "regenerate")
    deployment.time_passes(60)
    deployment.sweep()
    deployment.finish()
    assert_proposed(deployment, rows, error, 1, asked=0)
    assert [call["source"] for call in rows.calls(error)] == ["mechanical"]
    assert_sound(rows, deployment.gemini, error)


@pytest.mark.parametrize("point", STARTING)
def test_a_trigger_that_is_killed_starts_one_execution_all_the_same(
    deployment: Deployment, rows: Rows, ref: ErrorRef, point: str
) -> None:
    deployment.around = once(killed(deployment, "trigger", KILL_AT=point), "trigger")
    deployment.report(ref)
    deployment.finish()
    assert deployment.failures == [("trigger", "Exited")]
    assert_proposed(deployment, rows, ref.error_id, 1)
    assert_sound(rows, deployment.gemini, ref.error_id)
    assert rows.row(ref.error_id)["auto_regeneration_triggered"] is True


@pytest.mark.parametrize("point", RESTARTING)
def test_a_sweep_that_is_killed_restarts_the_run_once_all_the_same(
    deployment: Deployment, rows: Rows, ref: ErrorRef, point: str
) -> None:
    deployment.report(ref)
    deployment.die()
    deployment.around = once(killed(deployment, "sweep", KILL_AT=point), "sweep")
    deployment.finish()
    assert deployment.failures == [("sweep", "Exited")]
    assert_proposed(deployment, rows, ref.error_id, 2)
    assert_sound(rows, deployment.gemini, ref.error_id)
