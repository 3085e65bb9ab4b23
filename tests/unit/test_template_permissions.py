"""template.yaml: who may do what."""

import re

from tests.unit.cloudformation import (
    FUNCTIONS,
    NO_VALUE,
    RESOURCES,
    TEMPLATE,
    as_list,
    translated,
    variables,
    walk,
)

TRANSLATED = translated()["Resources"]


STATEMENTS = [
    statement for found in walk(TEMPLATE, "Statement") for statement in as_list(found)
]  # fmt: skip


def test_no_permission_names_its_actions_with_a_star() -> None:
    actions = [action for s in STATEMENTS for action in as_list(s["Action"])]
    assert len(actions) > 10
    assert [action for action in actions if "*" in action] == []


def test_only_the_delivery_of_logs_is_allowed_on_every_resource() -> None:
    anywhere = [s for s in STATEMENTS if "*" in as_list(s.get("Resource"))]
    actions = {action for s in anywhere for action in as_list(s["Action"])}
    assert {action.partition(":")[0] for action in actions} == {"logs"}


def test_who_may_call_a_function_s_url() -> None:
    urls = {
        name: properties["FunctionUrlConfig"]["AuthType"]
        for name, properties in FUNCTIONS.items()
        if "FunctionUrlConfig" in properties
    }
    assert urls == {
        "TriggerFunction": "NONE",  # pg_net cannot sign; the webhook token is checked inside
        "ValidateFunction": "AWS_IAM",
        "ScreenerFunction": "AWS_IAM",
    }


def test_a_caller_of_the_screener_has_both_permissions() -> None:
    policy = RESOURCES["CallScreenerPolicy"]
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert set(statement["Action"]) == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    assert statement["Resource"] == {"Fn::GetAtt": "ScreenerFunction.Arn"}
    assert policy["Condition"] == "DeploysScreener"
    choice = ["DeploysScreener", {"Ref": "CallScreenerPolicy"}, {"Ref": "AWS::NoValue"}]
    callers = {n for n, p in FUNCTIONS.items() if {"Fn::If": choice} in p.get("Policies", [])}
    assert callers == {"RegenerateFunction", "ValidateFunction"}


def test_the_screener_may_write_logs_and_nothing_else() -> None:
    assert TRANSLATED["ScreenerFunction"]["Properties"]["Role"] == {
        "Fn::GetAtt": "ScreenerRole.Arn"
    }
    role = TRANSLATED["ScreenerRole"]["Properties"]
    assert role.keys() == {"AssumeRolePolicyDocument", "Policies"}
    (policy,) = role["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == {"Fn::GetAtt": "FunctionLogs.Arn"}
    for name in ("ScreenerFunction", "ScreenerRole"):
        assert TRANSLATED[name]["Condition"] == "DeploysScreener"


def test_the_screener_has_nothing_of_ours_in_it() -> None:
    screener = TRANSLATED["ScreenerFunction"]["Properties"]
    for name in ("Environment", "Layers", "VpcConfig"):
        assert screener.get(name, NO_VALUE) == NO_VALUE


def test_executions_are_started_by_the_trigger_and_the_sweep_alone() -> None:
    starters = {
        n for n, p in FUNCTIONS.items() if {"Ref": "StartRunsPolicy"} in p.get("Policies", [])
    }
    assert starters == {"TriggerFunction", "SweepFunction"}
    document = RESOURCES["StartRunsPolicy"]["Properties"]["PolicyDocument"]
    actions = {statement["Action"] for statement in document["Statement"]}
    assert actions == {"states:StartExecution", "states:DescribeExecution"}


def test_no_variable_holds_a_secret() -> None:
    names = {name for function in FUNCTIONS for name in variables(function)}
    assert [
        n for n in names if re.search(r"KEY|TOKEN|PASSWORD|DATABASE_URL", n) and "TOKENS" not in n
    ] == []


def test_every_log_group_forgets() -> None:
    groups = [r["Properties"] for r in RESOURCES.values() if r["Type"] == "AWS::Logs::LogGroup"]
    assert groups
    assert all(group["RetentionInDays"] == {"Ref": "LogRetentionDays"} for group in groups)
