"""template.yaml with each combination of its optional parts.

What CloudFormation would get is resolved for each, so that nothing refers to what is not there.
One build serves all of them: what `sam build` reads depends on no parameter but Architecture, and
on no condition.
"""

import json
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import chain, product
from typing import Any

import pytest
from cfnlint.api import lint

from local.template import translated
from tests.unit.cloudformation import (
    FUNCTIONS,
    GLOBALS,
    PARAMETERS,
    RESOURCES,
    TEMPLATE,
    as_list,
    walk,
)
from tests.unit.resolution import references, resolved

TRANSLATED = translated()
SERVERLESS = ("AWS::Serverless::Function", "AWS::Serverless::LayerVersion")
PARTS = {
    "backend": {"GoBackendUrl": "https://screener.example.com"},
    "secret": {"SecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:own-AbCdEf"},
    "stream": {"ErrorStreamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/errors"},
}
"""Each given, or left at its default: the screener, a secret and no stream."""
OTHERS = {
    "vpc": {"SubnetIds": "subnet-0a1b2c3d,subnet-1a2b3c4d", "SecurityGroupIds": "sg-0a1b2c3d"},
    "concurrency": {"RegenerateConcurrency": "5"},
    "success": {"SuccessAlarmMinRuns": "0"},
    "snapshots": {"SnapStart": "on", "Release": "20261123T120000"},
}
LEFT_OUT = {
    "backend": {"ScreenerFunction", "ScreenerFunctionUrl", "ScreenerRole", "CallScreenerPolicy"},
    "secret": {"Secret"},
    "success": {"SuccessRateAlarm"},
}
IN_SNAPSHOTS = ("Regenerate", "Validate", "Propose")
BROUGHT = {
    "stream": {"ErrorStream", "ErrorStreamPolicy"},
    "snapshots": {f"{name}{kind}" for name in IN_SNAPSHOTS for kind in ("Version", "Alias")},
}
"""Resources that are not there, or only there, when the part is given."""

Names = tuple[str, ...]


def combinations(parts: dict[str, dict[str, str]]) -> list[Names]:
    chosen = product((False, True), repeat=len(parts))
    return [tuple(n for n, given in zip(parts, c, strict=True) if given) for c in chosen]


def with_parts(names: Names) -> dict[str, Any]:
    given = {**PARTS, **OTHERS}
    return resolved(TRANSLATED, dict(chain.from_iterable(given[n].items() for n in names)))


def label(names: Names) -> str:
    return "+".join(names) or "defaults"


EIGHT = combinations(PARTS)
ALL = [(*parts, *others) for parts in EIGHT for others in combinations(OTHERS)]


def test_these_are_all_the_optional_parts() -> None:
    assert len(EIGHT) == 8
    assert len(TEMPLATE["Conditions"]) == len(PARTS) + len(OTHERS)
    conditional = {n for n, r in TRANSLATED["Resources"].items() if "Condition" in r}
    assert conditional == set().union(*LEFT_OUT.values(), *BROUGHT.values())


@pytest.mark.parametrize("names", ALL, ids=label)
def test_what_belongs_to_a_part_comes_and_goes_with_it(names: Names) -> None:
    everything = TRANSLATED["Resources"].keys()
    gone = set().union(*(LEFT_OUT.get(name, set()) for name in names))
    gone |= set().union(*(there for name, there in BROUGHT.items() if name not in names))
    assert with_parts(names)["Resources"].keys() == everything - gone


@pytest.mark.parametrize("names", ALL, ids=label)
def test_nothing_refers_to_what_is_not_there(names: Names) -> None:
    template = with_parts(names)
    there = template["Resources"].keys() | PARAMETERS.keys()
    named = set(references([template["Resources"], template["Outputs"]]))
    assert len(named) > 40
    assert {name for name in named - there if not name.startswith("AWS::")} == set()


@pytest.mark.parametrize("names", EIGHT, ids=label)
def test_a_function_may_read_the_secret_it_is_given(names: Names) -> None:
    resources = with_parts(names)["Resources"]
    for function in FUNCTIONS.keys() - {"ScreenerFunction"}:
        given = resources[function]["Properties"]["Environment"]["Variables"]["SECRET_ID"]
        assert given == {"Ref": "SecretArn" if "secret" in names else "Secret"}
        may_read = [
            resource
            for statement in statements(resources[f"{function}Role"])
            if "secretsmanager:GetSecretValue" in as_list(statement["Action"])
            for resource in as_list(statement["Resource"])
        ]
        assert set(references(may_read)) == set(references([given])), function


@pytest.mark.parametrize("names", EIGHT, ids=label)
def test_the_functions_call_the_backend_that_there_is(names: Names) -> None:
    resources = with_parts(names)["Resources"]
    for function in ("RegenerateFunction", "ValidateFunction"):
        given = resources[function]["Properties"]["Environment"]["Variables"]
        policies = resources[f"{function}Role"]["Properties"]["ManagedPolicyArns"]
        asked = (given["GO_BACKEND_URL"], given["GO_BACKEND_AUTH"])
        if "backend" in names:
            assert asked == ({"Ref": "GoBackendUrl"}, {"Ref": "GoBackendAuth"})
        else:
            assert asked == ({"Fn::GetAtt": "ScreenerFunctionUrl.FunctionUrl"}, "sigv4")
        assert ({"Ref": "CallScreenerPolicy"} in policies) is ("backend" not in names)


