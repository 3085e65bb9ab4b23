"""The errors of a round: each of another user, each for the model, what it answers, and inserts."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from chaos.answers import failed_code, script
from chaos.plan import Fault, Kind, PlannedError, Problem

ANSWER_MS = 500
"""How long the Gemini endpoint takes for each answer, and for each refusal."""
_INSERT = """
    insert into trader_execution_errors
        (id, trader_id, user_id, error_type, error_message, filter_code_snapshot)
    select id, trader_id, user_id, 'compilation', 'undefined: mystery', code
    from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[]) as new (id, trader_id, user_id, code)
"""


def plan(count: int, *, throttled: int = 0) -> list[PlannedError]:
    """So many errors of as many users; of each ten, so many have their first question refused."""
    return [_error(Fault.THROTTLED_FOR if n % 10 < throttled else None) for n in range(count)]


def _error(fault: Fault | None) -> PlannedError:
    problem = Problem(
        marker=f"load{uuid4().hex}",
        user_id=uuid4(),
        trader_id=uuid4(),
        kind=Kind.MENDED,
        model=(fault,) if fault else (),
        screener=(),
    )
    return PlannedError(uuid4(), problem, resolved=False, delivery=None, ways=(), at_statement=())


def prepare(dsn: str, gemini_url: str, errors: Sequence[PlannedError]) -> None:
    """Make the traders, and tell the Gemini endpoint what to answer; it forgets what was before."""
    problems = [error.problem for error in errors]
    with psycopg.connect(dsn) as conn:
        conn.execute(
            "insert into traders (id, user_id, name, strategy) "
            "select id, user_id, 'load', %s from unnest(%s::uuid[], %s::uuid[]) as new (id, user_id)",
            (
                json.dumps({"instructions": "anything above its average"}),
                [problem.trader_id for problem in problems],
                [problem.user_id for problem in problems],
            ),
        )
    answers = {"scenarios": [slow(script(problem)) for problem in problems]}
    with httpx.Client(base_url=gemini_url, timeout=60) as control:
        control.put("/_control/script", json=answers).raise_for_status()
        control.delete("/_control/calls").raise_for_status()


def slow(scenario: dict[str, Any]) -> dict[str, Any]:
    """The scenario with the delay before each of its answers."""
    delay = {"delay_ms": ANSWER_MS}
    return scenario | {"answers": [answer | delay for answer in scenario["answers"]]}


def insert(dsn: str, errors: Sequence[PlannedError]) -> int:
    """Insert them all by one statement; returns the connections opened."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(_INSERT, _columns(errors))
    return 1


def insert_each(dsn: str, errors: Sequence[PlannedError]) -> int:
    """Insert each by a connection of its own, all at the same moment; returns how many those are."""
    together = Barrier(len(errors))

    def one(error: PlannedError) -> None:
        with psycopg.connect(dsn, autocommit=True) as conn:
            together.wait(timeout=60)
            conn.execute(_INSERT, _columns([error]))

    with ThreadPoolExecutor(len(errors)) as pool:
        list(pool.map(one, errors))
    return len(errors)


def _columns(errors: Sequence[PlannedError]) -> tuple[list[Any], ...]:
    return (
        [error.error_id for error in errors],
        [error.problem.trader_id for error in errors],
        [error.problem.user_id for error in errors],
        [failed_code(error.problem) for error in errors],
    )
