"""What the migrations have made in a database, from Postgres' catalogue, and how it dispatches."""

from typing import Literal, Self

from pydantic import Field

from filtermend.database import Connection
from filtermend.models import Value

Dispatcher = Literal["aws_lambda", "pg_net", "notify", "none"]


class Schema(Value):
    """Everything of ours in a database.

    Attributes:
        columns: as `table.column`.
        indexes: the valid ones.
        triggers: of the table of errors, the disabled ones too.
        functions: a hash of each one's body, by its name and arguments.
    """

    columns: list[str] = Field(default_factory=list)
    indexes: list[str] = Field(default_factory=list)
    triggers: list[str] = Field(default_factory=list)
    functions: dict[str, str] = Field(default_factory=dict)

    def without(self, other: Self) -> "Schema":
        """Leave out the columns and indexes that the other one has."""
        return self.model_copy(
            update={
                "columns": [name for name in self.columns if name not in other.columns],
                "indexes": [name for name in self.indexes if name not in other.indexes],
            }
        )

    def missing_in(self, other: Self) -> list[str]:
        """What of it the other one lacks, or has in another version."""
        return [
            *(f"column {name}" for name in self.columns if name not in other.columns),
            *(f"index {name}" for name in self.indexes if name not in other.indexes),
            *(
                f"function {name}" if name not in other.functions else f"another function {name}"
                for name, body in self.functions.items()
                if other.functions.get(name) != body
            ),
        ]


class Dispatch(Value):
    """The settings row; of the token that is sent only whether there is one, and is the secret's.

    By pg_net, that is the row's own token, else the one in Supabase's vault.
    """

    dispatch: Dispatcher
    target: str | None
    region: str | None
    token_stored: bool
    token_is_given: bool


class Server(Value):
    """The server and the login."""

    version: str
    login: str
    reader: bool


_RELATIONS = """
    select oid, relname from pg_catalog.pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      and (relname = 'trader_execution_errors' or starts_with(relname, 'filter_regeneration_'))
"""


def read_schema(conn: Connection) -> Schema:
    """What is there of ours."""
    row = conn.execute(
        f"""
        with ours as ({_RELATIONS})
        select
          (select array_agg(relname || '.' || attname order by relname, attname)
           from ours join pg_catalog.pg_attribute on attrelid = ours.oid
           where attnum > 0 and not attisdropped) as columns,
          (select array_agg(made.relname order by made.relname)
           from ours join pg_catalog.pg_index on indrelid = ours.oid and indisvalid
           join pg_catalog.pg_class as made on made.oid = indexrelid) as indexes,
          (select array_agg(tgname order by tgname)
           from ours join pg_catalog.pg_trigger on tgrelid = ours.oid
           where not tgisinternal and starts_with(tgname, 'filtermend_')) as triggers,
          (select jsonb_object_agg(
             proname || '(' || pg_catalog.pg_get_function_identity_arguments(oid) || ')',
             pg_catalog.md5(prosrc))
           from pg_catalog.pg_proc
           where pronamespace = 'public'::regnamespace
             and (starts_with(proname, 'filtermend_')
                  or proname in ('decide_fix', 'request_regeneration'))) as functions
        """
    ).fetchone()
    assert row is not None  # a query without tables has one row
    return Schema.model_validate({name: value for name, value in row.items() if value})


def disabled_triggers(conn: Connection) -> list[str]:
    """Our triggers that are there and do not fire for an ordinary session."""
    rows = conn.execute(
        f"""
        with ours as ({_RELATIONS})
        select tgname from ours join pg_catalog.pg_trigger on tgrelid = ours.oid
        where not tgisinternal and starts_with(tgname, 'filtermend_') and tgenabled in ('D', 'R')
        order by 1
        """
    ).fetchall()
    return [str(row["tgname"]) for row in rows]


def read_server(conn: Connection) -> Server:
    """Which server it is, and as whom we are there."""
    row = conn.execute(
        """
        select current_setting('server_version') as version, current_user as login,
               pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean
                 as reader
        """
    ).fetchone()
    return Server.model_validate(row)


def read_dispatch(conn: Connection, webhook_token: str) -> Dispatch | None:
    """How the database says that errors came in; None without a settings row."""
    row = conn.execute(
        "select * from public.filtermend_dispatch_settings(%s)", (webhook_token,)
    ).fetchone()
    return Dispatch.model_validate(row) if row else None


def has_extension(conn: Connection, name: str) -> bool:
    """Whether an extension is installed."""
    return bool(
        conn.execute("select from pg_catalog.pg_extension where extname = %s", (name,)).fetchall()
    )
