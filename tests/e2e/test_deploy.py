"""docs/deploy.md, followed from an empty account to a proposed fix and back, beside another stack."""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from e2e.page import Reader, blocks
from e2e.stack import Deployed, go_block
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

from local.folder import ROOT

pytestmark = pytest.mark.e2e

STACK = "filtermend-staging"
DATABASE = "followed"
KEY = "AIza-of-the-reader-that-nobody-may-see"
SH = blocks()


@pytest.fixture(scope="module")
def database_url(stack: Deployed) -> Iterator[str]:
    """A database of its own: two stacks do not share one."""
    stack.conn.execute(f"create database {DATABASE}".encode())
    yield make_conninfo(stack.env["DATABASE_URL"], dbname=DATABASE)
    stack.conn.execute(f"drop database {DATABASE} with (force)".encode())


@pytest.fixture(scope="module")
def reader(stack: Deployed, database_url: str) -> Reader:
    return Reader.of(stack.env, database_url)


class Account:
    """What can be seen of the second stack from outside."""

    def __init__(self, stack: Deployed, database_url: str) -> None:
        self.stack, self.database_url = stack, database_url

    def rows(self, query: str) -> list[dict[str, Any]]:
        with psycopg.connect(self.database_url, autocommit=True, row_factory=dict_row) as conn:
            return conn.execute(query.encode()).fetchall()

    def wait_for_a_fix(self) -> dict[str, Any]:
        proposed = "select * from trader_execution_errors where regeneration_status = 'proposed'"
        self.stack.until(lambda: self.rows(proposed), "the proposed fix")
        [row] = self.rows(proposed)
        return row

    def taken_in(self) -> int:
        """How many lines about an error the trigger function has in its log."""
        pages = self.stack.aws("logs").get_paginator("filter_log_events")
        events = [
            json.loads(event["message"])
            for page in pages.paginate(logGroupName=f"/filtermend/{STACK}")
            for event in page["events"]
            if event["message"].startswith("{")
        ]
        return sum(e.get("service") == "trigger" and "error_id" in e for e in events)

    def resources(self, kind: str) -> dict[str, str]:
        pages = self.stack.aws("cloudformation").get_paginator("list_stack_resources")
        found = [r for p in pages.paginate(StackName=STACK) for r in p["StackResourceSummaries"]]
        return {
            r["LogicalResourceId"]: r["PhysicalResourceId"]
            for r in found
            if r["ResourceType"] == kind
        }

    def snapshots(self) -> dict[str, str]:
        """The version that each alias leads to, and no other version is there."""
        aws = self.stack.aws("lambda")
        found = {}
        for alias in self.resources("AWS::Lambda::Alias").values():
            function, _, name = alias.rpartition(":")
            version = aws.get_alias(FunctionName=function, Name=name)["FunctionVersion"]
            versions = aws.list_versions_by_function(FunctionName=function)["Versions"]
            assert [v["Version"] for v in versions] == ["$LATEST", version]
            assert versions[-1]["SnapStart"]["ApplyOn"] == "PublishedVersions"
            found[alias] = versions[-1]["FunctionArn"]
        return found

    def called(self) -> set[str]:
        """The functions that the state machine calls."""
        [machine] = self.resources("AWS::StepFunctions::StateMachine").values()
        aws = self.stack.aws("stepfunctions")
        definition = aws.describe_state_machine(stateMachineArn=machine)["definition"]
        return set(re.findall(r"arn:aws:lambda:[^\"]+", definition))

    def change(self, function: str) -> None:
        """A variable of it, by hand."""
        aws, name = self.stack.aws("lambda"), self.resources("AWS::Lambda::Function")[function]
        now = aws.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        changed = now | {"MAX_ATTEMPTS": "2"}
        aws.update_function_configuration(FunctionName=name, Environment={"Variables": changed})

    def stacks(self) -> set[str]:
        pages = self.stack.aws("cloudformation").describe_stacks()
        return {one["StackName"] for one in pages["Stacks"]}


@pytest.fixture(scope="module")
def account(stack: Deployed, database_url: str) -> Account:
    return Account(stack, database_url)


@pytest.mark.timeout(900)
def test_the_page_leads_to_a_proposed_fix_and_back(
    stack: Deployed, reader: Reader, account: Account
) -> None:
    the_first_deploy_says_what_to_type_next(reader, account)
    the_secret_and_the_migration_finish_it(reader, account)
    an_event_leads_to_a_proposed_fix(reader, account)
    a_queue_and_a_bus_of_the_reader_s_own(reader, account)
    a_failed_migration_says_what_to_do_and_no_password(reader, account)
    a_repeated_deploy_changes_nothing_and_finishes(reader, account)
    a_change_set_that_nobody_confirms_migrates_nothing(reader, account)
    each_deploy_takes_snapshots_of_its_own(reader, account)
    the_deployer_s_policy_is_filled_in_and_taken(reader)
    it_goes_as_it_came_and_the_other_stack_stays(stack, reader, account)


def the_first_deploy_says_what_to_type_next(reader: Reader, account: Account) -> None:
    config = (ROOT / "samconfig.toml").read_text()
    deploy, finish, _ = SH["Deploy for the first time"]
    done = reader.types(deploy)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "lacks database_url, gemini_api_key" in done.stderr
    typed = re.findall(r"^ +(make .*?) +#", done.stderr, re.MULTILINE)
    assert typed == finish.split("\n")[:2]
    assert STACK in account.stacks()
    assert (ROOT / "samconfig.toml").read_text() == config
    too_early = reader.types("make migrate ENV=staging")
    assert (too_early.returncode, "lacks database_url" in too_early.stderr) == (2, True)


