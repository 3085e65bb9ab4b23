"""The adapter to Braintrust: spans that every function can write to, and feedback on them.

Without a key a tracer does nothing. With one, Braintrust may be slow, down or wrong: it can
cost a regeneration at most `FLUSH_SECONDS`, and never its result. It gets no secrets: the SDK
masks what it sends.
"""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID, uuid5

from filtermend.rules.masking import mask_all
from filtermend.telemetry import count, logger

if TYPE_CHECKING:
    from braintrust import Logger, Span
    from braintrust.logger import SpanInternalOptions

FLUSH_SECONDS = 1.0
"""With `prompt_store.LOAD_SECONDS`, what Braintrust may cost a regeneration at most: 1.5 s."""
_REQUEST_TIMEOUT_SECONDS = (0.5, 0.9)

Kind = Literal["task", "function", "llm", "tool"]


@dataclass(frozen=True)
class Place:
    """A span's place in an error's trace: the names on the way to it.

    The same place is the same span, whichever process writes it and how often: what is written
    again after a crash is merged with what was there. The trace's id is the error's.
    """

    error_id: UUID
    names: tuple[str, ...]

    def below(self, name: str) -> "Place":
        """A place under this one."""
        return Place(self.error_id, (*self.names, name))

    @property
    def parent(self) -> "Place | None":
        """The place above; None at the root."""
        return Place(self.error_id, self.names[:-1]) if len(self.names) > 1 else None

    @property
    def span_id(self) -> str:
        """The span's id, and its row's."""
        if self.parent is None:
            return str(self.error_id)
        return str(uuid5(self.error_id, "/".join(self.names)))


@dataclass
class Node:
    """An open span; without tracing it takes everything and does nothing."""

    span: "Span | None" = None

    def log(self, **event: Any) -> None:
        """Add input, output, error, metadata, metrics or scores."""
        if self.span is None:
            return
        with _harmless():
            self.span.log(**event)

    def end(self, at: datetime | None = None) -> None:
        """Close the span, now or at a time that is past."""
        if self.span is None:
            return
        with _harmless():
            self.span.end(at.timestamp() if at else None)


class Tracer:
    """Writes spans and sends them.

    Args:
        project: the Braintrust project.
        api_key: its key; "" switches tracing off.
    """

    def __init__(self, project: str, api_key: str) -> None:
        self.enabled = bool(api_key)
        if self.enabled:
            _set_up(project, api_key)

    @contextmanager
    def span(self, place: Place, kind: Kind, **event: Any) -> Generator[Node]:
        """A span that begins and ends with the block."""
        node = self.begin(place, kind, **event)
        try:
            yield node
        finally:
            node.end()

    def begin(
        self, place: Place, kind: Kind, started: datetime | None = None, **event: Any
    ) -> Node:
        """A span that began now, or at a time that is past; another process may end it."""
        return self._open(place, kind, started, event, {"initial_span_write_as_merge": True})

    def end(self, place: Place, kind: Kind, **event: Any) -> None:
        """End a span that another process may have begun."""
        node = self._open(place, kind, None, {}, {"skip_initial_span_write": True})
        if node.span is not None:
            with _harmless():
                node.span.set_attributes(place.names[-1], span_attributes={"type": kind})
        node.log(**event)
        node.end()

    def feedback(self, place: Place, scores: dict[str, float], comment: str | None) -> None:
        """What a person made of it."""
        if not self.enabled:
            return
        with _harmless():
            _project().log_feedback(place.span_id, scores=scores, comment=comment, source="app")

    def flush(self) -> bool:
        """Send what was logged; gives up after `FLUSH_SECONDS`, counts the loss, answers False."""
        if not self.enabled:
            return True
        lost: list[BaseException] = []
        sender = threading.Thread(target=_send, args=(lost,), daemon=True)
        sender.start()
        sender.join(FLUSH_SECONDS)
        if sender.is_alive() or lost:
            count("trace_batches_lost")
            cause = type(lost[0]).__name__ if lost else "too slow"
            logger.warning("Braintrust did not take the trace", extra={"cause": cause})
            return False
        return True

    def _open(
        self,
        place: Place,
        kind: Kind,
        started: datetime | None,
        event: dict[str, Any],
        writing: "SpanInternalOptions",
    ) -> Node:
        """A span of the SDK's; one that it refuses is done without.

        How it is written first (`internal`) is not in the SDK's documentation: it is pinned, and
        the tests see what arrives.
        """
        if not self.enabled:
            return Node()
        with _harmless():
            return Node(
                _project().start_span(
                    name=place.names[-1],
                    span_attributes={"type": kind},
                    start_time=started.timestamp() if started else None,
                    parent=_exported(place.parent),
                    set_current=False,
                    span_id=place.span_id,
                    root_span_id=str(place.error_id),
                    internal=writing,
                    id=place.span_id,
                    **event,
                )
            )
        return Node()


@lru_cache(maxsize=1)
def tracer(project: str, api_key: str) -> Tracer:
    """The process's tracer."""
    return Tracer(project, api_key)


def _project() -> "Logger":
    """The SDK's logger of the project that `_set_up` named."""
    import braintrust

    found = braintrust.current_logger()
    assert found is not None  # made by _set_up
    return found


def _exported(place: Place | None) -> str | None:
    """A span as the SDK names it to another process; the project itself at a root."""
    from braintrust.span_identifier_v4 import SpanComponentsV4

    if place is None:
        return None
    named = SpanComponentsV4.from_str(_project().export())
    named.row_id = named.span_id = place.span_id
    named.root_span_id = str(place.error_id)
    return named.to_str()


@contextmanager
def _harmless() -> Generator[None]:
    """Whatever the SDK raises costs a span and nothing else."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  whatever the SDK raises, the repair goes on
        logger.warning("a span is lost", extra={"cause": type(error).__name__})


def _send(lost: list[BaseException]) -> None:
    import braintrust

    try:
        braintrust.flush()  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001  whatever the SDK raises, the repair goes on
        lost.append(error)


def _set_up(project: str, api_key: str) -> None:
    """Log in, with bounded waits.

    The key has to be in the environment too: a span that continues another process's trace logs in
    by itself.
    """
    os.environ["BRAINTRUST_API_KEY"] = api_key
    from requests.adapters import HTTPAdapter

    from filtermend.bounded_braintrust import braintrust

    class Bounded(HTTPAdapter):
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            return super().send(request, *args, **kwargs | {"timeout": _REQUEST_TIMEOUT_SECONDS})

    # It refuses to log in a second time with another key.
    braintrust.logger._internal_reset_global_state()  # noqa: SLF001
    braintrust.set_masking_function(mask_all)
    braintrust.set_http_adapter(Bounded())
    braintrust.init_logger(project=project, api_key=api_key)
