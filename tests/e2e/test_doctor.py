"""make doctor: a healthy stack is all right, and each thing that is broken on purpose is named."""

import json
import os
import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from unittest import mock
from uuid import uuid4

import httpx
import pytest
from e2e.stack import Deployed
from evals import lambdas
from integration.core.endpoints import plain_backend
from integration.core.invocations import Context
from psycopg.conninfo import make_conninfo

from filtermend import aws as core
from filtermend.checkup.finding import Checkup, Finding
from filtermend.prompt import SLUG, bundled_template
from local import aws
from local.folder import Folder
from local.operate import CannotOperate, controls, doctor

pytestmark = pytest.mark.e2e

GIVEN = {"STACK": aws.STACK}
"""Named, the local stack is one like any other: somebody has to be told of its alarms."""
PASSWORD = "hunter2-hunter2"


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


# --- breaking things -------------------------------------------------------------------------


def subscribe(stack: Deployed, queue: str) -> None:
    topic = stack.env["ALARM_TOPIC_ARN"]
    stack.aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)


def unsubscribe(stack: Deployed) -> str:
    sns, topic = stack.aws("sns"), stack.env["ALARM_TOPIC_ARN"]
    [found] = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    sns.unsubscribe(SubscriptionArn=found["SubscriptionArn"])
    return str(found["Endpoint"])


@contextmanager
def unsubscribed(stack: Deployed) -> Generator[None]:
    queue = unsubscribe(stack)
    try:
        yield
    finally:
        subscribe(stack, queue)


@contextmanager
def secret(stack: Deployed, **values: str) -> Generator[None]:
    """Other values in the secret."""
    manager, name = stack.aws("secretsmanager"), stack.env["SECRET_ID"]
    former = manager.get_secret_value(SecretId=name)["SecretString"]
    manager.put_secret_value(SecretId=name, SecretString=json.dumps(json.loads(former) | values))
    try:
        yield
    finally:
        manager.put_secret_value(SecretId=name, SecretString=former)


@contextmanager
def variables(stack: Deployed, **values: str) -> Generator[None]:
    """Other settings of the functions: the doctor's code runs here with them, not in a new Lambda."""
    function = stack.aws("lambda").get_function_configuration(
        FunctionName=stack.env["DOCTOR_FUNCTION_NAME"]
    )
    settings = function["Environment"]["Variables"] | values
    handler = lambdas.load("doctor").handler

    def here(_: object) -> list[Finding]:
        return Checkup.model_validate(handler({}, Context())).findings

    forget_clients()
    try:
        with (
            mock.patch.dict(os.environ, settings),
            mock.patch.object(doctor, "from_inside", here),
        ):
            yield
    finally:
        forget_clients()


def forget_clients() -> None:
    """Those of another test speak to its own AWS."""
    core.secrets.cache_clear()
    core.ssm.cache_clear()


@contextmanager
def wrong_password(stack: Deployed) -> Generator[None]:
    """The server asks one login for a password, and the secret has another one."""
    [row] = stack.conn.execute("select current_setting('hba_file') as file")
    rules = Path(row["file"])
    former = rules.read_text()
    rules.write_text(f"local all stranger scram-sha-256\n{former}")
    stack.conn.execute("create role stranger login password 'right'")
    stack.conn.execute("select pg_reload_conf()")
    url = make_conninfo(stack.env["DATABASE_URL"], user="stranger", password=PASSWORD)
    try:
        with secret(stack, database_url=url):
            yield
    finally:
        rules.write_text(former)
        stack.conn.execute("drop role stranger")
        stack.conn.execute("select pg_reload_conf()")


@contextmanager
def sql(stack: Deployed, breaks: str, mends: str = "") -> Generator[None]:
    """A statement before and one after; without a second one the migrations mend it."""
    stack.conn.execute(breaks.encode())
    try:
        yield
    finally:
        if mends:
            stack.conn.execute(mends.encode())
        else:
            aws.invoke(stack.env["AWS_ENDPOINT_URL"], stack.env["MIGRATE_FUNCTION_NAME"], {})


@contextmanager
def gemini_takes(stack: Deployed, **access: list[str]) -> Generator[None]:
    url = f"{stack.env['GEMINI_BASE_URL']}/_control/access"
    httpx.put(url, json=access).raise_for_status()
    try:
        yield
    finally:
        httpx.put(url, json={}).raise_for_status()


