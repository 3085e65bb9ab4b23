"""Databases beside the stack's own: migrated, and filled with what a million errors leave."""

from collections.abc import Callable

import psycopg
from integration.database.postgres import RUNNER
from psycopg.conninfo import make_conninfo

ROWS = 1_000_000
USERS = 10_000

_OLD_ERRORS = """
    insert into trader_execution_errors
        (id, trader_id, user_id, error_type, error_message, filter_code_snapshot, created_at,
         regeneration_status, regeneration_run, regeneration_first_run, regeneration_count,
         regenerated_at, fingerprint, auto_regeneration_triggered, proposed_fix_code,
         proposed_fix_validated)
    select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, trader.id, trader.user_id,
        'compilation', 'undefined: mystery', 'return mystery(' || n || ')',
        now() - n * interval '10 seconds', (array['proposed', 'applied', 'exhausted'])[1 + n %% 3],
        1, 1, 1 + n %% 3, now() - n * interval '10 seconds', md5(n::text), true, 'return true', true
    from generate_series(1, %s) as n
    join (select id, user_id, row_number() over () - 1 as place from traders) as trader
      on trader.place = n %% %s
"""
_OLD_LEDGER = """
    insert into filter_regeneration_attempts
        (error_id, user_id, run, attempt, turn, call, source, model, answer, candidate_code, valid,
         outcome, finish_reason, input_tokens, output_tokens, reserved_usd, cost_usd, latency_ms,
         lease_until, started_at, sent_at, finished_at)
    select id, user_id, 1, 1, 1, 1, 'model', 'scripted', 'return true', 'return true', true,
        'candidate', 'STOP', 5000, 100, 0.01, 0.001, 500, created_at + interval '90 seconds',
        created_at, created_at, created_at
    from trader_execution_errors
"""
_OLD_DAYS = """
    insert into filter_regeneration_daily_costs (user_id, day, spent_usd)
    select user_id, (started_at at time zone 'utc')::date, sum(cost_usd)
    from filter_regeneration_attempts group by 1, 2
"""
_TRADERS = """
    insert into traders (user_id, name, strategy)
    select gen_random_uuid(), 'old', '{"instructions": "anything above its average"}'
    from generate_series(1, %s)
"""


def create(server: str, name: str) -> str:
    """A migrated database; its errors are told of on a channel of its name. Returns its address."""
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"create database {name}".encode())
    dsn = make_conninfo(server, dbname=name)
    dispatch = RUNNER.Dispatch(method="notify", target=name)
    RUNNER.migrate(dsn, dispatch=dispatch, report=lambda _: None)
    return dsn


def grow(dsn: str, say: Callable[[str], None]) -> None:
    """Fill it: a million errors that were worked on, and a call on the ledger for each."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("set session_replication_role = replica")  # no dispatch, no check per row
        conn.execute("set maintenance_work_mem = '256MB'")
        conn.execute(_TRADERS, (USERS,))
        conn.execute(_OLD_ERRORS, (ROWS, USERS))
        say(f"{ROWS:,} old errors")
        conn.execute(_OLD_LEDGER)
        conn.execute(_OLD_DAYS)
        say(f"{ROWS:,} calls on the ledger")
        conn.execute("vacuum analyze")
