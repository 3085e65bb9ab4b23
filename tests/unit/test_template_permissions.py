"""template.yaml: who may do what."""

import re
from itertools import chain

import pytest

from local.folder import ROOT
from local.template import translated
from tests.unit.cloudformation import (
    FUNCTIONS,
    NO_VALUE,
    RESOURCES,
    TEMPLATE,
    as_list,
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


def test_every_wildcard_has_its_reason_beside_it() -> None:
    lines = (ROOT / "template.yaml").read_text("utf-8").splitlines()
    anywhere = [line for line in lines if re.search(r"\bResource: [^#]*\*", line)]
    assert len(anywhere) > 5
    assert [line for line in anywhere if not re.search(r" # \S+ \S+", line)] == []


def test_only_what_has_no_narrower_resource_is_allowed_on_a_wildcard() -> None:
    wide = set()
    for resource in TRANSLATED.values():
        if resource["Type"].startswith("AWS::IAM::"):
            for statement in chain.from_iterable(walk(resource, "Statement")):
                if statement["Effect"] == "Allow" and "*" in str(statement.get("Resource", "")):
                    wide |= set(as_list(statement["Action"]))
    assert {action for action in wide if not action.startswith("logs:")} == {
        "states:DescribeExecution"  # the executions of our state machine
    }
    assert "logs:PutLogEvents" not in wide


ATTACHED = {  # by SAM, with the statement of the guardrail that narrows it
    "service-role/AWSLambdaBasicExecutionRole": "logs:PutLogEvents",
    "service-role/AWSLambdaVPCAccessExecutionRole": "ec2:CreateNetworkInterface",
    "service-role/AWSLambdaSQSQueueExecutionRole": "sqs:ReceiveMessage",
    "AWSXrayWriteOnlyAccess": None,  # a trace is no resource
}


@pytest.mark.parametrize("function", sorted(FUNCTIONS.keys() - {"ScreenerFunction"}))
def test_a_role_with_policies_of_aws_has_the_guardrail(function: str) -> None:
    policies = TRANSLATED[f"{function}Role"]["Properties"]["ManagedPolicyArns"]
    named = {policy.partition(":policy/")[2] for policy in policies if isinstance(policy, str)}
    assert named <= ATTACHED.keys()
    assert {"Ref": "GuardrailPolicy"} in policies


def test_the_guardrail_takes_back_what_policies_of_aws_allow_too_widely() -> None:
    statements = RESOURCES["GuardrailPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert {statement["Effect"] for statement in statements} == {"Deny"}
    logs, groups, queue, network = statements
    assert logs["NotResource"] == {"Fn::GetAtt": "FunctionLogs.Arn"}
    assert (groups["Action"], groups["Resource"]) == ("logs:CreateLogGroup", "*")
    assert queue["NotResource"] == {"Fn::GetAtt": "ErrorQueue.Arn"}
    assert network["Resource"] == "*"
    assert network["Condition"].keys() == {"ArnLike"}  # Lambda itself has no source function
    assert network["Condition"]["ArnLike"].keys() == {"lambda:SourceFunctionArn"}
    denied = {action for statement in statements for action in as_list(statement["Action"])}
    assert denied >= set(filter(None, ATTACHED.values()))


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
    assert callers == {"RegenerateFunction", "ValidateFunction", "DoctorFunction"}


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


def test_the_doctor_may_read_and_do_nothing_else() -> None:
    policies = TRANSLATED["DoctorFunctionRole"]["Properties"]["Policies"]
    allowed = {
        action
        for policy in policies
        for statement in policy.get("PolicyDocument", {}).get("Statement", [])
        for action in as_list(statement["Action"])
    }
    assert allowed == {"secretsmanager:GetSecretValue", "ssm:GetParameter"}


def test_no_variable_holds_a_secret() -> None:
    names = {name for function in FUNCTIONS for name in variables(function)}
    assert [
        n for n in names if re.search(r"KEY|TOKEN|PASSWORD|DATABASE_URL", n) and "TOKENS" not in n
    ] == []