def the_secret_and_the_migration_finish_it(reader: Reader, account: Account) -> None:
    _, finish, subscribe = SH["Deploy for the first time"]
    given = json.dumps({"database_url": account.database_url, "gemini_api_key": KEY})
    said = reader.succeeds(finish, given)
    assert "migrations; errors come as events on the bus filtermend-staging-errors" in said
    assert KEY not in said
    assert account.database_url not in said
    assert account.rows("select dispatch from filter_regeneration_settings") == [
        {"dispatch": "none"}
    ]
    assert "SubscriptionArn" in reader.succeeds(subscribe)


def an_event_leads_to_a_proposed_fix(reader: Reader, account: Account) -> None:
    insert, event, look, delete = SH["The first error"]
    reader.succeeds(insert)
    reader.succeeds(event)
    account.wait_for_a_fix()
    assert account.taken_in() > 0
    shown = reader.succeeds(look)
    assert "proposed" in shown
    assert "len(k)" in shown
    reader.succeeds(delete)
    assert account.rows("select from trader_execution_errors") == []


def a_queue_and_a_bus_of_the_reader_s_own(reader: Reader, account: Account) -> None:
    insert, event, _, delete = SH["The first error"]
    bus, queue = SH["EventBridge, SQS, a stream"]
    reader.succeeds("aws events create-event-bus --name my-bus")
    reader.succeeds(bus)
    for send in (queue, event.replace("filtermend-staging-errors", "my-bus")):
        before = account.taken_in()
        reader.succeeds(insert)
        reader.succeeds(send)
        account.wait_for_a_fix()
        assert account.taken_in() > before
        reader.succeeds(delete)


def a_repeated_deploy_changes_nothing_and_finishes(reader: Reader, account: Account) -> None:
    before = account.rows("select * from filter_regeneration_settings")
    [deploy] = SH["Every further deploy"]
    assert deploy.startswith("git pull && ")
    said = reader.succeeds(deploy.removeprefix("git pull && "))
    assert "migrations" in said
    [after] = account.rows("select * from filter_regeneration_settings")
    assert after | {"updated_at": None} == before[0] | {"updated_at": None}


def a_change_set_that_nobody_confirms_migrates_nothing(reader: Reader, account: Account) -> None:
    before = account.rows("select * from filter_regeneration_settings")
    flags = "--no-confirm-changeset --no-execute-changeset"
    left = reader.types(
        f'make deploy ENV=staging DEPLOY_FLAGS="{flags}" PARAMETERS="$PARAMETERS LogRetentionDays=14"'
    )
    assert left.returncode == 2, left.stdout + left.stderr
    assert "its change set was not confirmed" in left.stderr
    assert account.rows("select * from filter_regeneration_settings") == before


def each_deploy_takes_snapshots_of_its_own(reader: Reader, account: Account) -> None:
    [deploy] = SH["Snapshots"]
    deploy = deploy.replace('"SnapStart', '"$PARAMETERS SnapStart')
    look = f"make doctor STACK={STACK}"
    reader.succeeds(deploy)
    before = account.snapshots()
    assert account.called() == before.keys()
    an_event_leads_to_a_proposed_fix(reader, account)
    assert "of the last deploy" in reader.types(look).stdout
    account.change("RegenerateFunction")
    assert "of a former deploy: regenerate\n" in reader.types(look).stdout
    reader.succeeds(deploy)
    assert "of the last deploy" in reader.types(look).stdout
    after = account.snapshots()
    assert [version for version in after.values() if version in before.values()] == []
    an_event_leads_to_a_proposed_fix(reader, account)
    reader.succeeds(deploy.replace("SnapStart=on", "SnapStart=off"))
    assert account.snapshots() == {}
    an_event_leads_to_a_proposed_fix(reader, account)


def the_deployer_s_policy_is_filled_in_and_taken(reader: Reader) -> None:
    [policy] = SH["What a deployer may do"]
    [role] = SH["Deploy from GitHub"]
    try:
        reader.succeeds(role)
        reader.succeeds(policy)
        filled = (ROOT / "deployer-policy.filled.json").read_text()
    finally:
        (ROOT / "deployer-policy.filled.json").unlink(missing_ok=True)
    assert "arn:aws:lambda:us-east-1:000000000000:function:filtermend-staging*" in filled
    assert re.findall("ACCOUNT|REGION|STACK", filled) == []


def a_failed_migration_says_what_to_do_and_no_password(reader: Reader, account: Account) -> None:
    password = "a-password-that-nobody-may-see"
    nowhere = f"postgresql://filtermend:{password}@127.0.0.1:9/nowhere"
    reader.succeeds("make secret ENV=staging", json.dumps({"database_url": nowhere}))
    failed = reader.types("make migrate ENV=staging")
    assert failed.returncode == 2
    assert "the migration failed" in failed.stderr
    assert f"/filtermend/{STACK}" in failed.stderr
    assert password not in failed.stdout + failed.stderr
    shown = reader.at_a_terminal("make secret ENV=staging", {"database_url": account.database_url})
    assert "the secret has database_url anew" in shown
    assert account.database_url not in shown


def it_goes_as_it_came_and_the_other_stack_stays(
    stack: Deployed, reader: Reader, account: Account
) -> None:
    delete, database = SH["Uninstall"]
    reader.succeeds("make stop STACK=filtermend-staging")
    reader.succeeds(delete)
    assert account.stacks() >= {"filtermend-local"}
    assert STACK not in account.stacks()
    reader.succeeds(database)
    columns = "select from information_schema.columns where column_name = 'regeneration_status'"
    assert account.rows(columns) == []
    stack.answers("besideanother", go_block("return len(data.Klines) > 0"))
    assert stack.wait(stack.insert("besideanother"))["regeneration_status"] == "proposed"
