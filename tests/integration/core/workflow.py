"""Step Functions as far as filtermend uses it, in memory."""

import threading
from uuid import UUID

from filtermend.executions import Start, name_of

STATE_MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:regeneration"


class Executions:
    """A name starts once; an execution is open until it is closed."""

    def __init__(self) -> None:
        self.inputs: list[tuple[UUID, UUID, int]] = []
        self._open: dict[str, bool] = {}
        self._lock = threading.Lock()

    def start(self, state_machine_arn: str, error_id: UUID, trader_id: UUID, run: int) -> Start:
        assert state_machine_arn == STATE_MACHINE
        with self._lock:
            if name_of(error_id, run) in self._open:
                return Start.EXISTS
            self._open[name_of(error_id, run)] = True
            self.inputs.append((error_id, trader_id, run))
            return Start.STARTED

    def is_open(self, state_machine_arn: str, error_id: UUID, run: int) -> bool | None:
        assert state_machine_arn == STATE_MACHINE
        return self._open.get(name_of(error_id, run))

    def close(self, error_id: UUID, run: int) -> None:
        """It failed, timed out or was aborted."""
        self._open[name_of(error_id, run)] = False

    @property
    def names(self) -> list[str]:
        """What was really started, in order."""
        return [name_of(error_id, run) for error_id, _, run in self.inputs]
