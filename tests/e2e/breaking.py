"""Breaking one part of the deployed stack for a while, to see whether it is found."""

import json
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import httpx
from e2e.stack import Deployed
from evals import lambdas
from integration.core.endpoints import plain_backend
from integration.core.invocations import Context
from psycopg.conninfo import make_conninfo

from filtermend import aws as core
from filtermend.checkup.finding import Checkup, Finding
from filtermend.prompt import SLUG, bundled_template
from local import aws
from local.operate import controls, doctor

GIVEN = {"STACK": aws.STACK}
"""Named, the local stack is one like any other: somebody has to be told of its alarms."""
PASSWORD = "hunter2-hunter2"


def subscribe(stack: Deployed, queue: str) -> None:
    topic = stack.env["ALARM_TOPIC_ARN"]
    stack.aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)


def unsubscribe(stack: Deployed) -> list[str]:
    """Nobody is told any more, other tests' queues included; who was."""
    sns, topic = stack.aws("sns"), stack.env["ALARM_TOPIC_ARN"]
    found = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    for one in found:
        sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    return [str(one["Endpoint"]) for one in found]


@contextmanager
def unsubscribed(stack: Deployed) -> Generator[None]:
    queues = unsubscribe(stack)
    try:
        yield
    finally:
        for queue in queues:
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
