"""template.yaml: parameters, variables, and that what it names is there."""

import json
import logging
import re
from typing import get_args

import pytest

from filtermend.settings import DispatchSettings, GeminiSettings, LimitSettings, Settings
from filtermend.telemetry import NAMESPACE
from local.folder import ROOT
from local.template import translated
from tests.unit.cloudformation import (
    FUNCTIONS,
    GLOBALS,
    NO_VALUE,
    PARAMETERS,
    RESOURCES,
    TEMPLATE,
    variables,
    walk,
)

TRANSLATED = translated()["Resources"]


KINDS: dict[str, type[Settings]] = {kind.__name__: kind for kind in Settings.__subclasses__()}
FIELDS = {
    name.upper(): field for kind in KINDS.values() for name, field in kind.model_fields.items()
}
STACK_NAME = "STACK_NAME"
"""Read where metrics are made, before any setting is."""
RELEASE = "RELEASE"
"""Read by nobody: without a difference, Lambda publishes no other version."""
OF_LIBRARIES = {
    "POWERTOOLS_LOG_LEVEL",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_SERVICE_NAME",
    "BRAINTRUST_API_URL",
    "BRAINTRUST_APP_URL",
}
LEFT_TO_THEIR_DEFAULTS = {
    "LOST_CALLS_PER_TURN",
    "THROTTLED_CALLS_PER_TURN",
    "RUN_LEASE_SECONDS",
    "AUTOMATIC_RUNS",
    "VALIDATOR_TIMEOUT_SECONDS",
}
"""Not for an operator to turn: they follow from the functions' and the workflow's timeouts."""

OUTSIDE = {"ScreenerFunction", "MigrateFunction"}


def defaults() -> list[tuple[str, str]]:
    """Variable and parameter, where a variable is just a parameter."""
    found = {}
    for function in FUNCTIONS:
        for name, value in variables(function).items():
            reference = value.get("Ref") if isinstance(value, dict) else None
            if reference in PARAMETERS and name in FIELDS:
                found[name] = reference
    return sorted(found.items())


def kinds_of(function: str) -> set[str]:
    source = (ROOT / FUNCTIONS[function]["CodeUri"] / "app.py").read_text("utf-8")
    named = set(re.findall(r"\b\w+Settings\b", source))
    return (named | {"SecretSettings"}) & KINDS.keys()


def test_these_are_all_the_settings() -> None:
    assert len(FIELDS) > 15


@pytest.mark.parametrize("function", sorted(FUNCTIONS.keys() - OUTSIDE))
def test_a_function_has_every_variable_it_reads(function: str) -> None:
    read = {name.upper() for kind in kinds_of(function) for name in KINDS[kind].model_fields}
    assert read
    assert read - variables(function).keys() <= LEFT_TO_THEIR_DEFAULTS


def test_what_is_left_to_its_default_has_one() -> None:
    assert FIELDS.keys() >= LEFT_TO_THEIR_DEFAULTS
    assert [name for name in LEFT_TO_THEIR_DEFAULTS if FIELDS[name].is_required()] == []


@pytest.mark.parametrize("function", sorted(FUNCTIONS.keys() - {"ScreenerFunction"}))
def test_every_variable_is_read(function: str) -> None:
    assert variables(function).keys() <= FIELDS.keys() | OF_LIBRARIES | {STACK_NAME, RELEASE}


@pytest.mark.parametrize(("variable", "parameter"), defaults())
def test_a_parameter_s_default_is_the_setting_s(variable: str, parameter: str) -> None:
    (kind,) = (kind for kind in KINDS.values() if variable.lower() in kind.model_fields)
    field = FIELDS[variable]
    given = str(PARAMETERS[parameter]["Default"]) or None
    if given is None:
        assert field.default is None
        return
    required = {n: "required" for n, f in kind.model_fields.items() if f.is_required()}
    value = getattr(kind.model_validate(required | {variable.lower(): given}), variable.lower())
    assert value == field.default


def test_every_limit_and_every_gemini_setting_is_a_parameter() -> None:
    adjustable = {
        name.upper() for kind in (LimitSettings, GeminiSettings) for name in kind.model_fields
    }
    assert adjustable - dict(defaults()).keys() <= LEFT_TO_THEIR_DEFAULTS


