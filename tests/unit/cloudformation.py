"""What the tests of template.yaml share."""

import json
from collections.abc import Iterator
from typing import Any

from local.folder import ROOT
from local.template import template


def definition() -> str:
    machine = template()["Resources"]["Regeneration"]["Properties"]
    path: str = machine["DefinitionUri"]
    return (ROOT / path).read_text("utf-8")


def state_machine(**substitutions: str) -> dict[str, Any]:
    text = definition()
    for name, value in substitutions.items():
        text = text.replace(f"${{{name}}}", value)
    document: dict[str, Any] = json.loads(text)
    return document


def walk(value: object, key: str) -> Iterator[Any]:
    """Every value below `value` that stands under that key."""
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for inner in value.values():
            yield from walk(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, key)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


TEMPLATE = template()
PARAMETERS: dict[str, dict[str, Any]] = TEMPLATE["Parameters"]
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
GLOBALS: dict[str, Any] = TEMPLATE["Globals"]["Function"]
FUNCTIONS: dict[str, dict[str, Any]] = {
    name: resource["Properties"]
    for name, resource in RESOURCES.items()
    if resource["Type"] == "AWS::Serverless::Function"
}
NO_VALUE = {"Ref": "AWS::NoValue"}


def variables(function: str) -> dict[str, Any]:
    own: dict[str, Any] = FUNCTIONS[function].get("Environment", {}).get("Variables", {})
    shared: dict[str, Any] = GLOBALS["Environment"]["Variables"]
    return shared | own
