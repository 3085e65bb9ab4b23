"""The state machine: every state leads on, every fault is retried, and no code passes through."""

import json
import re
from itertools import pairwise
from typing import Any, get_args

import pytest

from filtermend.models import Outcome, Step
from local.template import template
from tests.unit.cloudformation import definition, state_machine, walk

MACHINE = state_machine()
STATES: dict[str, dict[str, Any]] = MACHINE["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
FUNCTIONS = {
    "Regenerate": "${RegenerateFunctionArn}",
    "Validate": "${ValidateFunctionArn}",
    "Propose": "${ProposeFunctionArn}",
    "Stop": "${ProposeFunctionArn}",
}


def targets(state: dict[str, Any]) -> set[str]:
    return {*walk(state, "Next"), *walk(state, "Default")}


def outcomes(choice: str) -> dict[str, str]:
    pattern = re.compile(r"\{% \$states\.input\.outcome = '(\w+)' %\}")
    found = {}
    for rule in STATES[choice]["Choices"]:
        match = pattern.fullmatch(rule["Condition"])
        assert match, rule
        found[match[1]] = rule["Next"]
    return found


# --- the way through -------------------------------------------------------------------------


def test_every_target_is_a_state() -> None:
    assert MACHINE["StartAt"] in STATES
    for name, state in STATES.items():
        assert targets(state) <= STATES.keys(), name


def test_every_state_can_be_reached() -> None:
    reached, left = set[str](), {MACHINE["StartAt"]}
    while left:
        state = left.pop()
        reached.add(state)
        left |= targets(STATES[state]) - reached
    assert reached == STATES.keys()


def test_every_state_leads_on_or_ends() -> None:
    assert [
        name for name, state in STATES.items() if not targets(state) and not state.get("End")
    ] == []
    assert [name for name, state in STATES.items() if state.get("End")] == ["Done"]


def test_a_turn_goes_from_regenerate_through_validate_to_propose() -> None:
    assert MACHINE["StartAt"] == "Regenerate"
    assert STATES["Regenerate"]["Next"] == "HasCandidate"
    assert outcomes("HasCandidate") == {
        "candidate": "Validate",
        "no_candidate": "Propose",
        "hold": "HoldOn",
    }
    assert STATES["HoldOn"]["Next"] == "Regenerate"
    assert STATES["Validate"]["Next"] == "Propose"
    assert STATES["Propose"]["Next"] == "WhatFollows"


def test_feedback_asks_again_at_once_and_a_retry_waits() -> None:
    assert outcomes("WhatFollows") == {"feedback": "Regenerate", "retry": "Backoff"}
    assert STATES["Backoff"]["Next"] == "Regenerate"


def test_every_outcome_that_is_chosen_by_is_one_the_functions_return() -> None:
    chosen = outcomes("HasCandidate").keys() | outcomes("WhatFollows").keys()
    assert chosen <= {outcome.value for outcome in Outcome}


@pytest.mark.parametrize("choice", ["HasCandidate", "WhatFollows"])
def test_anything_else_ends_the_run(choice: str) -> None:
    assert STATES[choice]["Default"] == "Done"


# --- faults ----------------------------------------------------------------------------------


def test_the_tasks_are_the_three_functions() -> None:
    assert {name: task["Arguments"]["FunctionName"] for name, task in TASKS.items()} == FUNCTIONS
    assert {task["Resource"] for task in TASKS.values()} == {"arn:aws:states:::lambda:invoke"}


def test_the_machine_and_every_task_have_a_timeout() -> None:
    assert MACHINE["TimeoutSeconds"] > 0
    assert {
        name for name, task in TASKS.items() if task.get("TimeoutSeconds", 0) > 0
    } == TASKS.keys()


def test_the_machine_waits_longer_than_the_backoff() -> None:
    waits = map(int, template()["Parameters"]["BackoffSeconds"]["Default"].split(","))
    assert MACHINE["TimeoutSeconds"] > 2 * sum(waits)


@pytest.mark.parametrize("name", TASKS)
def test_every_fault_is_retried_with_full_jitter_and_a_longest_delay(name: str) -> None:
    *_, last = TASKS[name]["Retry"]
    assert last["ErrorEquals"] == ["States.ALL"]
    assert last["JitterStrategy"] == "FULL"
    assert last["MaxAttempts"] >= 3
    assert last["BackoffRate"] > 1
    assert last["IntervalSeconds"] < last["MaxDelaySeconds"] <= 120


@pytest.mark.parametrize("name", ["Regenerate", "Validate", "Propose"])
def test_a_missing_setting_ends_a_run_at_once(name: str) -> None:
    quick, lasting = TASKS[name]["Retry"][-2:]
    assert quick["ErrorEquals"] == ["SettingMissing"]
    assert quick["MaxAttempts"] * quick["MaxDelaySeconds"] <= 60
    assert lasting["ErrorEquals"] == ["States.ALL"]


def test_a_busy_regenerate_function_is_asked_again_for_longer_than_a_broken_one() -> None:
    busy, _, broken = TASKS["Regenerate"]["Retry"]
    assert busy["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
    assert (busy["JitterStrategy"], busy["MaxDelaySeconds"]) == ("FULL", 30)
    assert busy["MaxAttempts"] > broken["MaxAttempts"]


def test_an_unreachable_validator_is_waited_for_longer_than_an_hour() -> None:
    retry = TASKS["Validate"]["Retry"][-1]
    assert retry["MaxAttempts"] * retry["MaxDelaySeconds"] > 3600


@pytest.mark.parametrize("name", sorted(TASKS.keys() - {"Stop"}))
def test_retries_used_up_stop_the_run_and_name_the_stage(name: str) -> None:
    (catch,) = TASKS[name]["Catch"]
    assert catch["ErrorEquals"] == ["States.ALL"]
    assert catch["Next"] == "Stop"
    facts = f"{{'fault': '{name.lower()}', 'fault_name': $states.errorOutput.Error}}"
    assert catch["Output"] == f"{{% $merge([$states.input, {facts}]) %}}"
    assert name.lower() in get_args(get_args(Step.model_fields["fault"].annotation)[0])


def test_stopping_itself_has_no_net_below_it_but_the_sweep() -> None:
    assert "Catch" not in TASKS["Stop"]
    assert TASKS["Stop"]["Next"] == "Done"


# --- what passes through ---------------------------------------------------------------------


@pytest.mark.parametrize("name", TASKS)
def test_a_function_gets_the_step_and_its_answer_is_the_next_step(name: str) -> None:
    assert TASKS[name]["Arguments"]["Payload"] == "{% $states.input %}"
    assert TASKS[name]["Output"] == "{% $states.result.Payload %}"


def test_a_step_holds_ids_numbers_and_outcomes_but_no_code() -> None:
    assert Step.model_fields.keys() == {
        "error_id", "trader_id", "run", "attempt", "turn", "outcome", "wait_seconds", "fault", "fault_name", "ended_here",
        "status", "success", "regeneration_count", "code_validated", "reason",
    }  # fmt: skip


def test_an_execution_s_output_is_what_the_design_says() -> None:
    fields = ["success", "error_id", "regeneration_count", "code_validated", "status", "reason"]
    assert STATES["Done"]["Output"] == {name: f"{{% $states.input.{name} %}}" for name in fields}
    assert set(fields) <= Step.model_fields.keys()


# --- waits -----------------------------------------------------------------------------------


def test_a_hold_lasts_as_long_as_the_step_says() -> None:
    assert STATES["HoldOn"]["Seconds"] == "{% $states.input.wait_seconds %}"


def test_the_backoff_is_chosen_by_the_attempt() -> None:
    assert STATES["Backoff"]["Seconds"] == "{% [${BackoffSeconds}][$states.input.attempt - 1] %}"


def test_the_backoff_is_that_of_the_specification() -> None:
    parameter = template()["Parameters"]["BackoffSeconds"]
    seconds = [int(part) for part in parameter["Default"].split(",")]
    assert seconds == [0, 300, 1800]
    assert all(less < more for less, more in pairwise(seconds))
    assert re.fullmatch(parameter["AllowedPattern"], parameter["Default"])
    backoff = state_machine(BackoffSeconds=parameter["Default"])["States"]["Backoff"]["Seconds"]
    assert backoff == "{% [0,300,1800][$states.input.attempt - 1] %}"


def test_the_definition_is_json_before_anything_is_substituted() -> None:
    assert json.loads(definition())["QueryLanguage"] == "JSONata"