@contextmanager
def unknown_model(stack: Deployed) -> Generator[None]:
    with (
        gemini_takes(stack, models=["scripted"]),
        variables(stack, GEMINI_MODEL="gemini-3.5-flash"),
    ):
        yield


@contextmanager
def silent_gemini(stack: Deployed) -> Generator[None]:
    """It takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with variables(stack, GEMINI_BASE_URL=url):
            yield


@contextmanager
def braintrust_refuses(stack: Deployed) -> Generator[None]:
    url = f"{stack.env['BRAINTRUST_API_URL']}/_control/fault"
    httpx.put(url, json={"mode": "401"}).raise_for_status()
    try:
        yield
    finally:
        httpx.put(url, json={"mode": "ok"}).raise_for_status()


@contextmanager
def prompt_without_the_code(stack: Deployed) -> Generator[None]:
    """In a project of its own, since what is put there stays."""
    shipped = bundled_template()
    texts = (shipped.system, shipped.user.replace("{{{failed_code}}}", ""), shipped.feedback)
    body = {
        "project_name": "doctor",
        "slug": SLUG,
        "name": SLUG,
        "prompt_data": {
            "prompt": {"type": "chat", "messages": [{"role": "user", "content": t} for t in texts]}
        },
    }
    httpx.put(f"{stack.env['BRAINTRUST_API_URL']}/_control/prompt", json=body).raise_for_status()
    with variables(stack, BRAINTRUST_PROJECT="doctor"):
        yield


@contextmanager
def backend_that_says(stack: Deployed, status: int) -> Generator[None]:
    """To every code the same."""
    with plain_backend() as backend:
        backend.answer = lambda _: (status, "")  # type: ignore[method-assign]
        with variables(stack, GO_BACKEND_URL=backend.url):
            yield


@contextmanager
def disabled_rule(stack: Deployed, logical: str) -> Generator[None]:
    found = stack.aws("cloudformation").describe_stack_resource(
        StackName=aws.STACK, LogicalResourceId=logical
    )
    name = found["StackResourceDetail"]["PhysicalResourceId"].rpartition("|")[2]
    stack.aws("events").disable_rule(Name=name)
    try:
        yield
    finally:
        stack.aws("events").enable_rule(Name=name)


@contextmanager
def disabled_queue(stack: Deployed) -> Generator[None]:
    functions = stack.aws("lambda")
    mappings = functions.list_event_source_mappings(FunctionName=stack.env["TRIGGER_FUNCTION_NAME"])
    [queue] = [m for m in mappings["EventSourceMappings"] if ":sqs:" in m["EventSourceArn"]]
    functions.update_event_source_mapping(UUID=queue["UUID"], Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=queue["UUID"], Enabled=True)


@contextmanager
def dead_letter(stack: Deployed) -> Generator[None]:
    url = stack.env["DEAD_LETTER_QUEUE_URL"]
    stack.aws("sqs").send_message(QueueUrl=url, MessageBody="undecodable")
    try:
        yield
    finally:
        stack.aws("sqs").purge_queue(QueueUrl=url)


@contextmanager
def stopped(stack: Deployed) -> Generator[None]:
    controls.stop(GIVEN)
    try:
        yield
    finally:
        controls.go(GIVEN)


@contextmanager
def ringing(stack: Deployed) -> Generator[None]:
    cloudwatch = stack.aws("cloudwatch")
    alarms = cloudwatch.describe_alarms(AlarmNamePrefix=f"{aws.STACK}-")["MetricAlarms"]
    name = alarms[0]["AlarmName"]
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")
    try:
        yield
    finally:
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="a test")


NOWHERE = "http://127.0.0.1:1"
ERRORS = "alter table trader_execution_errors"
OTHER = "arn:aws:lambda:us-east-1:000000000000:function:another-stack"


@dataclass(frozen=True)
class Break:
    """Something broken, and what the doctor says of it."""

    how: Callable[[Deployed], AbstractContextManager[None]]
    check: str
    seen: str
    mend: str


BROKEN = {
    "the database is down": Break(
        lambda s: secret(s, database_url=f"postgresql://u:{PASSWORD}@127.0.0.1:1/db"),
        "database", "nothing listens at that address", "start the server, or mend the address",
    ),
    "the database's password is wrong": Break(
        wrong_password, "database", "user or password is wrong", "put the right ones into the secret",
    ),
    "a column was dropped": Break(
        lambda s: sql(s, f"{ERRORS} drop column execution_input"),
        "migrations", "1 missing or of another release: column trader_execution_errors.execution_input",
        "apply the migrations: aws lambda invoke --function-name filtermend-local-MigrateFunction",
    ),
    "a function is an older one": Break(
        lambda s: sql(s, "create or replace function filtermend_dispatch(errors jsonb) returns void language sql as ''"),
        "migrations", "another function filtermend_dispatch(errors jsonb)", "apply the migrations",
    ),
    "the trigger is disabled": Break(
        lambda s: sql(s, f"{ERRORS} disable trigger filtermend_errors_inserted",
                      f"{ERRORS} enable trigger filtermend_errors_inserted"),
        "database triggers", "disabled: filtermend_errors_inserted",
        f"{ERRORS} enable trigger filtermend_errors_inserted",
    ),
    "the trigger was dropped": Break(
        lambda s: sql(s, "drop trigger filtermend_errors_inserted on trader_execution_errors"),
        "database triggers", "missing: filtermend_errors_inserted", "apply the migrations",
    ),
    "errors go to another stack": Break(
        lambda s: sql(s, f"update filter_regeneration_settings set dispatch = 'aws_lambda', target = '{OTHER}'",
                      "update filter_regeneration_settings set dispatch = 'notify', target = 'filtermend_errors'"),
        "dispatch", f"errors go to {OTHER}, which is not this stack",
        '{"dispatch": {"method": "aws_lambda", "target": "arn:aws:lambda:us-east-1:000000000000:function:filtermend-local-TriggerFunction',
    ),
    "a field of the secret is empty": Break(
        lambda s: secret(s, gemini_api_key=""), "secret", "empty: gemini_api_key", "put them into the secret filtermend-local-Secret-",
    ),
    "there is no such model": Break(
        unknown_model, "model", "there is no model gemini-3.5-flash (404", "GeminiModel",
    ),
    "the key is refused": Break(
        lambda s: gemini_takes(s, keys=["another"]),
        "model", "Gemini refuses the key: 400 API_KEY_INVALID", "put a good gemini_api_key into the secret",
    ),
    "Gemini never answers": Break(
        silent_gemini, "model", "Gemini gives no answer: ReadTimeout", "slow or down",
    ),
    "no way out": Break(
        lambda s: variables(s, GEMINI_BASE_URL=NOWHERE),
        "outbound network", "127.0.0.1:1 (Connection refused)", "NAT",
    ),
    "the model has no price": Break(
        lambda s: variables(s, GEMINI_MODEL="unpriced"),
        "price", "unpriced has no price", "make prices FILE=prices.json STACK=filtermend-local",
    ),
    "the prompt lacks the code": Break(
        prompt_without_the_code, "prompt", "user lacks {{{failed_code}}}", "make prompts",
    ),
    "Braintrust refuses the key": Break(
        braintrust_refuses, "Braintrust", "the key is refused: 401", "put a good braintrust_api_key",
    ),
    "the backend takes everything": Break(
        lambda s: backend_that_says(s, 200), "Go backend", "code that cannot compile is accepted", "look at GoBackendUrl",
    ),
    "the backend wants a login": Break(
        lambda s: backend_that_says(s, 403), "Go backend", "validate-filter answered 403", "GoBackendAuth=bearer",
    ),
    "the backend is away": Break(
        lambda s: variables(s, GO_BACKEND_URL=NOWHERE), "Go backend", "no verdict: /api/validate-filter: ConnectError", "GoBackendUrl",
    ),
    "all is stopped": Break(stopped, "stop", "all automatic calls are held", "make go STACK=filtermend-local"),
    "the sweep is disabled": Break(
        lambda s: disabled_rule(s, "SweepFunctionEveryMinute"),
        "event rules", "disabled: the sweep's schedule", "aws events enable-rule --name ",
    ),
    "the queue is not read": Break(
        disabled_queue, "event sources", "not read: filtermend-local-ErrorQueue", "aws lambda update-event-source-mapping --uuid",
    ),
    "a dead letter waits": Break(dead_letter, "dead letters", "1 waiting", "aws sqs receive-message --queue-url http"),
    "nobody is subscribed": Break(
        unsubscribed, "alarm topic", "nobody is told of an alarm", "aws sns subscribe --topic-arn arn:aws:sns:",
    ),
    "an alarm rings": Break(ringing, "alarms", "ringing: filtermend-local-", "docs/operations.md"),
}  # fmt: skip


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
