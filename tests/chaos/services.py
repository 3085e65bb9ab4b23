"""Faults of a whole service, each for a moment: Postgres, a Lambda's process, Step Functions,
Braintrust.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import LiteralString
from uuid import UUID

import httpx
import psutil
import psycopg

from chaos.plan import Fault
from local import aws
from local.folder import Folder
from local.services import State

OUTAGE_SECONDS = 2.0
_TERMINATE = (
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'filtermend'"
)
_READ_ONLY = "alter database postgres set default_transaction_read_only = on"
_WRITABLE = "alter database postgres reset default_transaction_read_only"


@dataclass
class Services:
    """The services of one stack; used by many threads.

    Attributes:
        dsn: of Postgres, past its proxy.
        folder: of the local stack; whatever was started there may be harmed, and nothing else.
        lets_in: False while Postgres lets nobody in.
    """

    dsn: str
    folder: Folder
    lets_in: bool = True
    _later: list[threading.Timer] = field(default_factory=list)

    def act(self, fault: Fault, error_id: UUID) -> bool:
        """Do a fault at the moment of an error's statement; False: there was nothing to harm."""
        match fault:
            case Fault.TERMINATED:
                self._execute(_TERMINATE)
            case Fault.OUTAGE:
                self.lets_in = False
                self._execute(_TERMINATE)
                self._undo(self._let_in)
            case Fault.READ_ONLY:  # as after a failover to a replica: each new session is
                self._execute(_READ_ONLY, _TERMINATE)
                self._undo(lambda: self._execute(_WRITABLE))
            case Fault.TRACES_FAIL | Fault.TRACES_HANG:
                self._braintrust("500" if fault is Fault.TRACES_FAIL else "hang")
                self._undo(lambda: self._braintrust("ok"))
            case Fault.ABORTED:
                return self._abort(error_id)
            case _:
                raise ValueError(f"{fault} is no fault of a whole service")
        return True

    def kill(self, port: int) -> None:
        """Kill the function's process that has this local port; nobody else is looked at."""
        emulator = next(s for s in State.read(self.folder).services if s.name == "aws").process()
        for worker in emulator.children(recursive=True) if emulator else ():
            try:
                if any(c.laddr and c.laddr.port == port for c in worker.net_connections("tcp")):
                    worker.kill()
            except psutil.NoSuchProcess:
                continue

    def calm(self) -> None:
        """Undo at once what a moment later would undo it."""
        for timer in self._later:
            timer.cancel()
        self._later.clear()
        self._let_in()
        self._execute(_WRITABLE)
        self._braintrust("ok")

    def _undo(self, work: Callable[[], object]) -> None:
        timer = threading.Timer(OUTAGE_SECONDS, work)
        timer.daemon = True
        self._later.append(timer)
        timer.start()

    def _let_in(self) -> None:
        self.lets_in = True

    def _execute(self, *statements: LiteralString) -> None:
        writable = "-c default_transaction_read_only=off"
        with psycopg.connect(self.dsn, autocommit=True, options=writable) as conn:
            for statement in statements:
                conn.execute(statement)

    def _braintrust(self, mode: str) -> None:
        url = State.read(self.folder).env["BRAINTRUST_API_URL"]
        httpx.put(f"{url}/_control/fault", json={"mode": mode}, timeout=10).raise_for_status()

    def _abort(self, error_id: UUID) -> bool:
        """Stop the error's running execution; its name tells whose it is."""
        env = State.read(self.folder).env
        states = aws.client("stepfunctions", env["AWS_ENDPOINT_URL"])
        running = states.list_executions(
            stateMachineArn=env["STATE_MACHINE_ARN"], statusFilter="RUNNING"
        )
        for execution in running["executions"]:
            if execution["name"].startswith(str(error_id)):
                states.stop_execution(
                    executionArn=execution["executionArn"], error="Chaos", cause="planned"
                )
                return True
        return False
