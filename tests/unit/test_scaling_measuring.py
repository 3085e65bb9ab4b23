"""What is measured of the local stack's log and histories."""

import json

from local.dashboard.functions import Invocation
from local.scaling.measuring import figures_of
from local.scaling.workload import Workload

FUNCTIONS = {
    name: f"stack-{name}" for name in ("trigger", "regenerate", "validate", "propose", "sweep")
}


def took(service: str, *milliseconds: float) -> list[Invocation]:
    return [Invocation(FUNCTIONS[service], 0, each, failed=False) for each in milliseconds]


def line(service: str, message: str) -> str:
    return json.dumps({"service": service, "message": message})


def measured(invocations: list[Invocation], *messages: str) -> dict[str, str]:
    return {one.name: one.value for one in figures_of(invocations, FUNCTIONS, messages)}


def test_a_cold_start_does_not_count() -> None:
    found = measured(took("validate", 900, 70, 80))
    assert found == {"VALIDATE_MS": "80", "VALIDATE_LOG_BYTES": "0"}


def test_bytes_are_counted_by_the_invocations_of_their_service() -> None:
    started = line("trigger", "execution started")
    found = measured(took("trigger", 10, 10), started, started, line("sweep", "swept"), "START 1")
    assert found == {"TRIGGER_MS": "10", "TRIGGER_LOG_BYTES": str(len(started))}


def test_bytes_of_propose_are_counted_by_the_runs_that_it_ended() -> None:
    ended = line("propose", "run ended")
    assert measured(took("propose", 20, 20, 20), ended)["PROPOSE_LOG_BYTES"] == str(len(ended))


def test_what_is_measured_is_a_figure_of_the_workload_by_name() -> None:
    found = measured([one for service in FUNCTIONS for one in took(service, 1)])
    assert len(found) == 2 * len(FUNCTIONS)
    for name in found:
        assert name.lower() in Workload.model_fields, name
