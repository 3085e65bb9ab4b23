"""What the functions log: whose error it is on every line, and nothing of what is in it."""

import json
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from integration.core.deployment import FUNCTIONS, Deployment, Outside
from integration.core.endpoints import DROPPED, Gemini
from integration.core.rows import BEYOND_MENDING, Rows
from integration.core.traced import WORKFLOW, Run

from filtermend.database import Database
from filtermend.faults import StatementRefused
from filtermend.models import ErrorRef, Step
from filtermend.prompt import PARTS, bundled_template
from filtermend.telemetry import about, logger

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
MARK = "zebra"
"""In code, strategy, data, error and answers; lower case, since Go has names."""
CODE = f"{MARK}Code := mystery(1)\nreturn {MARK}Code"
WORSE = f"```go\nreturn {MARK}Worse\n```"
BETTER = f'```go\n{MARK}Better := data.Klines["5m"]\nreturn len({MARK}Better) > 20\n```'
MENDABLE = f'{MARK}Klines := data.Klines["5m"]\nreturn {MARK}Klines[len({MARK}Klines)-50].Close > 0'
SHORTEST_SENTENCE = 30


def lines_of(output: str) -> list[dict[str, Any]]:
    """The logger's lines; metrics and a process's answer are none."""
    found = (json.loads(line) for line in output.splitlines() if line.startswith("{"))
    return [line for line in found if "level" in line]


def keys(line: dict[str, Any]) -> dict[str, Any]:
    names = ("error_id", "trader_id", "execution", "trace_id")
    return {name: line.get(name) for name in names}


def marked(rows: Rows, **columns: Any) -> ErrorRef:
    """A pending error with the mark wherever a text can stand."""
    trader = rows.trader(
        name=f"{MARK}Trader",
        description=f"{MARK}Description",
        filter={"code": CODE, "requiredTimeframes": ["5m"], "indicators": [f"{MARK}Indicator"]},
        strategy={"instructions": f"Buy what {MARK} says with more than twenty candles."},
    )
    values = BEYOND_MENDING | {
        "error_message": f"1:15: undefined: mystery, says {MARK}Message",
        "stack_trace": f"goroutine 1 [running]: {MARK}Stack",
        "filter_code_snapshot": CODE,
        "execution_input": json.dumps({"symbol": f"{MARK}USDT", "klines": {}}),
    }
    return rows.error(trader, **values | columns)


def test_every_line_of_the_workflow_names_error_trader_attempt_execution_and_trace(
    rows: Rows, run: Run, gemini: Gemini, on_aws: dict[str, str]
) -> None:
    gemini.play({"status": 429}, {"text": WORSE}, {"text": BETTER})
    ref = marked(rows)
    pushed = run(("trigger",), ref.model_dump(mode="json"), **on_aws).output
    step = Step(error_id=ref.error_id, trader_id=ref.trader_id, run=1)
    [held] = run(("regenerate",), step).steps
    first = run(WORKFLOW, held)
    second = run(WORKFLOW, *first.steps)
    assert second.steps[0]["status"] == "proposed"
    expected = {
        "error_id": str(ref.error_id),
        "trader_id": str(ref.trader_id),
        "execution": f"{ref.error_id}-1",
        "trace_id": str(ref.error_id),
    }
    messages = []
    for output in (pushed, run(("regenerate",), step).output, first.output, second.output):
        for line in lines_of(output):
            messages.append(line["message"])
            assert keys(line) == expected, line
            assert output is pushed or line["attempt"] == 1, line
    assert {"execution started", "run ended"} <= set(messages)


def test_a_first_step_s_lines_name_the_attempt_that_it_begins(
    rows: Rows, run: Run, gemini: Gemini
) -> None:
    gemini.play({"status": 429})
    ran = run(("regenerate",), rows.running(**BEYOND_MENDING))
    [line] = [line for line in lines_of(ran.output) if "no answer" in line["message"]]
    assert (line["attempt"], line["turn"]) == (1, 1)


def test_the_sweep_names_each_error_and_none_once_it_is_done_with_them(
    rows: Rows, run: Run, on_aws: dict[str, str], outside: Outside
) -> None:
    steps = [rows.running(**BEYOND_MENDING) for _ in range(2)]
    for step in steps:
        rows.lease(step.error_id, -1)
        outside.aws.executions[f"{step.error_id}-1"] = "FAILED"
    late = rows.error(age_seconds=60)
    lines = lines_of(run(("sweep",), {}, **on_aws).output)
    executions = [f"{step.error_id}-2" for step in steps] + [f"{late.error_id}-1"]
    started = [line for line in lines if line["message"] == "execution started"]
    assert sorted(line["execution"] for line in started) == sorted(executions)
    about_errors = [line for line in lines if line["message"] != "swept"]
    assert len(about_errors) >= 5
    for line in about_errors:
        assert line["execution"].startswith(line["error_id"])
        assert line["trace_id"] == line["error_id"]
        [owner] = rows.run(
            "select trader_id from trader_execution_errors where id = %s", [line["error_id"]]
        )
        assert line["trader_id"] == str(owner["trader_id"])
    [swept] = [line for line in lines if line["message"] == "swept"]
    assert set(keys(swept).values()) == {None}


def test_without_tracing_no_line_names_a_trace(
    rows: Rows, run: Run, gemini: Gemini, on_aws: dict[str, str]
) -> None:
    gemini.play({"text": BETTER})
    ran = run(WORKFLOW, rows.running(**BEYOND_MENDING), key="")
    pushed = run(("trigger",), rows.error().model_dump(mode="json"), key="", **on_aws)
    lines = lines_of(ran.output) + lines_of(pushed.output)
    assert len(lines) >= 2
    assert not [line for line in lines if "trace_id" in line]


