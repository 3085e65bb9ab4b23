"""What `sam local` is given: events, images, addresses, and who may pass the forwarder."""

import ipaddress
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from local.aws import ARCHITECTURE
from local.folder import Folder
from local.sam_local.engine import NoEngineError, find, start_own
from local.sam_local.events import events_of
from local.sam_local.forward import allowed
from local.sam_local.images import aws_name
from local.sam_local.invoking import FunctionFailedError, read_answer
from local.sam_local.project import functions
from local.sam_local.reach import Routes, elsewhere
from local.services import StackError, State
from local.template import template

BRIDGE = ipaddress.ip_interface("10.213.7.1/24")


def test_every_function_has_an_event_and_every_event_a_function() -> None:
    names = functions(template())
    assert {"TriggerFunction", "ScreenerFunction"} <= names.keys()
    assert {event.function for event in events_of(names)} == names.keys()


def test_a_function_without_an_event_is_named(tmp_path: Path) -> None:
    (tmp_path / "sweep.json").write_text("{}")
    with pytest.raises(StackError, match=r"DoctorFunction has no event: .*doctor\.json"):
        events_of(["SweepFunction", "DoctorFunction"], tmp_path)


def test_an_event_for_no_function_is_named(tmp_path: Path) -> None:
    for name in ("sweep", "sweep-failed", "sweeper"):
        (tmp_path / f"{name}.json").write_text("{}")
    with pytest.raises(StackError, match=r"sweeper\.json is for no function"):
        events_of(["SweepFunction"], tmp_path)


@pytest.mark.parametrize(
    ("runtime", "name"), [("python3.13", "python:3.13"), ("provided.al2023", "provided:al2023")]
)
def test_the_image_is_the_one_that_sam_would_take(runtime: str, name: str) -> None:
    assert aws_name(runtime) == f"public.ecr.aws/lambda/{name}-{ARCHITECTURE}"


def test_addresses_of_this_machine_are_replaced_and_each_has_one_port() -> None:
    routes = Routes()
    given = "http://127.0.0.1:8080/a http://localhost:81 http://127.0.0.1:8080/b"
    first, second, third = routes.text(given).split()
    port = routes.ports["127.0.0.1:8080"]
    assert (first, third) == tuple(f"http://host.docker.internal:{port}/{x}" for x in "ab")
    assert second == f"http://host.docker.internal:{routes.ports['localhost:81']}"


@pytest.mark.parametrize("value", ["https://api.braintrust.dev", "http://10.127.0.0.1:80", "15"])
def test_anything_else_stays(value: str) -> None:
    assert Routes().text(value) == value


@pytest.mark.parametrize(
    ("dsn", "target"),
    [
        ("postgresql://me:pw@/db?host=/var/run/pg", "/var/run/pg/.s.PGSQL.5432"),
        ("postgresql://me:pw@localhost:5433/db", "localhost:5433"),
        ("host=127.0.0.1 user=me password=pw dbname=db", "127.0.0.1:5432"),
    ],
)
def test_a_database_here_is_reached_through_the_forwarder(dsn: str, target: str) -> None:
    routes = Routes()
    reached = conninfo_to_dict(routes.database(dsn))
    port = str(routes.ports[target])
    assert reached == {
        "user": "me",
        "password": "pw",
        "dbname": "db",
        "host": "host.docker.internal",
        "port": port,
    }


def test_a_database_elsewhere_is_left_as_it_is() -> None:
    assert Routes().database("postgresql://me@db.example.com/db").endswith("@db.example.com/db")


def test_what_is_not_on_this_machine_is_named() -> None:
    given = {"A": "http://127.0.0.1:80", "B": "https://api.braintrust.dev", "C": ""}
    assert elsewhere(given) == ["B"]


@pytest.mark.parametrize(
    ("peer", "passes"),
    [("10.213.7.2", True), ("10.213.7.1", False), ("10.213.8.2", False), ("127.0.0.1", False)],
)
def test_only_a_container_passes_the_forwarder(peer: str, passes: bool) -> None:
    assert allowed(BRIDGE, peer) is passes


def test_where_no_engine_can_be_had_a_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find() is None
    with pytest.raises(
        NoEngineError, match=r"^no container engine runs, .*: start Docker, or name"
    ):
        start_own(Folder(tmp_path), State())


def test_a_dead_engine_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    assert find() is None


def test_what_a_function_raised_is_no_answer() -> None:
    with pytest.raises(FunctionFailedError, match="KeyError: 'x'"):
        read_answer('{"errorType": "KeyError", "errorMessage": "\'x\'", "requestId": "1"}')
    assert read_answer('{"applied": []}') == {"applied": []}
    with pytest.raises(StackError, match="no JSON"):
        read_answer("END RequestId")
