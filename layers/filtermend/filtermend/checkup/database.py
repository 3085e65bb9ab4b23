"""Is the database there, migrated, and does it tell this stack of its errors?"""

from functools import cache
from importlib.resources import files

from filtermend.checkup.dispatch import judge_dispatch
from filtermend.checkup.finding import Seen, broken, in_secret, ok, unknown
from filtermend.database import Database
from filtermend.faults import DatabaseUnavailable, SettingMissing, StatementRefused
from filtermend.settings import DispatchSettings, Secret
from filtermend.store import schema
from filtermend.store.schema import Schema

MIGRATE = "apply the migrations: make migrate ENV=…"
_CAUSES = {  # what libpq says, and what helps
    "password authentication failed": ("user or password is wrong", "put the right ones into"),
    "no password supplied": ("database_url has no password", "put one into"),
    "no pg_hba.conf entry": (
        "the server does not let this login in from here",
        "allow it in pg_hba.conf, or set sslmode=require in",
    ),
    "translate host name": ("its host name is not known", "look at the host in"),
    "refused": ("nothing listens at that address", "start the server, or mend the address in"),
    "No such file": ("nothing listens at that socket", "start the server, or mend the address in"),
    "does not exist": ("it has no such role or database", "mend the name in"),
    "timeout": (
        "it does not answer",
        "let the functions in (SubnetIds, SecurityGroupIds, the database's own group), or mend",
    ),
    "too many": ("all its connections are taken", "put an RDS Proxy or PgBouncer into"),
}
"""The first that the text has. The text itself, which names host and user, is not told."""

TOLD = 3
"""So many of what is missing are named."""


@cache
def wanted() -> Schema:
    """What the migrations of this release make: `make schema` writes it."""
    text = files("filtermend").joinpath("checkup/schema.json").read_bytes()
    return Schema.model_validate_json(text)


class DatabaseCheckup:
    """The checks of one database, each on a connection of its own.

    Args:
        secret: has its address.
        settings: where its errors have to go.
    """

    def __init__(self, secret: Secret, settings: DispatchSettings) -> None:
        self._secret = secret
        self._settings = settings

    def look_at_server(self) -> Seen:
        """It can be reached, and written to."""
        try:
            server = self._database().transact(schema.read_server)
        except SettingMissing as fault:
            return broken(str(fault), in_secret("put a database_url into"))
        except DatabaseUnavailable as fault:
            return _away(fault)
        if server.reader:
            return broken(
                "it is a reader: nothing can be written",
                in_secret("put the writer's address as database_url into"),
            )
        return ok(f"PostgreSQL {server.version}, as {server.login}")

    def look_at_migrations(self) -> Seen:
        """It has all that this release's migrations make."""
        try:
            there = self._database().transact(schema.read_schema)
        except (DatabaseUnavailable, SettingMissing):
            return _NOT_REACHED
        missing = wanted().missing_in(there)
        if not there.columns:
            return broken("the database has none of filtermend's tables", MIGRATE)
        if missing:
            first = ", ".join(missing[:TOLD]) + (", …" if len(missing) > TOLD else "")
            return broken(f"{len(missing)} missing or of another release: {first}", MIGRATE)
        return ok(
            f"{len(wanted().columns)} columns and {len(wanted().functions)} functions are ours"
        )

    def look_at_triggers(self) -> Seen:
        """The triggers on the table of errors are there and enabled."""
        try:
            database = self._database()
            there = database.transact(schema.read_schema).triggers
            disabled = database.transact(schema.disabled_triggers)
        except (DatabaseUnavailable, SettingMissing):
            return _NOT_REACHED
        if missing := [name for name in wanted().triggers if name not in there]:
            return broken(f"missing: {', '.join(missing)}", MIGRATE)
        if disabled:
            enable = ", ".join(f"enable trigger {name}" for name in disabled)
            return broken(
                f"disabled: {', '.join(disabled)}",
                f'psql "$DATABASE_URL" -c "alter table trader_execution_errors {enable}"',
            )
        return ok(f"{', '.join(wanted().triggers)} are enabled")

    def look_at_dispatch(self) -> Seen:
        """The settings row sends errors to this stack."""
        try:
            database = self._database()
            row = database.transact(
                lambda conn: schema.read_dispatch(conn, self._secret.webhook_token)
            )
            if row is None:
                return broken("there is no settings row", MIGRATE)
            installed = database.transact(lambda conn: schema.has_extension(conn, row.dispatch))
        except (DatabaseUnavailable, SettingMissing):
            return _NOT_REACHED
        except StatementRefused as fault:
            return unknown(f"the settings cannot be read ({fault}): see migrations", MIGRATE)
        return judge_dispatch(row, self._settings, installed=installed)

    def _database(self) -> Database:
        """Without a second look at the secret: it has just been read."""
        return Database(lambda _: self._secret.need("database_url"))


_NOT_REACHED = unknown("the database cannot be reached: see database")


def _away(fault: DatabaseUnavailable) -> Seen:
    """Why there is no connection, as far as libpq's text tells it."""
    text = str(fault.__cause__)
    for words, (cause, help_) in _CAUSES.items():
        if words in text:
            return broken(cause, in_secret(f"{help_} database_url of"))
    return broken(
        f"it cannot be reached ({fault})",
        in_secret("look at the server's log, or mend database_url of"),
    )
