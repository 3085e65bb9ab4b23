"""`make demo`: three filters fail for real, and are repaired before one's eyes."""

import json
import time
from dataclasses import replace
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
from rich.console import Console
from rich.markup import escape

from local.demo.filters import FILTERS, BrokenFilter, Failure, run
from local.demo.report import show, summary
from local.demo.watch import Repair
from local.folder import Folder
from local.services import StackError, State
from local.stack import Options, down, up

WAIT_SCALE = 0.001
PATIENCE_SECONDS = 900
POLL_SECONDS = 0.1
_FEW_TURNS = {"MaxAttempts": "1", "TurnsPerAttempt": "2"}


def demo(folder: Folder, options: Options) -> int:
    """Run the main job end to end; a stack that it started it stops again.

    Returns:
        0 when every error ended in a final state; with scripted answers, when all fixes were
        validated too.
    """
    console = Console(highlight=False, width=max(100, Console().width))
    found = State.read(folder)
    running = bool(found.env) and not found.dead()
    started = time.monotonic()
    if not running:
        console.print(f"starting the stack, MODEL={options.model} (this takes a minute)")
        console.print(
            f"[dim]waits are scaled by {WAIT_SCALE:g}: 300 s takes {300 * WAIT_SCALE:g} s"
        )
        options = replace(options, wait_scale=WAIT_SCALE, parameters=_FEW_TURNS)
    try:
        env = up(folder, options, lambda text: _say(console, started, "stack", text))
        repairs = _repair(console, env, started)
        for repair in repairs:
            show(console, repair, folder.path / "traces", env["BRAINTRUST_API_URL"])
        summary(console, repairs)
    finally:
        if not running:
            down(folder, lambda text: _say(console, started, "stack", text))
    good = sum(repair.validated for repair in repairs)
    print(f"demo: {good} of {len(repairs)} fixes proposed and validated")
    wanted = len(repairs) if env["MODEL"] == "scripted" else 0
    return 0 if all(repair.ended for repair in repairs) and good >= wanted else 1


def _repair(console: Console, env: dict[str, str], started: float) -> list[Repair]:
    """Make each filter fail, insert its error, and watch until it has ended."""
    if env["MODEL"] == "scripted":
        script = json.loads(files("local.demo").joinpath("scripted.json").read_text("utf-8"))
        httpx.put(f"{env['GEMINI_BASE_URL']}/_control/script", json=script).raise_for_status()
    repairs = []
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as conn:
        for broken in FILTERS:
            repair = _fail(console, conn, broken, env, started)
            _watch(console, conn, repair, started)
            repairs.append(repair)
    return repairs


def _watch(console: Console, conn: psycopg.Connection[Any], repair: Repair, started: float) -> None:
    """Say each step when it happens, until the error has ended.

    Raises:
        StackError: nothing was started for it, or it does not end.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not repair.ended:
        for line in repair.look(conn):
            _say(console, started, repair.broken.name, line)
        if time.monotonic() > deadline:
            raise StackError(
                f"{repair.broken.name} did not end in {PATIENCE_SECONDS} s: see the logs"
            )
        time.sleep(POLL_SECONDS)


def _fail(
    console: Console,
    conn: psycopg.Connection[Any],
    broken: BrokenFilter,
    env: dict[str, str],
    started: float,
) -> Repair:
    """Run a filter in the screener and insert what it says, as the screener's backend would."""
    user_id, trader_id = uuid4(), uuid4()
    failure = run(broken, env["SCREENER_URL"], trader_id)
    _say(console, started, broken.name, f"fails: {failure.message}")
    filter_ = {
        "code": broken.code,
        "indicators": broken.indicators,
        "requiredTimeframes": [broken.timeframe],
        "refreshInterval": broken.timeframe,
    }
    conn.execute(
        "insert into traders (id, user_id, name, filter, strategy) values (%s, %s, %s, %s, %s)",
        (
            trader_id, user_id, "demo", json.dumps(filter_),
            json.dumps({"instructions": broken.strategy}),
        ),
    )  # fmt: skip
    return Repair(broken, failure, _insert(conn, broken, failure, user_id, trader_id))


def _insert(
    conn: psycopg.Connection[Any],
    broken: BrokenFilter,
    failure: Failure,
    user_id: UUID,
    trader_id: UUID,
) -> UUID:
    row = conn.execute(
        """
        insert into trader_execution_errors
            (trader_id, user_id, error_type, error_message, stack_trace, trigger_interval,
             symbols_processed, filter_code_snapshot, execution_input)
        values (%s, %s, %s, %s, %s, %s, 1, %s, %s) returning id
        """,
        (
            trader_id, user_id, failure.error_type, failure.message, failure.stack_trace,
            broken.timeframe, broken.code,
            json.dumps(failure.market_data) if failure.market_data else None,
        ),
    ).fetchone()  # fmt: skip
    assert row is not None  # insert … returning gives one row
    return UUID(str(row[0]))


def _say(console: Console, started: float, who: str, text: str) -> None:
    seconds = time.monotonic() - started
    line = f"[dim]{seconds:6.1f} s[/dim]  [cyan]{escape(who):14}[/cyan]  {escape(text)}"
    console.print(line, soft_wrap=True)
