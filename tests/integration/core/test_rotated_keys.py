"""A key that was rotated in the secret is the one used from then on, in a process that lives on."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from integration.core.endpoints import FENCED, Backend, Gemini
from integration.core.invocations import Context, url_event
from integration.core.rows import Rows

from filtermend import gemini
from filtermend.faults import GeminiUnavailable
from filtermend.settings import Secret
from local.folder import ROOT

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")
LOGIN = """{"org_info": [{"id": "o", "name": "org", "api_url": "URL", "proxy_url": "URL"}]}"""
TRACES = """
from uuid import uuid4
from filtermend.tracing import Place, tracer
root = Place(uuid4(), ("one",))
with tracer("ai-trader", "old").span(root, "task"):
    pass
tracer("ai-trader", "old").flush()
with tracer("ai-trader", "new").span(root.below("two"), "task"):
    pass
tracer("ai-trader", "new").flush()
"""


@pytest.fixture
def rotate(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put these fields into the secret."""

    def new(**fields: str) -> None:
        rotated = Secret.load().model_copy(update=fields)
        monkeypatch.setattr(Secret, "load", classmethod(lambda cls, *, fresh=False: rotated))

    return new


def test_gemini_is_asked_with_the_rotated_key(
    rows: Rows,
    app: Callable[..., Any],
    backend: Backend,
    rotate: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def ask(
        question: object, sampling: object, settings: object, api_key: str, **_: object
    ) -> None:
        asked.append(api_key)
        raise GeminiUnavailable("503")

    monkeypatch.setattr(gemini, "ask", ask)
    settings = {"GO_BACKEND_URL": backend.url, "GEMINI_MODEL": "scripted"}
    regenerate = app("regenerate", settings, database_url=rows.dsn, gemini_api_key="old")
    step = rows.running().model_dump(mode="json", exclude_none=True)
    for _ in range(2):
        with pytest.raises(GeminiUnavailable):
            regenerate.handler(step, Context())
        rotate(gemini_api_key="new")
    assert asked == ["old", "new"]
    regenerate.database.close()


def test_the_go_backend_is_called_with_the_rotated_token(
    app: Callable[..., Any], backend: Backend, rotate: Callable[..., None]
) -> None:
    backend.answers["/api/validate-filter"] = (200, "ok")
    settings = {"GO_BACKEND_URL": backend.url, "GO_BACKEND_AUTH": "bearer"}
    validate = app("validate", settings, go_backend_token="old")
    for token in ("old", "new"):
        rotate(go_backend_token=token)
        validate.handler(url_event('{"code": "return true"}'), Context())
        validate.backend(Secret.load())._http.close()
    sent = [request.headers["authorization"] for request in backend.requests]
    assert sent == ["Bearer old", "Bearer new"]


def test_traces_are_sent_with_the_rotated_key(backend: Backend) -> None:
    backend.answers["/api/apikey/login"] = (200, LOGIN.replace("URL", backend.url))
    addresses = {"BRAINTRUST_API_URL": backend.url, "BRAINTRUST_APP_URL": backend.url}
    path = {"PYTHONPATH": str(ROOT / "layers" / "filtermend")}
    inherited = {n: v for n, v in os.environ.items() if not n.startswith("BRAINTRUST_")}
    command = [sys.executable, "-c", TRACES]
    subprocess.run(command, env=inherited | addresses | path, check=True, timeout=60)
    logins = [request.headers["authorization"] for request in backend.to("/api/apikey/login")]
    assert list(dict.fromkeys(logins)) == ["Bearer old", "Bearer new"]


def test_a_refused_key_is_looked_up_anew_at_once(
    rows: Rows,
    app: Callable[..., Any],
    backend: Backend,
    gemini: Gemini,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = {
        "GO_BACKEND_URL": backend.url,
        "GEMINI_MODEL": "scripted",
        "GEMINI_BASE_URL": gemini.url,
    }
    regenerate = app("regenerate", settings, database_url=rows.dsn, gemini_api_key="old")
    held = {"secret": Secret.load()}
    rotated = held["secret"].model_copy(update={"gemini_api_key": "new"})

    def load(cls: type[Secret], *, fresh: bool = False) -> Secret:
        if fresh:  # the cache, too, has the new one from now on
            held["secret"] = rotated
        return held["secret"]

    monkeypatch.setattr(Secret, "load", classmethod(load))
    gemini.play({"status": 401}, {"text": FENCED})
    step = rows.running().model_dump(mode="json", exclude_none=True)
    first = regenerate.handler(step, Context())
    assert (first["outcome"], first["wait_seconds"]) == ("hold", 1)
    assert regenerate.handler(first, Context())["outcome"] == "candidate"
    assert regenerate.regenerator(Secret.load()).api_key == "new"
    regenerate.database.close()
