"""The story as a page of 100 columns, safe to print: what strangers wrote has no effect there."""

import difflib
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text

from filtermend.executions import name_of
from filtermend.models import Status
from filtermend.rules.masking import mask
from filtermend.store.story import Story
from local.operate.explain.costs import costs_of, usd
from local.operate.explain.timeline import Moment

WIDTH = 100
LABEL = 12
LONGEST_TEXT = 600
MOST_DIFF_LINES = 200
MOST_CODE_LINES = 2_000
"""Of a code that are compared: more take minutes."""
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def show(story: Story, moments: list[Moment], note: str, now: datetime) -> None:
    """Print the error, its timeline, and how the fix differs from the code that failed."""
    page = _Page()
    error = story.error
    page.fact("error", str(error.id))
    page.fact("trader", f"{error.trader_id} of user {error.user_id}")
    page.fact(
        "status", error.regeneration_status or "none: older than filtermend, or not repairable"
    )
    page.fact("reason", error.regeneration_reason or "none")
    page.fact("runs", _runs(story))
    page.fact("cost", _cost(story, now))
    page.fact("trace", error.regeneration_trace or "none")
    page.fact("duplicates", _duplicates(story))
    page.fact("decision", _decision(story))
    page.heading("Timeline, UTC")
    for moment in moments:
        page.moment(moment)
    if not error.auto_regeneration_triggered:
        page.note("never dispatched: no execution was started for it")
    if note:
        page.note(note)
    page.heading("Failed code and proposed fix")
    for line in _difference(story):
        page.code(line)


def printable(text: str) -> str:
    """The text without secrets, and without what a terminal would obey: those characters are named.

    New lines stay, a tab becomes four spaces.
    """
    return "".join(map(_visible, mask(text)))


def _visible(character: str) -> str:
    if character == "\n":
        return character
    if character == "\t":
        return "    "
    unseen = unicodedata.category(character)[0] == "C" or character in "\u2028\u2029"
    return f"\\x{ord(character):02x}" if unseen else character


class _Page:
    """Writes lines that are no wider than the page."""

    def __init__(self) -> None:
        self._console = Console(width=WIDTH, highlight=False, emoji=False, markup=False)

    def fact(self, name: str, value: str) -> None:
        self._block(f"{name:{LABEL}}", value)

    def heading(self, text: str) -> None:
        self._console.print(Text(f"\n{text}", style="bold"))

    def moment(self, moment: Moment) -> None:
        self._block(f"{moment.at.astimezone(UTC):%m-%d %H:%M:%S.%f}"[:-3] + "  ", moment.title)
        for detail in moment.details:
            self._block(" " * LABEL * 2, detail)

    def note(self, text: str) -> None:
        self._block("note: ", text)

    def code(self, line: str) -> None:
        text = Text(printable(line), style=_COLOURS.get(line[:1], ""), overflow="fold")
        self._console.print(text)

    def _block(self, label: str, value: str) -> None:
        """A label, and beside it the value, wrapped."""
        shown = printable(value)
        if len(shown) > LONGEST_TEXT:
            shown = f"{shown[:LONGEST_TEXT]} [... {len(shown) - LONGEST_TEXT} characters left out]"
        lines = Text(shown).wrap(self._console, WIDTH - len(label), overflow="fold")
        for number, line in enumerate(lines):
            line.rstrip()
            self._console.print(Text(label if number == 0 else " " * len(label)) + line)


def _runs(story: Story) -> str:
    error = story.error
    if error.regeneration_run is None:
        return "none"
    execution = name_of(error.id, error.regeneration_run)
    return f"{error.regeneration_run}, attempts {error.regeneration_count}, execution {execution}"


def _cost(story: Story, now: datetime) -> str:
    costs = costs_of(story.calls, now)
    reserved = f"{usd(costs.unknown)} unanswered, {usd(costs.in_flight)} in flight"
    return f"{usd(costs.spent)} spent; reserved: {reserved}"


def _duplicates(story: Story) -> str:
    if story.error.duplicate_of:
        return f"it repeats {story.error.duplicate_of}, whose end is its own"
    if not story.duplicates:
        return "none"
    listed = "\n".join(f"{one.id} {one.regeneration_status}" for one in story.duplicates)
    more = story.duplicate_count - len(story.duplicates)
    return f"{story.duplicate_count} repeat it:\n{listed}" + (f"\nand {more} more" if more else "")


def _decision(story: Story) -> str:
    error = story.error
    if error.regeneration_status is Status.APPLIED:
        return f"applied by {error.fix_applied_by}: {error.regeneration_reason}"
    if error.regeneration_status is Status.REJECTED:
        return f"rejected: {error.regeneration_reason}"
    return "none yet" if error.proposed_fix_code else "nothing to decide on"


def _difference(story: Story) -> Iterator[str]:
    """The unified diff, its secrets masked before, so that a masked line is no change."""
    fix = story.error.proposed_fix_code
    if fix is None:
        yield "there is no proposed fix; the code that failed:"
        lines = _lines(story.failed_code)
    else:
        before, after = _lines(story.failed_code), _lines(fix)
        names = ("failed code", "proposed fix")
        lines = list(difflib.unified_diff(before, after, *names, lineterm=""))
        if not lines:
            yield "they are the same"
    yield from lines[:MOST_DIFF_LINES]
    if len(lines) > MOST_DIFF_LINES:
        yield f"[... {len(lines) - MOST_DIFF_LINES} lines left out]"


def _lines(code: str) -> list[str]:
    return mask(code).split("\n", MOST_CODE_LINES)[:MOST_CODE_LINES]