def test_a_block_within_another_gives_its_names_back(logged: Callable[[], str]) -> None:
    outer, inner = (ErrorRef(error_id=f"{n:032x}", trader_id=f"{n:032x}") for n in (1, 2))
    with about(outer.error_id, outer.trader_id, 1):
        with about(inner.error_id, inner.trader_id, 2, attempt=3):
            logger.info("in")
        logger.info("out")
    logger.info("after")
    named = [(line.get("execution"), line.get("attempt")) for line in lines_of(logged())]
    assert named == [(f"{inner.error_id}-2", 3), (f"{outer.error_id}-1", None), (None, None)]


@pytest.fixture
def invoked() -> set[str]:
    """The functions that were invoked."""
    return set()


@pytest.fixture
def failures(deployment: Deployment, invoked: set[str]) -> list[str]:
    """What Lambda's runtime writes of an invocation that raises: the exception's own text."""
    texts: list[str] = []

    @contextmanager
    def noting(name: str) -> Generator[None]:
        invoked.add(name)
        try:
            yield
        except Exception as failure:
            texts.append(str(failure))
            raise

    deployment.around = noting
    return texts


def refuses(deployment: Deployment) -> Iterator[list[dict[str, Any]]]:
    """How Gemini answers, one scenario after the other; the backend is disturbed on the way."""
    yield [{"text": BETTER}]
    yield [{"text": WORSE}, {"text": BETTER}]
    yield [{"text": WORSE}]
    yield [{"text": f"{MARK} has no code"}, {"text": BETTER}]
    yield [{"text": BETTER, "finish_reason": "MAX_TOKENS"}, {"text": BETTER}]
    yield [{"block_reason": "SAFETY"}, {"text": BETTER}]
    said = {"message": f"{MARK} in the refusal"}
    unwell = [{"status": status} | said for status in (500, 429)]
    yield [*unwell, {"malformed": True}, {"text": BETTER}]
    yield [{"status": 400} | said]
    deployment.backend.answers["/api/validate-filter"] = DROPPED
    yield [{"text": BETTER}]
    deployment.backend.answers["/api/validate-filter"] = (500, f"{MARK}Backend")
    yield [{"text": BETTER}]
    deployment.backend.answers["/api/validate-filter"] = (400, f"1:1: {MARK}Plain")
    yield [{"text": BETTER}]


def test_nothing_of_an_error_is_in_any_line_of_any_function(  # noqa: PLR0917  fixtures
    rows: Rows,
    deployment: Deployment,
    gemini: Gemini,
    logged: Callable[[], str],
    failures: list[str],
    invoked: set[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    for answers in refuses(deployment):
        gemini.play(*answers)
        deployment.report(marked(rows))
        deployment.finish()
    deployment.backend.answers.clear()
    for columns in ({"filter_code_snapshot": MENDABLE, "error_type": "panic"}, {}, {}):
        gemini.play({"text": BETTER})
        deployment.report(marked(rows, **columns))
        deployment.finish()
    deployment.sweep()
    assert invoked == set(FUNCTIONS)
    ended = {
        row["regeneration_status"] for row in rows.run("select * from trader_execution_errors")
    }
    assert {"proposed", "exhausted", "stopped"} <= ended
    changed = rows.run("select 1 from filter_regeneration_attempts where source = 'mechanical'")
    assert changed, "one is mended without the model, whose changes quote code"
    printed = capsys.readouterr()
    written = logged() + printed.out + printed.err + "\n".join(failures)
    assert len(lines_of(logged())) > 20
    assert failures
    assert [line for line in written.splitlines() if MARK in line.lower()] == []
    sentences = [s for part in PARTS for s in getattr(bundled_template(), part).splitlines()]
    long = [sentence for sentence in sentences if len(sentence) > SHORTEST_SENTENCE]
    assert len(long) > 5
    assert [sentence for sentence in long if sentence in written] == []
    owners = {str(row["user_id"]) for row in rows.run("select user_id from traders")}
    assert [owner for owner in owners if owner in written] == []


def test_a_row_that_postgres_refuses_is_not_in_the_exception(
    rows: Rows, connect: Callable[[], Database]
) -> None:
    bad = (
        "insert into filter_regeneration_attempts (error_id, user_id, run, attempt, turn, call, answer) "
        "values (gen_random_uuid(), gen_random_uuid(), 0, 1, 1, 1, %s)"
    )
    with pytest.raises(StatementRefused) as raised:
        connect().transact(lambda conn: conn.execute(bad, [MARK]))
    text = "".join(traceback.format_exception(raised.value))
    assert "CheckViolation 23514 filter_regeneration_attempts" in text
    assert MARK not in text


def test_a_traced_repair_logs_nothing_of_the_error_either(
    rows: Rows, run: Run, gemini: Gemini
) -> None:
    gemini.play({"text": WORSE}, {"text": BETTER})
    ref = marked(rows)
    rows.set(ref.error_id, regeneration_status="running", regeneration_run=1)
    step = Step(error_id=ref.error_id, trader_id=ref.trader_id, run=1)
    ran = run(WORKFLOW + WORKFLOW, step)
    assert ran.steps[0]["status"] == "proposed"
    *logs, _ = ran.output.splitlines()
    assert len(logs) > 5
    assert [line for line in logs if MARK in line.lower()] == []
