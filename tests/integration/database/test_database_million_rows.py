"""A busy screener's table with a million old errors."""

import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from integration.database.postgres import Database, Server

from filtermend.store import budget, errors, ledger

ROWS = 1_000_000
INDEXES = {
    "trader_execution_errors_trader_id_idx": "trader_id",
    "trader_execution_errors_created_at_idx": "created_at",
}
FILENODE = "select pg_relation_filenode('trader_execution_errors')"


@dataclass
class Writer(threading.Thread):
    """Inserts and updates single rows until stopped, and keeps the longest wait for one."""

    database: Database
    trader: str
    longest: float = 0.0
    statements: int = 0
    failures: list[psycopg.Error] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        try:
            with self.database.connect() as connection:
                while not self.stop.is_set():
                    began = time.monotonic()
                    connection.execute(
                        "with new as (insert into trader_execution_errors"
                        " (trader_id, user_id, error_type, error_message)"
                        " values (%s, gen_random_uuid(), 'timeout', 'slow') returning id)"
                        " select id from new",
                        [self.trader],
                    )
                    connection.execute(
                        "update trader_execution_errors set resolved_at = now() where id ="
                        " (select id from trader_execution_errors limit 1)"
                    )
                    self.longest = max(self.longest, time.monotonic() - began)
                    self.statements += 2
                    time.sleep(0.002)
        except psycopg.Error as failure:
            self.failures.append(failure)


@dataclass
class Migrated:
    database: Database
    filenode_before: int
    writer: Writer
    seconds: float
    taking_part: tuple[int, ...]
    """Rows right after the migration, those with a status, those with a run."""


@pytest.fixture(scope="module")
def big(server: Server) -> Iterator[Migrated]:
    database = server.create()
    database.load("screener")
    trader = str(database.trader(uuid4()))
    with database.connect() as connection:
        # Without the key's check per row, and with the indexes built at the end.
        connection.execute("set session_replication_role = replica")
        for index in INDEXES:
            connection.execute(f"drop index {index}")
        connection.execute(
            """
            insert into trader_execution_errors
              (trader_id, user_id, error_type, error_message, regeneration_count, created_at)
            select %s, '00000000-0000-4000-8000-000000000001', kinds[1 + n %% 4],
                   'index out of range [' || n || ']', n %% 9, now() - n * interval '1 second'
            from generate_series(1, %s) as n,
                 (select array['compilation', 'runtime', 'timeout', 'panic'] as kinds) as k
            """,
            [trader, ROWS],
        )
        for index, column in INDEXES.items():
            connection.execute(f"create index {index} on trader_execution_errors ({column})")
    database.run("vacuum analyze trader_execution_errors")
    [(filenode,)] = database.run(FILENODE)
    writer = Writer(database, trader)
    writer.start()
    began = time.monotonic()
    try:
        database.migrate()
        seconds = time.monotonic() - began
    finally:
        writer.stop.set()
        writer.join()
    print(
        f"{ROWS} rows migrated in {seconds:.2f} s beside {writer.statements} statements; "
        f"the longest insert and update together took {writer.longest * 1000:.0f} ms"
    )
    [taking_part] = database.run(
        "select count(*), count(regeneration_status), count(regeneration_run) "
        "from trader_execution_errors"
    )
    yield Migrated(database, filenode, writer, seconds, taking_part)
    server.drop(database.name)


def test_the_table_is_not_rewritten(big: Migrated) -> None:
    assert big.database.run(FILENODE) == [(big.filenode_before,)]


def test_no_old_row_takes_part(big: Migrated) -> None:
    rows, with_status, with_run = big.taking_part
    assert rows >= ROWS
    assert (with_status, with_run) == (0, 0)


def test_every_constraint_is_validated_and_every_index_valid(big: Migrated) -> None:
    assert big.database.run("select conname from pg_constraint where not convalidated") == []
    assert big.database.run("select indexrelid from pg_index where not indisvalid") == []


