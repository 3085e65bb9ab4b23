"""`make scaling RATE=10,100,1000` or `make scaling MONTH=1000,50000`: costs and limits of a load.

SHOW=figures lists what is reckoned with, each replaced by a variable of its name; SHOW=ways tells
what one new problem takes, by how it goes; SHOW=measured takes figures from the local stack.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from local.folder import Folder
from local.scaling import ScalingError
from local.scaling.aws_prices import AwsPrices
from local.scaling.costs import Terms, gemini_price
from local.scaling.deployment import Deployment, deployment
from local.scaling.figures import Figure, Figures
from local.scaling.load import MONTH_SECONDS, Load
from local.scaling.measuring import measured
from local.scaling.quotas import Quotas
from local.scaling.report import Answer, answer, as_json, as_text, listed, ways
from local.scaling.workload import Workload

RATES = "10,100,1000"
PRICES_ON = "2027-01-01"
"""The shipped model's price halves until then: what stays is reckoned with."""
FORMS = ("table", "json")
SHOWN = ("answer", "figures", "ways", "measured")
ARCHITECTURES = ("arm64", "x86_64")
RETENTION_DAYS = "30"


def main() -> int:
    """Print the answer; returns the exit code, 2 when a variable cannot be used."""
    try:
        print(output(os.environ))
    except ScalingError as problem:
        print(f"scaling: {problem}", file=sys.stderr)
        return 2
    return 0


def output(given: Mapping[str, str]) -> str:
    """What these variables ask for.

    Raises:
        ScalingError: one of them cannot be used; the message says what it may be.
    """
    shown, form = _one_of(given, "SHOW", SHOWN), _one_of(given, "FORMAT", FORMS)
    if shown == "figures":
        return listed(figures(given))
    if shown == "measured":
        return listed(measured(Folder.chosen()))
    if shown == "ways":
        return ways(Load(1, Workload.from_variables(given), _machine(given)), _terms(given))
    found = answers(given)
    return as_json(found) if form == "json" else as_text(found)


def figures(given: Mapping[str, str]) -> list[Figure]:
    """Every figure with its unit and source, as it is reckoned with."""
    models: list[type[Figures]] = [Workload, AwsPrices, Quotas]
    return [figure for model in models for figure in model.from_variables(given).listed()]


def answers(given: Mapping[str, str]) -> list[Answer]:
    """One for each size that RATE (errors a second) or MONTH (errors a month) has.

    Raises:
        ScalingError: a variable cannot be used.
    """
    terms, quotas = _terms(given), Quotas.from_variables(given)
    workload, machine = Workload.from_variables(given), _machine(given)
    return [
        answer(size, Load(errors, workload, machine), terms, quotas)
        for size, errors in _sizes(given)
    ]


def _machine(given: Mapping[str, str]) -> Deployment:
    """As the template deploys it, with another MAX_ATTEMPTS where one is given."""
    most = deployment().attempts
    choices = [str(attempts) for attempts in range(most, 0, -1)]
    return replace(deployment(), attempts=int(_one_of(given, "MAX_ATTEMPTS", choices)))


def _terms(given: Mapping[str, str]) -> Terms:
    kept = given.get("LOG_RETENTION_DAYS") or RETENTION_DAYS
    return Terms(
        aws=AwsPrices.from_variables(given),
        gemini=gemini_price(
            given.get("GEMINI_MODEL") or deployment().model,
            _day(given.get("PRICES_ON") or PRICES_ON),
        ),
        architecture=_one_of(given, "ARCHITECTURE", ARCHITECTURES),
        retention_days=_number("LOG_RETENTION_DAYS", kept),
    )


def _sizes(given: Mapping[str, str]) -> list[tuple[str, float]]:
    """Each size's name, and its errors a second."""
    if given.get("MONTH"):
        if given.get("RATE"):
            raise ScalingError("give RATE or MONTH, not both")
        sizes = [_number("MONTH", text) for text in given["MONTH"].split(",")]
        return [(f"{size:,.10g} a month", size / MONTH_SECONDS) for size in sizes]
    rates = [_number("RATE", text) for text in (given.get("RATE") or RATES).split(",")]
    return [(f"{rate:,.10g}/s", rate) for rate in rates]


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise ScalingError(f"{name} is {text!r}: give a number greater than 0")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ScalingError(f"PRICES_ON is {text!r}: give a day such as {PRICES_ON}") from None


def _one_of(given: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """The first of the choices where nothing is given."""
    chosen = given.get(name) or choices[0]
    if chosen not in choices:
        raise ScalingError(f"{name} is {chosen!r}: take one of {', '.join(choices)}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())
