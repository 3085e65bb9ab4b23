"""docs/metrics.md has each metric that is emitted, with its unit and dimensions, and no other."""

import ast
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from filtermend.telemetry import NAMESPACE
from local.folder import ROOT

PAGE = (
    (ROOT / "docs/metrics.md").read_text("utf-8").partition("\n## ")[0]
)  # what follows is about the dashboard
CALLS = {
    "count": 'count("x")',
    "seconds": 'seconds("x", 1.5)',
    "dollars": 'dollars("x", 1.5)',
    "count_by_type": 'count_by_type("x", "panic")',
}
UNITS = {"Count": "count", "Seconds": "seconds", "None": "USD (no unit)"}


class Series(NamedTuple):
    """A metric as CloudWatch keeps it, apart from its name."""

    unit: str
    dimensions: frozenset[str]


@cache
def written(function: str) -> Series:
    """What a function of `filtermend.telemetry` writes."""
    program = f"from filtermend.telemetry import *; {CALLS[function]}; metrics.flush_metrics()"
    line = subprocess.run(
        [sys.executable, "-c", program],
        env={"POWERTOOLS_SERVICE_NAME": "x", "PYTHONPATH": str(ROOT / "layers/filtermend")},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()[0]
    [directive] = json.loads(line)["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == NAMESPACE
    [metric] = directive["Metrics"]
    [dimensions] = directive["Dimensions"]  # each further set would be paid as another metric
    return Series(UNITS[metric["Unit"]], frozenset(dimensions))


def names(argument: ast.expr, function: ast.AST) -> Iterator[str]:
    """The metric's name, or those that a variable of the function can be."""
    if isinstance(argument, ast.Name):
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == argument.id:
                yield from (c.value for c in ast.walk(node.value) if isinstance(c, ast.Constant))
    else:
        assert isinstance(argument, ast.Constant), ast.unparse(argument)
        yield argument.value


def emitted() -> dict[str, set[Series]]:
    """Every series that the code writes, by metric."""
    found = defaultdict(set)
    files = [*(ROOT / "layers/filtermend").rglob("*.py"), *(ROOT / "src").glob("*/*.py")]
    for file in files:
        for function in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func) in CALLS:
                    for name in names(call.args[0], function):
                        found[name].add(written(ast.unparse(call.func)))
    return found


def described() -> dict[str, set[Series]]:
    """The page's table: a row has one unit, and its dimension sets with semicolons between."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| [^|]{10,} \|$", PAGE, re.MULTILINE)
    assert (
        len(rows) == len(re.findall(r"^\| `", PAGE, re.MULTILINE)) == len({row[0] for row in rows})
    )
    return {
        name: {Series(unit, frozenset(dimensions.split(", "))) for dimensions in sets.split("; ")}
        for name, unit, sets in rows
    }


def test_the_page_has_exactly_what_is_emitted() -> None:
    code, page = emitted(), described()
    assert len(code) > 15
    assert page == code


def test_the_page_names_the_namespace() -> None:
    assert f"namespace `{NAMESPACE}`" in PAGE
