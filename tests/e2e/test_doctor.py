"""make doctor: a healthy stack is all right, and each thing that is broken on purpose is named."""

import socket
import time
from collections.abc import Iterator
from itertools import pairwise
from uuid import uuid4

import pytest
from e2e.breaking import GIVEN, PASSWORD, secret, subscribe, unsubscribe, unsubscribed, variables
from e2e.broken import BROKEN
from e2e.stack import Deployed

from local import aws
from local.folder import Folder
from local.operate import CannotOperate, doctor

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def topic(stack: Deployed) -> Iterator[str]:
    """The alarms' topic, which somebody has subscribed to."""
    queue = stack.aws("sqs").create_queue(QueueName=f"operators-{uuid4().hex}")["QueueUrl"]
    wanted = stack.aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn = wanted["Attributes"]["QueueArn"]
    subscribe(stack, arn)
    try:
        yield arn
    finally:
        unsubscribe(stack)


@pytest.fixture(autouse=True)
def operator(stack: Deployed, topic: str, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose credentials and region are those of the local AWS."""
    for name, value in (
        aws.CREDENTIALS | {"AWS_ENDPOINT_URL": stack.env["AWS_ENDPOINT_URL"]}
    ).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FILTERMEND_LOCAL", str(folder.path))


def lines(out: str, word: str) -> list[tuple[str, str]]:
    """The printed lines that begin so, each with the one below it."""
    return [(a, b) for a, b in pairwise(out.splitlines()) if a.startswith(word)]


# --- what it says ----------------------------------------------------------------------------


def test_a_healthy_stack_is_all_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.run(GIVEN) == 0
    out = capsys.readouterr().out
    assert "filtermend-local: all right" in out
    assert lines(out, "BROKEN") == lines(out, "not checked") == []
    assert len(lines(out, "ok ")) == 18


@pytest.mark.parametrize("name", BROKEN)
def test_one_broken_thing_is_named_and_no_other(
    name: str, stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    case = BROKEN[name]
    with case.how(stack):
        capsys.readouterr()
        code = doctor.run(GIVEN)
    out = capsys.readouterr().out
    [(seen, mend)] = lines(out, "BROKEN")
    assert f" {case.check} " in seen
    assert case.seen in seen
    assert case.mend in mend
    assert code == 1
    assert PASSWORD not in out
    assert stack.webhook_token() not in out


def test_when_everything_hangs_the_rest_is_still_looked_at(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"127.0.0.1:{server.getsockname()[1]}"
        url = f"http://{place}"
        settings = dict.fromkeys(("GEMINI_BASE_URL", "BRAINTRUST_API_URL", "GO_BACKEND_URL"), url)
        with (
            secret(stack, database_url=f"postgresql://u:{PASSWORD}@{place}/db"),
            variables(stack, **settings),
        ):
            began = time.monotonic()
            assert doctor.run(GIVEN) == 1
    assert time.monotonic() - began < 30
    out = capsys.readouterr().out
    named = ["database", "model", "Braintrust", "Go backend"]
    assert [line.split("  ")[3].strip() for line, _ in lines(out, "BROKEN")] == named
    assert len(lines(out, "ok ")) == 10


def test_the_local_stack_needs_nobody_to_be_told(
    stack: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    with unsubscribed(stack):
        assert doctor.run({}) == 0
    assert "nobody is told of an alarm of this machine's stack" in capsys.readouterr().out


def test_a_stack_that_there_is_not_cannot_be_examined() -> None:
    with pytest.raises(CannotOperate, match="the stack nowhere cannot be looked at"):
        doctor.run({"STACK": "nowhere"})