@pytest.mark.parametrize("names", combinations(OTHERS), ids=label)
def test_the_vpc_holds_every_function_that_needs_it_and_never_the_screener(names: Names) -> None:
    resources = with_parts(names)["Resources"]
    inside = {n for n in FUNCTIONS if "VpcConfig" in resources[n]["Properties"]}
    assert inside == (FUNCTIONS.keys() - {"ScreenerFunction"} if "vpc" in names else set())
    regenerate = resources["RegenerateFunction"]["Properties"]
    assert ("ReservedConcurrentExecutions" in regenerate) is ("concurrency" in names)


@pytest.mark.parametrize("names", [(), ("snapshots",)], ids=label)
def test_executions_run_the_snapshots_where_there_are_some(names: Names) -> None:
    resources = with_parts(names)["Resources"]
    machine = resources["Regeneration"]["Properties"]["DefinitionSubstitutions"]
    for name in IN_SNAPSHOTS:
        function = resources[f"{name}Function"]["Properties"]
        release = function["Environment"]["Variables"].get("RELEASE")
        started = (machine[f"{name}FunctionArn"], function["SnapStart"]["ApplyOn"], release)
        if names:
            assert started == ({"Ref": f"{name}Alias"}, "PublishedVersions", {"Ref": "Release"})
        else:
            assert started == ({"Fn::GetAtt": f"{name}Function.Arn"}, "None", None)


def test_another_release_is_another_version_and_the_former_one_goes() -> None:
    """A version never changes. CloudFormation replaces one whose description does."""
    resources = with_parts(("snapshots",))["Resources"]
    for name in IN_SNAPSHOTS:
        version = resources[f"{name}Version"]
        assert version["Properties"] == {
            "FunctionName": {"Ref": f"{name}Function"},
            "Description": {"Ref": "Release"},
        }
        assert (version["DeletionPolicy"], version["UpdateReplacePolicy"]) == ("Delete", "Delete")
        alias = resources[f"{name}Alias"]["Properties"]
        assert alias["FunctionVersion"] == {"Fn::GetAtt": f"{name}Version.Version"}


@pytest.mark.parametrize("names", [(), ("snapshots",)], ids=label)
def test_executions_go_on_while_snapshots_are_switched_on(names: Names) -> None:
    """One that began before keeps the functions' own ARNs."""
    role = with_parts(names)["Resources"]["RegenerationRole"]
    [invoke] = [s for s in statements(role) if s["Action"] == "lambda:InvokeFunction"]
    assert len(invoke["Resource"]) == 2 * len(IN_SNAPSHOTS)
    for name in IN_SNAPSHOTS:
        assert {"Fn::GetAtt": f"{name}Function.Arn"} in invoke["Resource"]
        assert f"{name}Function.Arn}}:live" in str(invoke["Resource"])


@pytest.mark.parametrize("names", [(*eight, *OTHERS) for eight in EIGHT], ids=label)
def test_it_is_a_good_template(names: Names) -> None:
    """With the other parts; without them, `sam validate --lint` looks at it."""
    unused = "W2001"  # what is only for a part that is not there
    found = [m for m in lint(json.dumps(with_parts(names))) if m.rule.id != unused]
    assert found == []


def test_the_linter_sees_a_reference_to_what_is_not_there() -> None:
    template = with_parts(("backend",))
    template["Outputs"]["Lost"] = {"Value": {"Ref": "ScreenerFunction"}}
    assert [m for m in lint(json.dumps(template)) if "ScreenerFunction" in m.message]


# --- order and build -------------------------------------------------------------------------


def dependencies(resources: dict[str, Any]) -> dict[str, set[str]]:
    return {n: resources.keys() & set(references(r)) for n, r in resources.items()}


def test_no_resource_waits_for_itself() -> None:
    """Over all branches of all conditions, so in each combination."""
    graph = dependencies(TRANSLATED["Resources"])
    assert "FunctionLogs" in graph["TriggerFunction"]
    order = list(TopologicalSorter(graph).static_order())
    assert order.index("Key") < order.index("FunctionLogs") < order.index("TriggerFunction")
    circle = {**graph, "Key": {*graph["Key"], "TriggerFunction"}}
    with pytest.raises(CycleError):
        list(TopologicalSorter(circle).static_order())


READ_BY_THE_BUILD = {
    *("Architectures", "CodeUri", "CompatibleArchitectures", "CompatibleRuntimes", "ContentUri"),
    *("Handler", "ImageUri", "InlineCode", "Layers", "PackageType", "Runtime"),
}


def test_a_build_depends_on_no_parameter_but_the_architecture() -> None:
    built = [r["Properties"] for r in RESOURCES.values() if r["Type"].startswith(SERVERLESS)]
    read = [
        {name: properties[name] for name in READ_BY_THE_BUILD & properties.keys()}
        for properties in [GLOBALS, *built]
    ]
    assert set(walk(read, "Ref")) & PARAMETERS.keys() == {"Architecture"}
    assert list(walk(read, "Fn::If")) == []


def statements(role: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for found in walk(role, "Statement"):
        yield from as_list(found)