def test_a_writer_went_on_beside_the_migration(big: Migrated) -> None:
    assert big.writer.failures == []
    assert big.writer.statements > 10


def with_work(database: Database) -> None:
    """As after a storm: 20,000 errors in work and as many waiting, among the million."""
    with database.connect() as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            """
            update trader_execution_errors set
              regeneration_run = 1, regeneration_first_run = 1, regeneration_count = 1,
              regeneration_status = (array['pending', 'running', 'proposed', 'duplicate'])
                                    [1 + floor(random() * 4)::int],
              regeneration_lease_until = now() - random() * interval '1 hour',
              created_at = now() - random() * interval '26 hours'
            where id in (select id from trader_execution_errors limit 80000)
            """
        )
        connection.execute(
            """
            insert into filter_regeneration_attempts (error_id, user_id, run, attempt, turn, call,
              source, lease_until, started_at, finished_at, outcome)
            select gen_random_uuid(), gen_random_uuid(), 1, 1, 1, 1, 'model',
              now() - n * interval '1 second', now() - n * interval '1 second',
              case when mod(n, 1000) > 0 then now() end,
              case when mod(n, 1000) > 0 then 'candidate' end
            from generate_series(1, 1000000) as n
            """
        )
    database.run("vacuum analyze trader_execution_errors, filter_regeneration_attempts")


@pytest.fixture(scope="module")
def busy(big: Migrated) -> Database:
    with_work(big.database)
    return big.database


class Explained:
    """A connection that explains a question instead of answering it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self.plan = ""
        self.rowcount = 0

    def execute(self, query: str, parameters: Sequence[Any]) -> "Explained":
        explain = f"explain (analyze, buffers) {query}"
        lines = self._connection.execute(explain.encode(), parameters).fetchall()
        self.plan = "\n".join(line for (line,) in lines)
        return self

    def fetchall(self) -> list[Any]:
        return []

    def fetchone(self) -> None:
        return None

    @property
    def pages(self) -> int:
        """Pages of 8 kB that were looked at, in all."""
        [found] = re.findall(
            r"^ +Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?", self.plan, re.MULTILINE
        )[:1]
        return sum(int(number or 0) for number in found)


QUESTIONS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "what no event reached": ("pending_idx", lambda conn: errors.unreached(conn, 24, 15, 100)),
    "whose lease is over": ("lease_idx", lambda conn: errors.past_lease(conn, 100)),
    "what is too old": ("pending_idx", lambda conn: errors.stop_stale(conn, 24, "late", 100)),
    "calls left open": ("open_idx", lambda conn: ledger.open_past_lease(conn, 900, 100)),
    "alerts to deliver": ("costs_alert_idx", lambda conn: budget.undelivered_alerts(conn, 100)),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_sweeps_questions_use_their_index(busy: Database, question: str) -> None:
    index, ask = QUESTIONS[question]
    with busy.connect() as connection, connection.transaction(force_rollback=True):
        explained = Explained(connection)
        ask(explained)
        ask(explained)  # with the index in memory, as every minute
    print(f"{question}: {explained.pages} pages, {explained.plan.splitlines()[-1].strip()}")
    assert index in explained.plan
    assert "Seq Scan" not in explained.plan
    assert explained.pages < 5_000


ERRORS = "explain select id from trader_execution_errors where "
OTHERS = {
    "duplicate_idx": "duplicate_of = '00000000-0000-4000-8000-000000000001'",
    "fingerprint_key": "fingerprint = 'f' and duplicate_of is null and regeneration_status in "
    "('running', 'proposed', 'exhausted', 'over_budget', 'stopped', 'rejected')",
}


@pytest.mark.parametrize("index", OTHERS)
def test_the_other_questions_use_their_index(big: Migrated, index: str) -> None:
    plan = "\n".join(line for (line,) in big.database.run(ERRORS + OTHERS[index]))
    assert f"trader_execution_errors_{index}" in plan
    assert "Seq Scan" not in plan
