"""Thirty errors that end in every way there is."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import uuid4

from e2e.stack import Deployed, Failed, go_block

GOOD = go_block("return len(data.Klines) > 0")
BAD = go_block("return mystery(2)")
CERTAIN = (
    'k := data.Klines["5m"]\nv := indicators.GetLatestVolumeMA(k, 20)\n'
    "if v == nil {\n\treturn false\n}\nreturn k[len(k)-1].Volume > *v"
)
ANSWERS: list[tuple[str, int, list[dict[str, Any]]]] = [
    ("fixed", 8, [GOOD]),
    ("fedback", 4, [BAD, GOOD]),
    ("hopeless", 3, [BAD]),
    ("unavailable", 1, [{"status": 503}, GOOD]),
    ("broken", 1, [{"status": 500}, GOOD]),
    ("throttled", 1, [{"status": 429, "retry_after_seconds": 3}, GOOD]),
    ("refused", 1, [{"status": 401}]),
    ("chatting", 1, [{"text": "I would rather talk about the weather."}, GOOD]),
]
"""How the model answers so many errors."""
MECHANICAL, DUPLICATES, OVER_BUDGET = 5, 3, 2


def errors(stack: Deployed) -> Iterator[Failed]:
    """Insert them, each when it is asked for."""
    types = cycle(("compilation", "panic", "runtime"))
    repairable: list[Failed] = []
    for kind, number, answers in ANSWERS:
        for n in range(number):
            marker = f"{kind}{n}."
            stack.answers(marker, *answers)
            repairable.append(stack.insert(marker, error_type=next(types)))
            yield repairable[-1]
    for n in range(MECHANICAL):
        code = f"// certain{n}.\n{CERTAIN}"
        yield stack.insert(f"certain{n}.", error_type=next(types), filter_code_snapshot=code)
    for _ in range(OVER_BUDGET):
        user = uuid4()
        stack.conn.execute("insert into filter_regeneration_limits values (%s, 0)", (user,))
        yield stack.insert(user_id=user, error_type=next(types))
    for first in repairable[:DUPLICATES]:
        yield _again(stack, first)


def _again(stack: Deployed, first: Failed) -> Failed:
    """The same failure of the same filter once more."""
    copied = "trader_id, user_id, error_type, error_message, filter_code_snapshot"
    row = stack.conn.execute(
        f"insert into trader_execution_errors ({copied}) "
        f"select {copied} from trader_execution_errors where id = %s returning id".encode(),
        (first.error_id,),
    ).fetchone()
    assert row
    return Failed(str(row["id"]), first.trader_id, first.marker)
