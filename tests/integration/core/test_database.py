"""One connection per process: mended when the server ends it, silent about its password."""

import socket
import threading
from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from integration.core.rows import Rows
from psycopg.conninfo import make_conninfo

from filtermend import database
from filtermend.database import Connection, Database
from filtermend.faults import DatabaseUnavailable, Fault, StatementRefused

PASSWORD = "hunter2-very-secret"


def pid(conn: Connection) -> int:
    return conn.info.backend_pid


def kill(rows: Rows, backend: int) -> None:
    assert rows.run("select pg_terminate_backend(%s, 5000) as dead", [backend]) == [{"dead": True}]


def test_a_connection_is_kept(connect: Callable[[], Database]) -> None:
    database = connect()
    assert database.transact(pid) == database.transact(pid)


def test_a_connection_that_the_server_ended_is_reopened(
    rows: Rows, connect: Callable[[], Database]
) -> None:
    database = connect()
    first = database.transact(pid)
    kill(rows, first)
    assert database.transact(pid) != first


def test_work_whose_connection_ends_under_it_runs_again_from_the_start(
    rows: Rows, connect: Callable[[], Database]
) -> None:
    database = connect()
    tries: list[int] = []

    def work(conn: Connection) -> None:
        conn.execute("insert into traders (user_id, name) values (gen_random_uuid(), 'one')")
        tries.append(pid(conn))
        if len(tries) == 1:
            kill(rows, tries[0])
        conn.execute("insert into traders (user_id, name) values (gen_random_uuid(), 'two')")

    database.transact(work)
    assert len(tries) == 2
    names = [row["name"] for row in rows.run("select name from traders order by name")]
    assert names == ["one", "two"]


def test_work_whose_connections_keep_ending_is_unavailable_and_then_mended(
    rows: Rows, connect: Callable[[], Database]
) -> None:
    database = connect()

    def deadly(conn: Connection) -> None:
        kill(rows, pid(conn))
        conn.execute("select 1")

    with pytest.raises(DatabaseUnavailable, match="AdminShutdown"):
        database.transact(deadly)
    assert database.transact(pid) > 0


def test_a_failing_statement_rolls_everything_back(
    rows: Rows, connect: Callable[[], Database]
) -> None:
    database = connect()

    def work(conn: Connection) -> None:
        conn.execute("insert into traders (user_id) values (gen_random_uuid())")
        conn.execute("select 1 / 0")

    with pytest.raises(StatementRefused, match="DivisionByZero 22012"):
        database.transact(work)
    assert rows.run("select * from traders") == []
    assert database.transact(pid) > 0


def test_an_exception_of_the_work_rolls_everything_back(
    rows: Rows, connect: Callable[[], Database]
) -> None:
    def work(conn: Connection) -> None:
        conn.execute("insert into traders (user_id) values (gen_random_uuid())")
        raise KeyError

    with pytest.raises(KeyError):
        connect().transact(work)
    assert rows.run("select * from traders") == []


def test_a_row_that_stays_locked_is_unavailable_and_names_the_cause(
    rows: Rows, connect: Callable[[], Database]
) -> None:
    ref = rows.error()
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with psycopg.connect(rows.dsn) as holder:
            holder.execute("select 1 from trader_execution_errors for update")
            locked.set()
            done.wait(10)

    def work(conn: Connection) -> None:
        conn.execute("set local lock_timeout = 100")
        conn.execute("update trader_execution_errors set id = id where id = %s", [ref.error_id])

    holding = threading.Thread(target=hold)
    holding.start()
    assert locked.wait(5)
    try:
        with pytest.raises(DatabaseUnavailable, match="LockNotAvailable 55P03"):
            connect().transact(work)
    finally:
        done.set()
        holding.join()


LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


def shown(conn: Connection, *names: str) -> list[object]:
    values = [conn.execute(f"show {name}".encode()).fetchone() for name in names]
    return [next(iter(value.values())) for value in values if value]


def test_every_transaction_has_its_limits(connect: Callable[[], Database]) -> None:
    database = connect()
    for _ in range(2):
        assert database.transact(lambda conn: shown(conn, *LIMITS)) == ["10s", "5s", "15s"]


