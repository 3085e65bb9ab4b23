"""The answer as Markdown tables, which a terminal shows as well, and as JSON."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from local.scaling.costs import Part, Terms, fixed, gemini, monthly, of_duplicates, total
from local.scaling.figures import Figure
from local.scaling.limits import FASTEST, Limit, limits, reached_at
from local.scaling.load import MONTH_SECONDS, Load
from local.scaling.quotas import Quotas

SMALLEST_SHOWN = 0.005
CENTS_BELOW = 100
DECIMALS_BELOW = 10
_ONLY: list[dict[str, float]] = [
    {"duplicates": 0, "mechanical": 1},
    {"duplicates": 0, "mechanical": 0, "one_turn": 1, "two_turns": 0},
    {"duplicates": 0, "mechanical": 0, "one_turn": 0, "two_turns": 1},
    {"duplicates": 0, "mechanical": 0, "one_turn": 0, "two_turns": 0},
]
"""What makes every error go one way."""


@dataclass(frozen=True)
class Answer:
    """What is said of one load."""

    size: str
    load: Load
    parts: list[Part]
    fixed_usd: float
    duplicates_usd: float
    limits: list[Limit]
    reached: list[float]
    """The errors a second at which each of the limits is reached."""


def answer(size: str, load: Load, terms: Terms, quotas: Quotas) -> Answer:
    """Reckon one load; its limits in the order in which a growing load reaches them."""

    def at(errors: float) -> list[Limit]:
        other = replace(load, errors=errors)
        return limits(other, gemini(other, terms), quotas)

    found = at(load.errors)
    reached = [_reached(at, n) for n in range(len(found))]
    order = sorted(range(len(found)), key=reached.__getitem__)
    return Answer(
        size=size,
        load=load,
        parts=monthly(load, terms),
        fixed_usd=fixed(load, terms),
        duplicates_usd=of_duplicates(load, terms),
        limits=[found[n] for n in order],
        reached=[reached[n] for n in order],
    )


def as_text(answers: Sequence[Answer]) -> str:
    """The bill, the limits, and which of them binds first."""
    sections = [_bill(answers), _limits(answers), "\n".join(map(_first, answers))]
    return "\n\n".join(sections)


def as_json(answers: Sequence[Answer]) -> str:
    """The same for a program, unrounded."""
    return json.dumps([_plain(one) for one in answers], indent=2)


def ways(load: Load, terms: Terms) -> str:
    """The ways of a new problem: how often, through how many states, and what one costs."""
    names = ("mechanical", "one turn", "two turns", "three attempts")
    rows = []
    for n, (name, (share, path)) in enumerate(zip(names, load.shares, strict=True)):
        alone = replace(load, workload=load.workload.model_copy(update=_ONLY[n]))
        usd = (total(monthly(alone, terms)) - fixed(alone, terms)) / alone.problems / MONTH_SECONDS
        steps = (len(path.states), path.transitions, path.turns, path.questions, path.waits_seconds)
        rows.append([name, f"{share:.1%}", *map(str, steps), f"{usd:.5f}"])
    heads = ("way", "share", "states", "transitions", "turns", "questions", "waits, s", "USD")
    return table(heads, rows)


def listed(figures: Iterable[Figure]) -> str:
    """All figures that a variable can replace."""
    return table(["variable", "value", "unit", "source"], [list(figure) for figure in figures])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose columns line up."""
    cells = [list(heads), *map(list, rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _reached(at: Callable[[float], list[Limit]], n: int) -> float:
    return reached_at(lambda errors: at(errors)[n].used)


def _bill(answers: Sequence[Answer]) -> str:
    names = [part.name for part in answers[0].parts]
    rows = [[name, *(_usd(one.parts[n].usd) for one in answers)] for n, name in enumerate(names)]
    used = [row for row in rows if any(cell != "0" for cell in row[1:])]
    sums = [
        ["**all**", *(f"**{_usd(total(one.parts))}**" for one in answers)],
        ["of it fixed", *(_usd(one.fixed_usd) for one in answers)],
        ["of it for duplicates", *(_usd(one.duplicates_usd) for one in answers)],
        ["errors", *(_number(one.load.errors * MONTH_SECONDS) for one in answers)],
        ["new problems", *(_number(one.load.problems * MONTH_SECONDS) for one in answers)],
        ["questions to Gemini", *(_number(one.load.questions * MONTH_SECONDS) for one in answers)],
        ["USD a new problem", *(_each(one) for one in answers)],
    ]
    return table(["a month, USD", *(one.size for one in answers)], used + sums)


def _limits(answers: Sequence[Answer]) -> str:
    rows = []
    for n, (limit, reached) in enumerate(zip(answers[0].limits, answers[0].reached, strict=True)):
        used = [_share(one.limits[n]) for one in answers]
        rows.append([limit.name, _number(limit.allowed), _rate(reached), *used, limit.moved_by])
    sizes = [f"used at {one.size}" for one in answers]
    return table(["limit", "allows", "reached at", *sizes, "moved by"], rows)


def _first(one: Answer) -> str:
    short = [limit.name for limit in one.limits if limit.used > 1]
    first = one.limits[0]
    if not short:
        return (
            f"- {one.size}: within all limits; the first would be {first.name} ({_share(first)})."
        )
    return f"- {one.size}: {len(short)} too small, in this order: {', '.join(short)}."


def _plain(one: Answer) -> dict[str, object]:
    return {
        "size": one.size,
        "errors_per_second": one.load.errors,
        "usd_per_month": {part.name: part.usd for part in one.parts},
        "total_usd": total(one.parts),
        "fixed_usd": one.fixed_usd,
        "duplicates_usd": one.duplicates_usd,
        "limits": [
            asdict(limit) | {"used": limit.used, "reached_at_errors_per_second": reached}
            for limit, reached in zip(one.limits, one.reached, strict=True)
        ],
    }


def _each(one: Answer) -> str:
    problems = one.load.problems * MONTH_SECONDS
    return f"{total(one.parts) / problems:.4f}" if problems else "-"


def _usd(amount: float) -> str:
    if amount == 0:
        return "0"
    if amount < SMALLEST_SHOWN:
        return "under 0.01"
    return f"{amount:,.2f}" if amount < CENTS_BELOW else f"{amount:,.0f}"


def _number(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= DECIMALS_BELOW else f"{amount:.3g}"


def _rate(errors: float) -> str:
    return f"{_number(errors)}/s" if errors < FASTEST / 2 else "never"


def _share(limit: Limit) -> str:
    percent = limit.used * 100
    text = f"{percent:,.0f} %" if percent >= DECIMALS_BELOW else f"{percent:.1f} %"
    return f"**{text}**" if limit.used > 1 else text
