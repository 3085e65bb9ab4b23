"""What must come of each event: the function's answer, and what it changed in Postgres.

Each check begins with the sample error as it is before that event: they run in any order.
"""

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from local import aws
from local.sam_local.events import Event
from local.sam_local.invoking import read_answer, serving
from local.sam_local.sample import Sample
from local.sam_local.session import Session

PATIENCE_SECONDS = 60
CALL_SECONDS = 120


class CheckFailedError(Exception):
    """An answer or a row is not what it should be; the message has what was found."""


@dataclass(frozen=True)
class Check:
    """How an event is tried.

    Attributes:
        before: puts the sample error into the state that the event is for.
        after: looks at the answer and the row.
        steps: the events that come before this one in a run.
    """

    after: Callable[[Sample, Any], None]
    before: Callable[[Sample], None] = lambda _: None
    steps: tuple[str, ...] = ()


def expect(true: object, what: str, found: object) -> None:
    """Raise where something is not as it should be.

    Raises:
        CheckFailedError: naming what was expected and what was found.
    """
    if not true:
        raise CheckFailedError(f"expected {what}, found {found}")


def repaired(sample: Sample) -> None:
    """The error's execution was started and ends with a fix that works."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while sample.row()["regeneration_status"] in ("pending", "running"):
        expect(time.monotonic() < deadline, f"an end within {PATIENCE_SECONDS} s", sample.row())
        time.sleep(0.1)
    row = sample.row()
    expect(row["auto_regeneration_triggered"], "an execution", row)
    expect(row["regeneration_status"] == "proposed", "a proposed fix", row)
    expect(row["proposed_fix_validated"], "a fix that compiles", row)


def _started(sample: Sample, answer: Any) -> None:
    """The answer names the execution, which is there."""
    result = answer.get(sample.error_id, {})
    name = f"{sample.error_id}-{result.get('run')}"
    expect(result.get("new") is True, "a new execution", answer)
    expect(result.get("execution") == name, f"execution {name}", answer)
    repaired(sample)


def _batch(sample: Sample, answer: Any) -> None:
    expect(answer == {"batchItemFailures": []}, "no failed record", answer)
    repaired(sample)


def _webhook(sample: Sample, answer: Any) -> None:
    expect(answer["statusCode"] == 202, "status 202", answer)  # noqa: PLR2004
    expect(json.loads(answer["body"])["new"] is True, "a new execution", answer)
    repaired(sample)


def _regenerated(sample: Sample, answer: Any) -> None:
    expect(answer["outcome"] == "candidate", "outcome candidate", answer)
    call = sample.call()
    expect(call["outcome"] == "candidate", "a candidate on the ledger", call)
    expect(call["source"] == "model", "an answer of the model", call)
    expect(call["output_tokens"] > 0, "tokens counted", call)


def _validated(sample: Sample, answer: Any) -> None:
    expect(answer["outcome"] == "validated", "outcome validated", answer)
    expect(sample.call()["valid"] is not None, "a verdict on the ledger", sample.call())


def _proposed(sample: Sample, answer: Any) -> None:
    expect(answer["outcome"] == "ended", "outcome ended", answer)
    row = sample.row()
    expect(row["regeneration_status"] == "proposed", "a proposed fix", row)
    expect(row["proposed_fix_code"], "the fix's code", row)


def _proxied(_: Sample, answer: Any) -> None:
    expect(answer["statusCode"] == 200, "status 200", answer)  # noqa: PLR2004
    verdict = json.loads(answer["body"])
    expect(verdict["valid"] is True, "a valid filter", verdict)


def _replayed(_: Sample, answer: Any) -> None:
    expect(answer["statusCode"] == 200, "status 200", answer)  # noqa: PLR2004
    body = answer["body"]
    text = base64.b64decode(body).decode() if answer.get("isBase64Encoded") else body
    results = json.loads(text)
    expect("matched" in text and "duration_ms" in text, "a result per market", results)


def _swept(sample: Sample, answer: Any) -> None:
    expect(answer["started"] >= 1, "an error taken up", answer)
    repaired(sample)


def _reconciled(sample: Sample, answer: Any) -> None:
    expect(answer == {}, "no answer", answer)
    repaired(sample)


def _migrated(_: Sample, answer: Any) -> None:
    applied = answer["applied"]
    expect(applied and applied == sorted(applied), "the migrations in order", answer)
    expect(applied[-1].endswith(".sql"), "names of files", answer)


def _dispatched(sample: Sample, answer: Any) -> None:
    _migrated(sample, answer)
    row = sample.settings()
    expect(row["dispatch"] == "aws_lambda", "dispatch by aws_lambda", row["dispatch"])


def _examined(_: Sample, answer: Any) -> None:
    verdicts = {finding["check"]: finding["verdict"] for finding in answer["findings"]}
    for part in ("secret", "database", "migrations", "Go backend"):
        expect(verdicts.get(part) == "ok", f"{part}: ok", answer)


def _pending(sample: Sample) -> None:
    sample.reset()


def _running(sample: Sample) -> None:
    sample.reset("running")


def _unreached(sample: Sample) -> None:
    sample.reset(reached=False)


CHECKS = {
    "trigger-direct": Check(_started, _pending),
    "trigger-direct-many": Check(_started, _pending),
    "trigger-eventbridge": Check(_started, _pending),
    "trigger-webhook": Check(_webhook, _pending),
    "trigger-sqs": Check(_batch, _pending),
    "trigger-dead-letter": Check(_batch, _pending),
    "trigger-kinesis-dms": Check(_batch, _pending),
    "trigger-kinesis-debezium": Check(_batch, _pending),
    "regenerate": Check(_regenerated, _running),
    "validate": Check(_validated, _running, ("regenerate",)),
    "validate-http": Check(_proxied),
    "propose": Check(_proposed, _running, ("regenerate", "validate")),
    "sweep": Check(_swept, _unreached),
    "sweep-execution-failed": Check(_reconciled, _running),
    "doctor": Check(_examined),
    "migrate": Check(_dispatched),
    "migrate-again": Check(_migrated),
    "screener-test-filter": Check(_replayed),
}
ANY = Check(lambda _, answer: expect(answer is not None, "an answer", answer))
"""Of an event that is not among them: the function answers and raises nothing."""


def check(session: Session, sample: Sample, event: Event, invoke: Callable[[Event], Any]) -> None:
    """Try one event; `invoke` is how a function gets it and answers.

    Raises:
        CheckFailedError: what came of it is not what should.
        FunctionFailedError: the function raised.
        StackError: it could not be invoked.
    """
    chosen = CHECKS.get(event.name, ANY)
    former = sample.settings()
    try:
        chosen.before(sample)
        for step in chosen.steps:
            invoke(session.event(step))
        chosen.after(sample, invoke(event))
    finally:
        sample.restore(former)


@contextmanager
def schedules_paused(session: Session) -> Iterator[None]:
    """The deployed sweep does not come before the one that is checked, for a while."""
    client = aws.client("events", session.stack["AWS_ENDPOINT_URL"])
    rules = [r["Name"] for r in client.list_rules()["Rules"] if r.get("ScheduleExpression")]
    for name in rules:
        client.disable_rule(Name=name)
    try:
        yield
    finally:
        for name in rules:
            client.enable_rule(Name=name)


def check_start_lambda(session: Session, sample: Sample) -> None:
    """`sam local start-lambda`: every event by the SDK, in warm containers, and one that fails."""
    with serving(session, "start-lambda") as url:
        for event in session.events:
            check(session, sample, event, lambda each: _invoke(url, each))
        client = aws.client("lambda", url)
        # SAM takes what a Python function raises for an answer: there is no FunctionError.
        failed = client.invoke(FunctionName="RegenerateFunction", Payload=b"{}")
        answer = json.loads(failed["Payload"].read())
    expect(answer.get("errorType") == "ValidationError", "what the function raised", answer)


def check_start_api(session: Session, sample: Sample) -> None:
    """`sam local start-api`: each event that is a call over HTTP, as that call."""
    with serving(session, "start-api") as url:
        for event in [each for each in session.events if each.call]:
            check(session, sample, event, lambda each: _call(url, each))
            refused = httpx.request(*_target(url, event), content="no JSON", timeout=CALL_SECONDS)
            expect(400 <= refused.status_code < 500, "a refusal", refused)  # noqa: PLR2004


def _invoke(url: str, event: Event) -> Any:
    payload = event.path.read_bytes()
    answer = aws.client("lambda", url).invoke(FunctionName=event.function, Payload=payload)
    return read_answer(answer["Payload"].read().decode())


def _call(url: str, event: Event) -> dict[str, Any]:
    """Make the event's call; the answer in the form that the function gave it."""
    given = event.content
    answer = httpx.request(
        *_target(url, event), headers=given["headers"], content=given["body"], timeout=CALL_SECONDS
    )
    return {"statusCode": answer.status_code, "body": answer.text}


def _target(url: str, event: Event) -> tuple[str, str]:
    assert event.call
    method, path = event.call
    return method, url + path
