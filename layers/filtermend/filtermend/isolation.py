"""Many things to do, where one that fails must not stop the others."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Self

from filtermend.faults import Fault
from filtermend.telemetry import count, logger


class Isolation:
    """Catches what fails in its parts; raises it when everything was tried.

    Example:
        >>> with Isolation() as isolation:
        ...     for item in items:
        ...         with about(item.id), isolation.part(job="mend"):
        ...             mend(item)
    """

    def __init__(self) -> None:
        self._failures: list[Exception] = []

    @contextmanager
    def part(self, **named: str) -> Generator[None]:
        """One of the things; a failure is logged with what names it, and counted."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  raised at the end
            self._failures.append(error)
            count("parts_failed")
            # No traceback: a message that is not ours may quote a row.
            detail = str(error) if isinstance(error, Fault) else ""
            cause = {"cause": type(error).__name__, "detail": detail}
            logger.error("failed, going on with the others", extra=named | cause)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Raise what failed: one failure as it is, several as a group."""
        if error is not None or not self._failures:
            return
        if len(self._failures) == 1:
            raise self._failures[0]
        raise ExceptionGroup("the others were done", self._failures)
