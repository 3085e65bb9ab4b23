"""Which request meets which fault."""

from uuid import UUID

import pytest

from chaos.plan import Fault, Kind, PlannedError, Problem
from chaos.proxy import NO_HARM
from chaos.striking import HARMS, Striker

ERROR = UUID(int=7, version=4)
PROBLEM = Problem(
    marker="chaos00000000000000ff",
    user_id=UUID(int=1),
    trader_id=UUID(int=2),
    kind=Kind.MENDED,
    model=(None, Fault.MODEL_RESET, Fault.NO_CODE),
    screener=(Fault.RUBBISH,),
)
AT_STATEMENTS = ((2, Fault.OUTAGE), (2, Fault.WORKER_KILLED), (3, Fault.ABORTED))


class Acted:
    def __init__(self) -> None:
        self.faults: list[tuple[Fault, UUID]] = []
        self.found = True

    def act(self, fault: Fault, error_id: UUID) -> bool:
        self.faults.append((fault, error_id))
        return self.found


@pytest.fixture
def acted() -> Acted:
    return Acted()


@pytest.fixture
def striker(acted: Acted) -> Striker:
    error = PlannedError(ERROR, PROBLEM, False, None, (), AT_STATEMENTS)
    return Striker([error], acted.act)


def test_the_second_question_meets_the_second_fault(striker: Striker) -> None:
    piece = f'{{"text": "// {PROBLEM.marker}"}}'.encode()
    harms = [striker.question(piece) for _ in range(4)]
    assert harms == [NO_HARM, HARMS[Fault.MODEL_RESET], NO_HARM, NO_HARM]
    assert striker.struck[PROBLEM.marker] == [Fault.MODEL_RESET, Fault.NO_CODE]


def test_each_hop_counts_for_itself(striker: Striker) -> None:
    piece = PROBLEM.marker.encode()
    striker.question(piece)
    assert striker.code(piece) == HARMS[Fault.RUBBISH]


@pytest.mark.parametrize("name", [ERROR.bytes, ERROR.hex.encode(), str(ERROR).encode()])
def test_a_statement_is_known_by_the_id_however_it_is_written(
    striker: Striker, acted: Acted, name: bytes
) -> None:
    assert striker.statement(b"select $1" + name) == NO_HARM
    assert striker.statement(b"select $1" + name) == HARMS[Fault.WORKER_KILLED]
    assert acted.faults == [(Fault.OUTAGE, ERROR)]
    assert striker.struck[str(ERROR)] == [Fault.OUTAGE, Fault.WORKER_KILLED]


def test_a_fault_that_finds_nothing_to_harm_struck_nobody(striker: Striker, acted: Acted) -> None:
    acted.found = False
    for _ in range(3):
        striker.statement(ERROR.bytes)
    assert striker.struck[str(ERROR)] == [Fault.WORKER_KILLED]


def test_what_names_nobody_passes(striker: Striker) -> None:
    assert striker.statement(b"begin") == striker.question(b"{}") == NO_HARM
    assert not striker.struck
