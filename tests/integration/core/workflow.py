"""Step Functions as far as filtermend uses it, in memory."""

import threading
from uuid import UUID

import pytest

from filtermend.executions import name_of

STATE_MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:regeneration"


BOTH_KINDS = pytest.mark.parametrize(
    "workflow", [True, False], ids=["aws", "local-aws"], indirect=True
)
"""For tests whose subject is the start of executions: on AWS, and on the local AWS."""


class Executions:
    """A name starts once; an execution is open until it is closed.

    Starting one that is open again succeeds on AWS (`idempotent`) and changes nothing; the local
    AWS refuses it, like one that is closed.
    """

    def __init__(self, *, idempotent: bool) -> None:
        self.idempotent = idempotent
        self.refused: set[UUID] = set()
        self.inputs: list[tuple[UUID, UUID, int]] = []
        self._open: dict[str, bool] = {}
        self._lock = threading.Lock()

    def start(self, state_machine_arn: str, error_id: UUID, trader_id: UUID, run: int) -> bool:
        assert state_machine_arn == STATE_MACHINE
        if error_id in self.refused:
            raise PermissionError("StartExecution is not allowed")
        with self._lock:
            if name_of(error_id, run) in self._open:
                return self.idempotent and self._open[name_of(error_id, run)]
            self._open[name_of(error_id, run)] = True
            self.inputs.append((error_id, trader_id, run))
            return True

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
