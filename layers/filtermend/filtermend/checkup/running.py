"""Running checks side by side, each with a time limit of its own."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from filtermend.checkup.finding import Finding, Seen, unknown

LIMIT_SECONDS = 8.0


@dataclass(frozen=True)
class Check:
    """A look at one part.

    Attributes:
        name: of the part.
        look: says what it saw; what it raises makes the check unknown, and hides no other.
        limit_seconds: when to go on without it.
    """

    name: str
    look: Callable[[], Seen]
    limit_seconds: float = LIMIT_SECONDS


@dataclass
class _Run:
    check: Check
    started: float = field(default_factory=time.monotonic)
    seen: Seen | None = None

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._look, daemon=True)  # one that hangs is left
        self._thread.start()

    def _look(self) -> None:
        try:
            self.seen = self.check.look()
        except Exception as error:  # noqa: BLE001  its text may quote a secret, its kind does not
            self.seen = unknown(f"the check itself failed: {type(error).__name__}")

    def finding(self) -> Finding:
        limit = self.check.limit_seconds
        self._thread.join(max(0.0, self.started + limit - time.monotonic()))
        seen = self.seen or unknown(f"no answer within {limit:g} s")
        return Finding(check=self.check.name, **seen.model_dump())


def run_checks(checks: Sequence[Check]) -> list[Finding]:
    """What each check found, in their order; it takes as long as the longest limit at most."""
    runs = [_Run(check) for check in checks]
    return [run.finding() for run in runs]
