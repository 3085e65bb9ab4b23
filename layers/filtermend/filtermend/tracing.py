"""The adapter to Braintrust: a trace per error, continued across Lambdas and waits.

Without a key a tracer does nothing. With one, Braintrust may be slow, down or wrong: it can
cost a regeneration at most `FLUSH_SECONDS`, and never its result. It gets no secrets: the SDK
masks what it sends.
"""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from filtermend.rules.masking import mask_all
from filtermend.telemetry import count, logger

if TYPE_CHECKING:
    from braintrust import Span

FLUSH_SECONDS = 1.0
"""With `prompt_store.LOAD_SECONDS`, what Braintrust may cost a regeneration at most: 1.5 s."""
ROOT_SPAN = "filter-code-regeneration"
_REQUEST_TIMEOUT_SECONDS = (0.5, 0.9)


@dataclass
class Node:
    """An open span. `parent` is how another process continues below it, "" without tracing."""

    parent: str = ""
    trace_id: str | None = None
    span: "Span | None" = None

    def log(self, **event: Any) -> None:
        """Add input, output, metadata, metrics or scores."""
        if self.span is None:
            return
        try:
            self.span.log(**event)
        except Exception as error:  # noqa: BLE001  whatever the SDK raises, the repair goes on
            _warn(error)

    def end(self) -> None:
        """Close the span."""
        if self.span is None:
            return
        try:
            self.span.end()
        except Exception as error:  # noqa: BLE001  as above
            _warn(error)


class Tracer:
    """Opens spans and sends them.

    Args:
        project: the Braintrust project.
        api_key: its key; "" switches tracing off.
    """

    def __init__(self, project: str, api_key: str) -> None:
        self.enabled = bool(api_key)
        if self.enabled:
            _set_up(project, api_key)

    @contextmanager
    def span(self, name: str, parent: str | None, **event: Any) -> Generator[Node]:
        """A span below `parent` (None: a trace's root) that ends with the block."""
        node = _open(name, parent, event) if self.enabled else Node()
        try:
            yield node
        finally:
            node.end()

    def flush(self) -> None:
        """Send what was logged; gives up after `FLUSH_SECONDS` and counts the loss."""
        if not self.enabled:
            return
        lost: list[BaseException] = []
        sender = threading.Thread(target=_send, args=(lost,), daemon=True)
        sender.start()
        sender.join(FLUSH_SECONDS)
        if sender.is_alive() or lost:
            count("trace_batches_lost")
            cause = type(lost[0]).__name__ if lost else "too slow"
            logger.warning("Braintrust did not take the trace", extra={"cause": cause})


@lru_cache(maxsize=1)
def tracer(project: str, api_key: str) -> Tracer:
    """The process's tracer."""
    return Tracer(project, api_key)


def _open(name: str, parent: str | None, event: dict[str, Any]) -> Node:
    """A new span; one that the SDK refuses (an unreadable parent, for instance) is done without."""
    import braintrust

    try:
        span = braintrust.start_span(name=name, parent=parent, set_current=False, **event)
        return Node(span.export(), getattr(span, "root_span_id", None), span)
    except Exception as error:  # noqa: BLE001  as in Node
        _warn(error)
        return Node()


def _warn(error: Exception) -> None:
    logger.warning("a span is lost", extra={"cause": type(error).__name__})


def _send(lost: list[BaseException]) -> None:
    import braintrust

    try:
        braintrust.flush()  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001  whatever the SDK raises, the repair goes on
        lost.append(error)


def _set_up(project: str, api_key: str) -> None:
    """Bound the SDK before its import: it reads these then, and by default blocks for minutes.

    The key has to be there too: a span that continues another process's trace logs in by itself.
    """
    os.environ.update(
        BRAINTRUST_API_KEY=api_key,
        BRAINTRUST_NUM_RETRIES="0",
        BRAINTRUST_DISABLE_ATEXIT_FLUSH="1",
        BRAINTRUST_SYNC_FLUSH="1",
    )
    os.environ.setdefault("BRAINTRUST_PROMPT_CACHE_DIR", f"{gettempdir()}/braintrust")
    import braintrust
    from requests.adapters import HTTPAdapter

    class Bounded(HTTPAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            return super().send(request, *args, **kwargs | {"timeout": _REQUEST_TIMEOUT_SECONDS})

    # It refuses to log in a second time with another key.
    braintrust.logger._internal_reset_global_state()  # noqa: SLF001
    braintrust.set_masking_function(mask_all)
    braintrust.set_http_adapter(Bounded())
    braintrust.init_logger(project=project, api_key=api_key)
