"""A busy screener's table with a million old errors."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
import pytest
from integration.database.postgres import Database, Server

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
    yield Migrated(database, filenode, writer, seconds)
    server.drop(database.name)


def test_the_table_is_not_rewritten(big: Migrated) -> None:
    assert big.database.run(FILENODE) == [(big.filenode_before,)]


def test_no_old_row_takes_part(big: Migrated) -> None:
    query = "select count(*), count(regeneration_status), count(regeneration_run) "
    [(rows, with_status, with_run)] = big.database.run(query + "from trader_execution_errors")
    assert rows >= ROWS
    assert (with_status, with_run) == (0, 0)


def test_every_constraint_is_validated_and_every_index_valid(big: Migrated) -> None:
    assert big.database.run("select conname from pg_constraint where not convalidated") == []
    assert big.database.run("select indexrelid from pg_index where not indisvalid") == []


def test_a_writer_went_on_beside_the_migration(big: Migrated) -> None:
    assert big.writer.failures == []
    assert big.writer.statements > 10


ERRORS = "select id from trader_execution_errors where "
QUESTIONS = {
    "pending_idx": "regeneration_status = 'pending' and created_at > now() - interval '24 hours' "
    "order by created_at limit 100",
    "lease_idx": "regeneration_status in ('running', 'over_budget') "
    "and regeneration_lease_until < now() order by regeneration_lease_until limit 100",
    "duplicate_idx": "duplicate_of = '00000000-0000-4000-8000-000000000001'",
    "fingerprint_key": "fingerprint = 'f' and duplicate_of is null and regeneration_status in "
    "('running', 'proposed', 'exhausted', 'over_budget', 'stopped', 'rejected')",
}


@pytest.mark.parametrize("index", QUESTIONS)
def test_the_services_questions_use_their_index(big: Migrated, index: str) -> None:
    explained = big.database.run("explain " + ERRORS + QUESTIONS[index])
    plan = "\n".join(line for (line,) in explained)
    assert f"trader_execution_errors_{index}" in plan
    assert "Seq Scan" not in plan
