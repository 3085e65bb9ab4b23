"""Two stacks in one account and region: nothing of one touches the other."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from e2e.conftest import WAIT_SCALE
from e2e.stack import Deployed, Failed, go_block
from psycopg.conninfo import make_conninfo

from filtermend.controls import STOP_MAX_AGE_SECONDS
from local import aws
from local.dashboard import emf
from local.dashboard.logs import read
from local.dashboard.series import Metric
from local.operate import controls
from local.stack import Options, configure, parameters

pytestmark = pytest.mark.e2e
NAME = "filtermend-second"
SWEEP_SECONDS = 3
GOOD = go_block("return len(data.Klines) > 0")


@pytest.fixture(scope="module")
def second(stack: Deployed) -> Iterator[Deployed]:
    """Beside the first: a database of its own in the same server, no stream, events by its bus."""
    stack.conn.execute("drop database if exists second with (force)")
    stack.conn.execute("create database second")
    database = make_conninfo(stack.env["DATABASE_URL"], dbname="second")
    env = {**stack.env, "DATABASE_URL": database, "ERROR_STREAM_ARN": ""}
    deploy(env)
    with closing(Deployed(env, NAME)) as deployed:
        yield deployed
    delete(stack)
    stack.conn.execute("drop database second with (force)")


def deploy(env: dict[str, str]) -> None:
    """Deploy the second stack with these variables, which then have its outputs too."""
    given = parameters(env, Options("scripted", WAIT_SCALE))
    outputs = aws.deploy(env["AWS_ENDPOINT_URL"], given, NAME)
    configure(env, outputs, {"method": "none"})


def delete(stack: Deployed) -> None:
    """Delete the second stack.

    Its sweep does not come in between: a function's last line would bring the log group back in the
    local AWS, which knows no permissions.
    """
    events = stack.aws("events")
    for rule in events.list_rules(NamePrefix=NAME)["Rules"]:
        events.disable_rule(Name=rule["Name"])
    time.sleep(SWEEP_SECONDS)
    cloudformation = stack.aws("cloudformation")
    cloudformation.delete_stack(StackName=NAME)
    done = cloudformation.get_waiter("stack_delete_complete")
    done.wait(StackName=NAME, WaiterConfig={"Delay": 1})


@pytest.fixture
def operator(second: Deployed, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whose credentials are the account's; the second stack is let go in the end."""
    for name in (*aws.CREDENTIALS, "AWS_ENDPOINT_URL"):
        monkeypatch.setenv(name, second.env[name])
    yield
    controls.go({"STACK": NAME})


def report(to: Deployed, detail: dict[str, str]) -> None:
    """Put an event on a stack's bus."""
    event = {"Source": "trader.screener", "DetailType": "FilterExecutionFailed"}
    bus = {"EventBusName": to.env["EVENT_BUS_NAME"], "Detail": json.dumps(detail)}
    assert to.aws("events").put_events(Entries=[event | bus])["FailedEntryCount"] == 0


def fail(in_: Deployed, marker: str, **columns: Any) -> Failed:
    """An error that the model can mend, of which the stack's bus is told."""
    in_.answers(marker, GOOD)
    failed = in_.insert(marker, **columns)
    report(in_, failed.ref)
    return failed


def known(to: Deployed, failed: Failed) -> list[Any]:
    """What a stack has of an error: row, ledger, executions and log lines."""
    row = to.conn.execute(
        "select id from trader_execution_errors where id = %s", (failed.error_id,)
    ).fetchall()
    return [*row, *to.calls(failed), *to.executions(failed), *to.logged(failed.error_id)]