def test_a_statement_past_its_limit_is_ended(
    connect: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BEGIN", database._BEGIN.replace("10s", "50ms"))
    with pytest.raises(DatabaseUnavailable, match="QueryCanceled"):
        connect().transact(lambda conn: conn.execute("select pg_sleep(5)"))


def test_a_pooler_is_asked_for_nothing_that_it_refuses(connect: Callable[[], Database]) -> None:
    assert "options" not in connect().transact(lambda conn: conn.info.get_parameters())


def test_options_in_the_connection_string_hold(rows: Rows) -> None:
    own = Database(lambda _: make_conninfo(rows.dsn, options="-c work_mem=7MB"))
    assert own.transact(lambda conn: shown(conn, "work_mem", *LIMITS))[:2] == ["7MB", "10s"]
    own.close()


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


DSNS = {
    "nobody listens": f"postgresql://app:{PASSWORD}@127.0.0.1:{closed_port()}/shop",
    "no such host": f"postgresql://app:{PASSWORD}@nowhere.invalid/shop",
    "not a scheme": f"postgres//app:{PASSWORD}@127.0.0.1/shop",
    "not a port": f"postgresql://app:{PASSWORD}@127.0.0.1:port/shop",
    "half escaped": f"postgresql://app:{PASSWORD}%@127.0.0.1/shop",
}


@pytest.mark.parametrize("dsn", DSNS.values(), ids=DSNS.keys())
def test_a_server_that_cannot_be_reached_is_said_without_the_password(
    dsn: str, logged: Callable[[], str]
) -> None:
    with pytest.raises(Fault) as raised:
        Database(lambda _: dsn).transact(pid)
    chain: BaseException | None = raised.value
    while chain is not None:
        assert PASSWORD not in str(chain)
        chain = None if chain.__suppress_context__ and chain.__cause__ is None else chain.__cause__
    assert "shop" not in str(raised.value)
    assert PASSWORD not in logged()


def test_a_server_that_comes_back_is_used_again(rows: Rows) -> None:
    dsns = [f"postgresql://127.0.0.1:{closed_port()}/shop"] * 2 + [rows.dsn]
    database = Database(lambda _: dsns.pop(0))
    with pytest.raises(DatabaseUnavailable):
        database.transact(pid)
    assert database.transact(pid) > 0
    database.close()


def test_a_rotated_connection_string_is_picked_up_at_the_next_connect(rows: Rows) -> None:
    asked: list[str] = []

    def dsn(fresh: bool) -> str:
        asked.append(make_conninfo(rows.dsn, application_name=f"try {len(asked)}"))
        return asked[-1]

    database = Database(dsn)
    kill(rows, database.transact(pid))
    database.transact(pid)
    assert len(asked) == 2
    database.close()


def test_a_server_that_became_a_reader_is_left(rows: Rows, connect: Callable[[], Database]) -> None:
    database = connect()
    first = database.transact(pid)

    def fail_over(conn: Connection) -> int:
        if pid(conn) == first:
            conn.execute("set transaction read only")
        conn.execute("insert into traders (user_id, name) values (gen_random_uuid(), 'one')")
        return pid(conn)

    assert database.transact(fail_over) != first


def test_a_database_that_only_reads_is_unavailable(
    rows: Rows, connect: Callable[[], Database]
) -> None:
    def write(conn: Connection) -> None:
        conn.execute("set transaction read only")
        conn.execute("insert into traders (user_id, name) values (gen_random_uuid(), 'one')")

    with pytest.raises(DatabaseUnavailable, match="ReadOnlySqlTransaction 25006"):
        connect().transact(write)


def test_a_refused_connection_has_the_secret_looked_up_once_a_minute() -> None:
    asked: list[bool] = []

    def dsn(fresh: bool) -> str:
        asked.append(fresh)
        return f"postgresql://127.0.0.1:{closed_port()}/shop"

    database = Database(dsn)
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            database.transact(pid)
    assert asked == [False, True, False, False]


def test_a_server_with_no_connection_left_is_unavailable(rows: Rows) -> None:
    role = f"poor_{uuid4().hex[:8]}"
    rows.run(f"create role {role} login connection limit 0")
    try:
        database = Database(lambda _: make_conninfo(rows.dsn, user=role))
        with pytest.raises(DatabaseUnavailable):
            database.transact(pid)
    finally:
        rows.run(f"drop role {role}")
