"""template.yaml: two stacks in one account share no name and reach for nothing of each other."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.template import translated
from tests.unit.cloudformation import TEMPLATE, as_list, walk
from tests.unit.resolution import references

TRANSLATED: dict[str, dict[str, Any]] = translated()["Resources"]
NO_NAME_OF_ITS_OWN = {"MetricName", "PolicyName"}
"""A metric's is told apart by its dimensions, an inline policy's by its role."""
NAMES_OF_ANOTHER = {"AWS::Lambda::Alias"}
"""An alias has its function's name before its own."""
ACCOUNT_WIDE = {
    "AWS::ApiGateway::Account",
    "AWS::Logs::AccountPolicy",
    "AWS::Logs::QueryDefinition",
    "AWS::Logs::ResourcePolicy",
    "AWS::XRay::Group",
    "AWS::XRay::ResourcePolicy",
    "AWS::XRay::SamplingRule",
}
"""Of which an account has one, or few, or which look at every stack's."""


def names() -> dict[str, Any]:
    """Each name that is chosen by us or by SAM, by the resource and property that has it."""
    return {
        f"{resource}.{key}": value
        for resource, body in TRANSLATED.items()
        for key, value in body.get("Properties", {}).items()
        if key.endswith("Name") and key not in NO_NAME_OF_ITS_OWN
        if not set(references(value)) & TRANSLATED.keys()
        if body["Type"] not in NAMES_OF_ANOTHER
    }


def test_these_are_all_the_names() -> None:
    kinds = sorted(f"{TRANSLATED[n.partition('.')[0]]['Type']}" for n in names())
    assert kinds == [
        "AWS::CloudWatch::Dashboard",
        "AWS::Events::EventBus",
        *["AWS::Lambda::LayerVersion"] * 2,
        *["AWS::Logs::LogGroup"] * 2,
        *["AWS::SSM::Parameter"] * 2,
    ]


@pytest.mark.parametrize("name", names())
def test_a_name_has_the_stack_s_in_it(name: str) -> None:
    assert "AWS::StackName" in set(references(names()[name]))


def test_a_dashboard_s_name_has_the_region_in_it() -> None:
    """It is the account's, not the region's."""
    name = TRANSLATED["Dashboard"]["Properties"]["DashboardName"]
    assert {"AWS::StackName", "AWS::Region"} <= set(references(name))


def test_no_output_is_exported() -> None:
    assert not [n for n, output in TEMPLATE["Outputs"].items() if "Export" in output]


def test_nothing_is_the_whole_account_s() -> None:
    assert not {r["Type"] for r in TRANSLATED.values()} & ACCOUNT_WIDE


def test_the_workflow_s_log_needs_no_resource_policy_of_the_account() -> None:
    """Step Functions adds to one for each log group whose name does not begin like this."""
    name = TRANSLATED["WorkflowLogs"]["Properties"]["LogGroupName"]
    assert name["Fn::Sub"].startswith("/aws/vendedlogs/")


def test_a_rule_sees_the_events_of_its_own_stack_alone() -> None:
    rules = {n: r["Properties"] for n, r in TRANSLATED.items() if r["Type"] == "AWS::Events::Rule"}
    patterns = {n: rule for n, rule in rules.items() if "EventPattern" in rule}
    assert len(patterns) == 2
    for rule in patterns.values():
        on_its_bus = rule.get("EventBusName") == {"Ref": "EventBus"}
        assert on_its_bus or "Regeneration" in set(references(rule["EventPattern"]))


def allowed() -> Iterator[Any]:
    """The resources of each statement of our policies that allows something."""
    for resource in TRANSLATED.values():
        if resource["Type"].startswith("AWS::IAM::"):
            for statements in walk(resource, "Statement"):
                for statement in as_list(statements):
                    if statement["Effect"] == "Allow" and "Resource" in statement:
                        yield from as_list(statement["Resource"])


def test_what_is_allowed_is_the_stack_s_own_or_was_given_to_it() -> None:
    log_delivery = "*"  # takes no narrower one
    found = [resource for resource in allowed() if resource != log_delivery]
    assert len(found) > 15
    for resource in found:
        own = set(references(resource)) & (TRANSLATED.keys() | {"AWS::StackName"})
        assert own or set(references(resource)) == {"ErrorStreamArn"}, resource
