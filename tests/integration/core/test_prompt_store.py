"""Prompts from Braintrust over HTTP: the newest serves, and one that cannot costs half a second."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from filtermend import prompt_store
from filtermend.prompt import SLUG, PromptTemplate, bundled_template
from filtermend.prompt_store import LOAD_SECONDS, TIME_TO_LIVE_SECONDS, PromptStore
from filtermend.settings import TracingSettings
from local.braintrust.app import create_app
from local.braintrust.store import Store
from local.gemini.serving import serving
from local.operate import CannotOperate, prompts

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")


class Endpoint:
    """A Braintrust of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def put(self, template: PromptTemplate) -> None:
        texts = (template.system, template.user, template.feedback)
        messages = [{"role": "user", "content": text} for text in texts]
        body = {
            "project_name": "ai-trader",
            "slug": SLUG,
            "name": SLUG,
            "prompt_data": {"prompt": {"type": "chat", "messages": messages}},
        }
        httpx.put(f"{self.url}/_control/prompt", json=body).raise_for_status()

    def fault(self, **fault: Any) -> None:
        httpx.put(f"{self.url}/_control/fault", json=fault).raise_for_status()

    def store(self, key: str = "bt-key") -> PromptStore:
        return PromptStore(TracingSettings(braintrust_api_url=self.url), key)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving(create_app(Store())) as url:
        yield Endpoint(url)


def other(text: str) -> PromptTemplate:
    shipped = bundled_template()
    return shipped.model_copy(update={"system": f"{text}\n{shipped.system}"})


def test_without_a_prompt_or_a_key_the_shipped_one_serves(endpoint: Endpoint) -> None:
    assert endpoint.store().template() == bundled_template()
    endpoint.put(other("new"))
    assert endpoint.store(key="").template().source == "bundled"


def test_the_newest_prompt_serves_until_its_time_is_up(endpoint: Endpoint) -> None:
    store, now = endpoint.store(), [0.0]
    endpoint.put(other("first"))
    first = store.template(lambda: now[0])
    assert (first.source, first.system[:5]) == ("braintrust", "first")
    endpoint.put(other("second"))
    assert store.template(lambda: now[0]) is first
    now[0] = TIME_TO_LIVE_SECONDS + 1
    second = store.template(lambda: now[0])
    assert (second.system[:6], second.version > first.version) == ("second", True)


def test_a_prompt_that_would_spoil_code_does_not_serve(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(prompt_store.logger, "warning", lambda *_, extra: told.append(extra))
    shipped = bundled_template()
    spoilt = shipped.user.replace("{{{failed_code}}}", "{{failed_code}}")
    endpoint.put(shipped.model_copy(update={"user": spoilt}))
    assert endpoint.store().template() == shipped
    [why] = told
    assert "write {{{failed_code}}}" in why["detail"]


@pytest.mark.parametrize("fault", [{"mode": "hang"}, {"mode": "500"}], ids=["hangs", "500"])
def test_a_braintrust_that_fails_leaves_the_last_good_prompt_and_is_asked_again_later(
    endpoint: Endpoint, fault: dict[str, Any]
) -> None:
    store, now = endpoint.store(), [0.0]
    endpoint.put(other("first"))
    first = store.template(lambda: now[0])
    endpoint.put(other("second"))
    endpoint.fault(**fault)
    now[0] = TIME_TO_LIVE_SECONDS + 1
    began = time.monotonic()
    assert store.template(lambda: now[0]) is first
    assert time.monotonic() - began < LOAD_SECONDS + 0.5  # half a second for a busy machine
    endpoint.fault(mode="ok")
    assert store.template(lambda: now[0]) is first  # not asked by every question
    now[0] += TIME_TO_LIVE_SECONDS + 1
    assert store.template(lambda: now[0]).system.startswith("second")


# --- make prompts ----------------------------------------------------------------------------


@pytest.fixture
def given(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name in ("BRAINTRUST_API_URL", "BRAINTRUST_APP_URL"):
        monkeypatch.setenv(name, endpoint.url)
    return {"BRAINTRUST_API_KEY": "bt-key"}


def test_the_shipped_prompt_is_uploaded_once_and_then_serves(
    endpoint: Endpoint, given: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert prompts.run(given) == 0
    uploaded = capsys.readouterr().out
    assert prompts.run(given) == 0
    again = capsys.readouterr().out
    serving_now = endpoint.store().template()
    shipped = bundled_template()
    assert (serving_now.user, serving_now.source) == (shipped.user, "braintrust")
    assert f"version {serving_now.version}, serves" in uploaded
    assert f"version {serving_now.version} is there already" in again


def test_what_may_not_serve_is_not_uploaded(
    endpoint: Endpoint, given: dict[str, str], tmp_path: Any
) -> None:
    file = tmp_path / "prompt.md"
    shipped = (prompts.FILE).read_text()
    file.write_text(shipped.replace("{{{failed_code}}}", "{{failed_code}}"))
    with pytest.raises(CannotOperate, match=r"prompt\.md: user: write"):
        prompts.run(given | {"FILE": str(file)})
    with pytest.raises(CannotOperate, match=r"none\.md"):
        prompts.run(given | {"FILE": str(tmp_path / "none.md")})
    assert endpoint.store().template().source == "bundled"


def test_a_braintrust_that_is_away_is_told_in_a_sentence(
    given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRAINTRUST_API_URL", "http://127.0.0.1:9")
    with pytest.raises(CannotOperate, match="Braintrust cannot be asked"):
        prompts.run(given)
