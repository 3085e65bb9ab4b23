"""template.yaml: what stays when the stack is deleted, and what a replacement leaves."""

import re
from typing import Any

from cfnlint.data import AdditionalSpecs
from cfnlint.helpers import load_resource

from local.folder import ROOT
from local.template import translated
from tests.unit.cloudformation import RESOURCES as WRITTEN
from tests.unit.cloudformation import as_list
from tests.unit.resolution import references

RESOURCES: dict[str, dict[str, Any]] = translated()["Resources"]
PAGE = (ROOT / "docs/operations.md").read_text("utf-8")
STAY = {"Secret"}
GO = {
    *("Key", "FunctionLogs", "WorkflowLogs", "ErrorQueue", "DeadLetterQueue"),
    *("StopParameter", "PricesParameter"),
}
VERSION = "AWS::Lambda::Version"
"""A snapshot of what is deployed: see the combinations."""


def test_a_deletion_leaves_the_secret_and_a_replacement_everything() -> None:
    found = {n: (r.get("DeletionPolicy"), r.get("UpdateReplacePolicy")) for n, r in WRITTEN.items()}
    decided = {
        name: policies
        for name, policies in found.items()
        if any(policies) and WRITTEN[name]["Type"] != VERSION
    }
    stays = dict.fromkeys(STAY, ("RetainExceptOnCreate", "Retain"))
    goes = dict.fromkeys(GO, ("Delete", "Retain"))
    assert decided == stays | goes


def test_it_is_decided_for_everything_that_keeps_something() -> None:
    """As the linter counts it, which leaves out parameters."""
    keeps = load_resource(AdditionalSpecs, "StatefulResources.json")["ResourceTypes"]
    stateful = {name for name, resource in RESOURCES.items() if resource["Type"] in keeps}
    assert stateful == (STAY | GO) - {"StopParameter", "PricesParameter"}


def test_what_stays_is_in_no_later_deployment_s_way() -> None:
    for name in STAY:
        assert "Name" not in RESOURCES[name]["Properties"]


def test_what_stays_needs_no_key_that_goes() -> None:
    for name in STAY:
        assert "Key" not in set(references(RESOURCES[name]))


def test_no_function_s_last_line_brings_its_log_group_back() -> None:
    """Its lines come seconds later, and Lambda creates the group where the role lets it."""
    roles = [r for n, r in RESOURCES.items() if r["Type"] == "AWS::IAM::Role"]
    writers = [r for r in roles if "lambda.amazonaws.com" in str(r)]
    assert len(writers) > 5
    for role in writers:
        attached = role["Properties"].get("ManagedPolicyArns", [])
        own = [s for p in role["Properties"].get("Policies", []) for s in _statements(p)]
        assert {"Ref": "GuardrailPolicy"} in attached or not attached
        assert not [s for s in own if "logs:CreateLogGroup" in as_list(s["Action"])]


def _statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    return as_list(policy["PolicyDocument"]["Statement"])


def test_the_page_says_so() -> None:
    section = PAGE.partition("## What stays when the stack is deleted")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| [^|]*\(([^|]*)\) \| (stays|gone)", section, re.MULTILINE)
    said = {name: verb for names, verb in rows for name in re.findall(r"`(\w+)`", names)}
    assert said == dict.fromkeys(STAY, "stays") | dict.fromkeys(GO, "gone")
    assert str(RESOURCES["Key"]["Properties"]["PendingWindowInDays"]) in section
