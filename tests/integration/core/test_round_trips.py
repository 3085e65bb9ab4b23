"""How often an attempt asks Postgres: no more than its rules need.

Every statement is a round trip, and each is a part of the time until a user sees the fix. A change
that adds one fails here and shows which. Reads that do not follow from each other go together; a
lock comes before what is read under it, and nothing is open while others are asked.
"""

from contextlib import ExitStack

from integration.core.deployment import Deployment
from integration.core.endpoints import FENCED
from integration.core.protocol import statements
from integration.core.rows import BEYOND_MENDING, Rows

ERRORS, LEDGER = "trader_execution_errors", "filter_regeneration_attempts"
COSTS = "filter_regeneration_daily_costs"
CASE = ["begin", f"select {ERRORS}", f"select {LEDGER}", "commit"]
CLAIM = [
    "begin",
    f"select {ERRORS} for update",
    f"select {LEDGER}",
    f"insert {COSTS}",
    f"update {ERRORS}",
    f"insert {LEDGER}",
    "commit",
]
LEDGER_WRITE = ["begin", f"update {LEDGER}", "commit"]
SETTLEMENT = ["begin", f"update {LEDGER}", f"update {COSTS}", "commit"]
DECISION = [
    "begin",
    f"select {ERRORS} for update",
    f"select {LEDGER}",
    f"update {ERRORS}",  # the fix is kept
    f"update {ERRORS}",  # the run is over
    "commit",
]
ATTEMPT = {
    "regenerate": CASE + CLAIM + LEDGER_WRITE + SETTLEMENT + LEDGER_WRITE,  # sent; settled; read
    "validate": CASE + LEDGER_WRITE,
    "propose": DECISION,
}

START = [
    *("begin", f"select {ERRORS}", "commit"),  # the row may not be there yet: it is waited for
    *("begin", f"update {ERRORS}", "commit"),  # taken; then its execution is started
    *("begin", f"update {ERRORS}", "commit"),  # and that is noted
]


def test_a_new_error_s_execution_takes_9_round_trips(rows: Rows, deployment: Deployment) -> None:
    for _ in range(2):  # a new process connects, and looks around
        ref = rows.error()
        event = {"error_id": str(ref.error_id), "trader_id": str(ref.trader_id)}
        with ExitStack() as stack:
            if connection := deployment.connection("trigger"):
                said = stack.enter_context(statements(connection))
            deployment.invoke("trigger", event)
    assert said == START


def test_an_attempt_that_asks_the_model_makes_34_round_trips(
    rows: Rows, deployment: Deployment
) -> None:
    deployment.gemini.play({"text": FENCED})
    play(rows, deployment)  # a new process connects, and looks around
    said = play(rows, deployment)
    assert said == ATTEMPT
    assert sum(map(len, said.values())) == 34


def play(rows: Rows, deployment: Deployment) -> dict[str, list[str]]:
    """An attempt that ends with a proposal; what each function said, once it has a connection."""
    step = rows.running(**BEYOND_MENDING)
    event, said = step.model_dump(mode="json"), {}
    for name in ATTEMPT:
        with ExitStack() as stack:
            connection = deployment.connection(name)
            if connection is not None:
                said[name] = stack.enter_context(statements(connection))
            event = deployment.invoke(name, event)
    assert event["status"] == "proposed"
    return said
