"""What an operator does with the deployed stack."""

import time
from collections.abc import Iterator

import pytest
from e2e.stack import Deployed, go_block

from filtermend.controls import STOP_MAX_AGE_SECONDS
from local.folder import Folder
from local.operate import controls

pytestmark = pytest.mark.e2e


@pytest.fixture
def operator(stack: Deployed, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whose commands go to the stack of the tests, which is let go in the end."""
    monkeypatch.setenv("FILTERMEND_LOCAL", str(folder.path))
    yield
    controls.go({})
    time.sleep(STOP_MAX_AGE_SECONDS)


@pytest.mark.usefixtures("operator")
def test_a_stop_holds_what_comes_and_lets_it_go_again(stack: Deployed) -> None:
    stack.answers("stoppedcase", go_block("return len(data.Klines) > 0"))
    controls.stop({})
    time.sleep(STOP_MAX_AGE_SECONDS)
    failed = stack.insert("stoppedcase")
    stack.until(lambda: stack.executions(failed), "the execution")
    time.sleep(2)
    assert stack.error(failed)["regeneration_status"] == "running"
    assert stack.questions("stoppedcase") == stack.calls(failed) == []
    controls.go({})
    assert stack.wait(failed)["regeneration_status"] == "proposed"
    assert len(stack.questions("stoppedcase")) == 1