def waiting(stack: Deployed) -> int:
    """How many dead letters a stack has."""
    found = stack.aws("sqs").get_queue_attributes(
        QueueUrl=stack.env["DEAD_LETTER_QUEUE_URL"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


@pytest.mark.usefixtures("operator")
def test_a_stop_of_one_does_not_hold_the_other(stack: Deployed, second: Deployed) -> None:
    controls.stop({"STACK": NAME})
    time.sleep(STOP_MAX_AGE_SECONDS)
    held, free = fail(second, "of_the_second."), fail(stack, "of_the_first.")
    assert stack.wait(free)["regeneration_status"] == "proposed"
    second.until(lambda: second.executions(held), "the execution")
    time.sleep(1)
    assert second.error(held)["regeneration_status"] == "running"
    assert second.calls(held) == []
    assert second.questions("of_the_second.") == []
    controls.go({"STACK": NAME})
    assert second.wait(held)["regeneration_status"] == "proposed"
    assert known(stack, free)
    assert known(second, held)
    assert known(stack, held) == known(second, free) == []


def measured(in_: Deployed) -> set[Metric]:
    """The metrics that a stack's functions have written into its log; there are some by now."""
    lines = read(in_.env["AWS_ENDPOINT_URL"], in_.log_group, 0)
    return {sample.metric for sample in emf.samples(lines)}


def test_each_stack_s_metrics_are_its_own(stack: Deployed, second: Deployed) -> None:
    for each, name in ((stack, aws.STACK), (second, NAME)):
        assert each.wait(fail(each, f"in_{name}."))["regeneration_status"] == "proposed"
        assert {dict(metric.dimensions)["stack"] for metric in measured(each)} == {name}
    assert not measured(stack) & measured(second)


def test_a_budget_alert_goes_to_the_operators_of_its_stack(
    stack: Deployed, second: Deployed
) -> None:
    told = {name: subscribe(of) for name, of in {"first": stack, "second": second}.items()}
    user = uuid4()
    second.conn.execute("insert into filter_regeneration_limits values (%s, 0)", (user,))
    failed = fail(second, "over_budget.", user_id=user)
    assert second.wait(failed)["regeneration_status"] == "over_budget"
    for each in (stack, second):
        aws.invoke(each.env["AWS_ENDPOINT_URL"], each.env["SWEEP_FUNCTION_NAME"], {})
    messages = {
        name: str(second.aws("sqs").receive_message(QueueUrl=q)) for name, q in told.items()
    }
    assert str(user) in messages["second"]
    assert str(user) not in messages["first"]


def subscribe(of: Deployed) -> str:
    """A queue that gets what the stack's alarm topic gets."""
    queue = of.aws("sqs").create_queue(QueueName=uuid4().hex)["QueueUrl"]
    found = of.aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn = found["Attributes"]["QueueArn"]
    topic = of.env["ALARM_TOPIC_ARN"]
    of.aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return str(queue)


def test_a_dead_letter_is_in_the_queue_of_its_stack(stack: Deployed, second: Deployed) -> None:
    before = waiting(stack), waiting(second)
    functions, name = second.aws("lambda"), second.env["TRIGGER_FUNCTION_NAME"]
    functions.invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")
    second.until(lambda: waiting(second) > before[1], "the dead letter")
    assert waiting(stack) == before[0]


def test_a_deletion_leaves_the_other_and_the_name_is_free_again(
    stack: Deployed, second: Deployed
) -> None:
    secret, group = second.webhook_token(), second.log_group
    delete(stack)
    left = fail(stack, "after_the_deletion.")
    assert stack.wait(left)["regeneration_status"] == "proposed"
    functions = stack.aws("lambda").get_paginator("list_functions").paginate()
    names = [f["FunctionName"] for page in functions for f in page["Functions"]]
    assert [name for name in names if name.startswith(aws.STACK)]
    assert [name for name in names if name.startswith(NAME)] == []
    groups = stack.aws("logs").describe_log_groups()["logGroups"]
    assert group not in {each["logGroupName"] for each in groups}
    assert second.webhook_token() == secret
    deploy(second.env)
    again = fail(second, "after_the_deployment.")
    assert second.wait(again)["regeneration_status"] == "proposed"
    assert second.webhook_token() != secret
