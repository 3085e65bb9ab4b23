"""`python -m local.schema`: write down what the migrations make, for the doctor function.

What a database of the screener has already (files 0001 and 0002) is left out: whatever screener
made it, that part is its own.
"""

import importlib.util
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg.rows import dict_row

from filtermend.store.schema import Schema, read_schema
from local import postgres
from local.folder import ROOT, Folder

FILE = ROOT / "layers/filtermend/filtermend/checkup/schema.json"
RUNNER = ROOT / "src/migrate/runner.py"
THE_SCREENER_S = "000[12]_*.sql"


def main() -> None:
    """Migrate an empty Postgres and keep what is in it then."""
    with TemporaryDirectory(prefix="filtermend-schema-") as path:
        folder = Folder(Path(path))
        try:
            made = from_migrations(postgres.start(folder), Path(path) / "sql")
        finally:
            postgres.stop(folder)
    FILE.write_text(made.model_dump_json(indent=2) + "\n")


def from_migrations(dsn: str, scratch: Path) -> Schema:
    """What the migrations make in an empty database, without what the screener has.

    Args:
        dsn: the database.
        scratch: a folder that is not there yet, for some of the files.
    """
    spec = importlib.util.spec_from_file_location("migrate_runner", RUNNER)
    assert spec is not None
    assert spec.loader is not None
    runner: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    every = runner.SQL_FOLDER
    scratch.mkdir()
    for file in every.glob(THE_SCREENER_S):
        shutil.copy(file, scratch)
    read = []
    for runner.SQL_FOLDER in (scratch, every):
        runner.migrate(dsn, report=lambda _: None)
        with psycopg.Connection.connect(dsn, row_factory=dict_row) as connection:
            read.append(read_schema(connection))
    before, after = read
    return after.without(before)


if __name__ == "__main__":
    main()
