"""`make up` with a database of the user's own: a deployment's is left alone."""

from pathlib import Path

import psycopg
import pytest
from integration.core.rows import Rows
from psycopg.conninfo import make_conninfo

from local.folder import Folder
from local.services import StackError
from local.stack import _database


def own(dsn: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", dsn)
    return _database(Folder(folder))


@pytest.mark.parametrize("method", ["aws_lambda", "pg_net"])
def test_a_database_whose_errors_a_deployment_gets_is_refused(
    rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    rows.run("update filter_regeneration_settings set dispatch = %s, target = 'x'", [method])
    with pytest.raises(StackError, match=f"a deployment gets, by {method}"):
        own(rows.dsn, tmp_path, monkeypatch)


@pytest.mark.parametrize("method", ["none", "notify"])
def test_a_database_that_tells_no_deployment_is_taken(
    rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    rows.run("update filter_regeneration_settings set dispatch = %s, target = 'x'", [method])
    assert own(rows.dsn, tmp_path, monkeypatch) == rows.dsn


def test_a_database_before_its_first_migration_is_taken(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own(postgres, tmp_path, monkeypatch) == postgres


def test_a_database_without_the_settings_row_is_taken(
    rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.run("delete from filter_regeneration_settings")
    assert own(rows.dsn, tmp_path, monkeypatch) == rows.dsn


def test_a_database_that_cannot_be_asked_is_said_without_its_password(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn = make_conninfo(postgres, dbname="nowhere", password="hunter2")
    with pytest.raises(StackError, match="DATABASE_URL cannot be asked") as refused:
        own(dsn, tmp_path, monkeypatch)
    assert "hunter2" not in str(refused.value)
    assert not isinstance(refused.value.__cause__, psycopg.Error)
