"""`make costs` asked in every way: which database, which variables, and how big a ledger."""

import getpass
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from integration.core.costs_run import Report, costs_of
from integration.core.endpoints import eventually
from integration.core.rows import Rows
from psycopg.conninfo import make_conninfo
from psycopg.errors import ReadOnlySqlTransaction

from filtermend.store.costs import daily_costs, ledger_lines
from local.folder import ROOT, Folder
from local.operate.costs.report import compare
from local.operate.database import snapshot
from local.services import State

LEDGER = 50_000


@pytest.fixture
def costs(
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Report:
    """`make costs` with these variables, where no local stack runs."""
    monkeypatch.setenv("DATABASE_URL", rows.dsn)
    monkeypatch.setenv("FILTERMEND_LOCAL", str(tmp_path))
    return costs_of(monkeypatch, capsys)


def calls(rows: Rows, user: UUID, count: int, days: int) -> None:
    """A ledger of this user's answered calls, from now back over so many days."""
    rows.run(
        """
        insert into filter_regeneration_attempts
            (error_id, run, attempt, turn, call, user_id, source, model, answer, outcome, cost_usd,
             started_at, finished_at)
        select gen_random_uuid(), 1, 1, 1, 1, %(user)s, 'model', 'scripted', repeat('x', 300),
            'candidate', 0.01, moment, moment
        from generate_series(1, %(count)s) as n,
            lateral (select now() - make_interval(secs => n * 86400.0 * %(days)s / %(count)s)) as at (moment)
        """,
        {"user": user, "count": count, "days": days},
    )
    rows.run(
        """
        insert into filter_regeneration_daily_costs (user_id, day, spent_usd)
        select user_id, (started_at at time zone 'utc')::date, sum(cost_usd)
        from filter_regeneration_attempts group by 1, 2
        """
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("DAYS", value) for value in ("0", "-1", "week", "7.5", "\u0667", "3661", "9" * 5000)),
        *(("COSTS_USER", value) for value in ("me", "0", "'; drop table traders; --")),
        *(("FORMAT", value) for value in ("xml", "TABLE", "table ")),
    ],
)
def test_a_value_that_cannot_be_used_is_named(costs: Report, name: str, value: str) -> None:
    done = costs(**{name: value})
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"costs: {name.removeprefix('COSTS_')} is ")
    assert done.err.count("\n") == 1


def test_the_limit_of_the_deployment_has_to_be_a_number(costs: Report) -> None:
    done = costs(DAILY_COST_LIMIT_USD="ten")
    assert done.code == 2
    assert "DAILY_COST_LIMIT_USD" in done.err


def test_without_a_database_it_says_where_one_comes_from(costs: Report) -> None:
    done = costs(DATABASE_URL="")
    assert (done.code, done.out) == (2, "")
    assert "set DATABASE_URL" in done.err
    assert "make up" in done.err


def test_the_database_of_the_local_stack_is_taken_when_none_is_named(
    rows: Rows, costs: Report, tmp_path: Path
) -> None:
    State(env={"DATABASE_URL": rows.dsn}).write(Folder(tmp_path))
    user = uuid4()
    calls(rows, user, 3, 1)
    done = costs(DATABASE_URL="", FORMAT="json")
    assert (done.code, done.json["total"]["answered"]) == (0, 3)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://u:hunter2@127.0.0.1:9/db", "cannot be reached"),
        ("postgresql://u:hunter2@nowhere.invalid/db", "cannot be reached"),
        ("postgresql://u:hunter2@b@127.0.0.1:9/db", "cannot be reached"),
        ("host=127.0.0.1 port=9 password='hunter2", "no connection string"),
        ("mysql://u:hunter2@127.0.0.1/db", "no connection string"),
        ("hunter2", "no connection string"),
    ],
)
def test_a_database_that_cannot_be_reached_is_a_sentence_without_its_password(
    costs: Report, url: str, sentence: str
) -> None:
    done = costs(DATABASE_URL=url)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert "hunter2" not in done.err
    assert done.err.count("\n") == 1


def test_a_database_without_the_tables_is_to_be_migrated(costs: Report, postgres: str) -> None:
    done = costs(DATABASE_URL=make_conninfo(postgres, dbname="postgres"))
    assert done.code == 2
    assert "apply the migrations" in done.err


def test_a_login_that_may_not_read_is_told_which_may(rows: Rows, costs: Report) -> None:
    login = f"costs_{uuid4().hex[:8]}"
    rows.run(f"create role {login} login")
    try:
        url = make_conninfo(rows.dsn, user=login)
        done = costs(DATABASE_URL=url)
        assert done.code == 2
        assert "grant filtermend_service" in done.err
        calls(rows, uuid4(), 3, 1)
        rows.run(f"grant filtermend_service to {login}")
        assert costs(DATABASE_URL=url, FORMAT="json").json["total"]["answered"] == 3
    finally:
        rows.run(f"drop role {login}")


def test_make_takes_user_from_its_command_line_alone(rows: Rows) -> None:
    user = uuid4()
    calls(rows, user, 2, 1)
    kept = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "DATABASE_URL": rows.dsn}

    def make(*variables: str, login: str) -> subprocess.CompletedProcess[str]:
        command = ["make", "-s", "-o", ".local/tools/.dev", "costs", f"PY={sys.executable}"]
        return subprocess.run(
            [*command, "FORMAT=json", *variables],
            check=False,
            cwd=ROOT,
            env=kept | {"USER": login},
            capture_output=True,
            text=True,
            timeout=60,
        )

    everybody = make(login=getpass.getuser())
    assert everybody.returncode == 0, everybody.stderr
    assert json.loads(everybody.stdout)["total"]["answered"] == 2
    nobody = make(f"USER={uuid4()}", login=str(user))
    assert json.loads(nobody.stdout)["total"]["answered"] == 0


def test_a_report_sees_one_moment_and_writes_nothing(rows: Rows) -> None:
    user = uuid4()
    calls(rows, user, 3, 1)
    since = datetime.now(UTC).date() - timedelta(days=1)
    with snapshot(rows.dsn) as conn:
        lines = ledger_lines(conn, since)
        rows.run("update filter_regeneration_daily_costs set spent_usd = spent_usd + 1")
        assert compare(since, lines, daily_costs(conn, since, Decimal(10))).differences == []
        with pytest.raises(ReadOnlySqlTransaction):
            conn.execute("delete from filter_regeneration_attempts")


def test_a_week_of_a_large_ledger_is_found_by_an_index(rows: Rows, costs: Report) -> None:
    user = uuid4()
    calls(rows, user, LEDGER, 100)
    rows.run("vacuum analyze filter_regeneration_attempts")

    def scans() -> tuple[int, int]:
        [row] = rows.run(
            "select seq_scan, idx_scan from pg_stat_user_tables "
            "where relname = 'filter_regeneration_attempts'"
        )
        return row["seq_scan"], row["idx_scan"]

    for variables in ({}, {"COSTS_USER": str(user)}):
        sequential, by_index = scans()
        done = costs(FORMAT="json", **variables)
        assert done.code == 0
        assert 6 * LEDGER // 100 <= done.json["total"]["answered"] <= 7 * LEDGER // 100
        eventually(lambda seen=by_index: scans()[1] > seen)
        assert scans()[0] == sequential
