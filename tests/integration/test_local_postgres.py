"""The local stack's Postgres."""

import shutil
from pathlib import Path

import psycopg

from local import postgres
from local.folder import Folder


def test_it_starts_again_in_the_process_that_stopped_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    try:
        for _ in range(2):
            with psycopg.connect(postgres.start(folder)) as conn:
                assert conn.execute("select 1").fetchone() == (1,)
            postgres.stop(folder)
    finally:
        postgres.stop(folder)


def test_it_starts_anew_where_its_folder_was_deleted(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    try:
        for _ in range(2):
            with psycopg.connect(postgres.start(folder)) as conn:
                conn.execute("create table once ()")
            postgres.stop(folder)
            shutil.rmtree(folder.postgres)
    finally:
        postgres.stop(folder)