def test_every_parameter_is_used() -> None:
    where = [GLOBALS, RESOURCES, TEMPLATE["Conditions"], TEMPLATE["Outputs"]]
    substituted = re.findall(r"\$\{(\w+)\}", json.dumps(list(walk(where, "Fn::Sub"))))
    assert PARAMETERS.keys() - {*walk(where, "Ref"), *substituted} == set()


def test_metrics_go_to_the_namespace_of_the_core_and_say_whose_they_are() -> None:
    given = GLOBALS["Environment"]["Variables"]
    assert given["POWERTOOLS_METRICS_NAMESPACE"] == NAMESPACE == "Filtermend"
    assert given[STACK_NAME] == {"Ref": "AWS::StackName"}


def test_the_regenerate_function_outlives_gemini_s_answer() -> None:
    function, gemini = (
        PARAMETERS[name]["Default"] for name in ("RegenerateTimeoutSeconds", "GeminiTimeoutSeconds")
    )
    assert function > gemini + 5


def test_no_concurrency_is_reserved_unless_asked_for() -> None:
    """A new account may run ten functions at once, and reserve none of them."""
    reserved = {
        name: resource["Properties"]["ReservedConcurrentExecutions"]
        for name, resource in TRANSLATED.items()
        if "ReservedConcurrentExecutions" in resource.get("Properties", {})
    }
    choice = ["LimitsConcurrency", {"Ref": "RegenerateConcurrency"}, NO_VALUE]
    assert reserved == {"RegenerateFunction": {"Fn::If": choice}}
    assert PARAMETERS["RegenerateConcurrency"]["Default"] == 0


def test_the_log_level_holds_on_lambda_and_in_the_functions() -> None:
    """Lambda drops what is below its own level, and spells WARNING as WARN; Python knows both."""
    levels = PARAMETERS["LogLevel"]["AllowedValues"]
    assert set(levels) <= {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}
    assert set(levels) <= logging.getLevelNamesMapping().keys()
    assert GLOBALS["LoggingConfig"]["ApplicationLogLevel"] == {"Ref": "LogLevel"}
    assert GLOBALS["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == {"Ref": "LogLevel"}


def test_the_doctor_sees_what_the_functions_see() -> None:
    own = {"POWERTOOLS_SERVICE_NAME", "DISPATCH", "TRIGGER_FUNCTION_ARN", "WEBHOOK_URL", RELEASE}
    asked = variables("RegenerateFunction")
    seen = variables("DoctorFunction")
    assert seen.keys() - own == asked.keys() - own
    assert {name: seen[name] for name in asked.keys() - own} == {
        name: asked[name] for name in asked.keys() - own
    }
    assert seen["DISPATCH"] == {"Ref": "Dispatch"}


def test_the_doctor_knows_every_way_of_dispatch() -> None:
    ways = DispatchSettings.model_fields["dispatch"].annotation
    assert list(get_args(ways)) == PARAMETERS["Dispatch"]["AllowedValues"]


# --- references and files --------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_s_code_is_there(function: str) -> None:
    folder = ROOT / FUNCTIONS[function]["CodeUri"]
    if FUNCTIONS[function].get("Runtime", GLOBALS["Runtime"]).startswith("python"):
        assert "def handler(" in (folder / "app.py").read_text("utf-8")
    else:
        assert (folder / "go.mod").is_file()


def test_the_template_and_the_core_want_the_same_python() -> None:
    assert GLOBALS["Runtime"] == "python3.13"


def test_every_reference_is_to_something() -> None:
    made_by_sam = TRANSLATED.keys() - RESOURCES.keys()
    known = RESOURCES.keys() | PARAMETERS.keys() | made_by_sam
    references = {r for r in walk(TEMPLATE, "Ref") if not r.startswith("AWS::")}
    assert references <= known
    attributes = {a.partition(".")[0].removesuffix("Url") for a in walk(TEMPLATE, "Fn::GetAtt")}
    assert attributes <= known


def test_every_python_function_is_built_compiled() -> None:
    for name in FUNCTIONS.keys() - {"ScreenerFunction"}:
        built = RESOURCES[name]["Metadata"]
        assert (built["BuildMethod"], built["ContextPath"]) == ("makefile", "src"), name
