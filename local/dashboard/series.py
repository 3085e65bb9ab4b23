"""Metrics, their samples, and statistics over periods: what CloudWatch does with them."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from local.dashboard import DashboardError

Points = dict[float, float]
"""A value per period, by the period's beginning in seconds since 1970."""


@dataclass(frozen=True)
class Metric:
    """Namespace, name and dimensions: another set of dimensions is another metric."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]

    def __str__(self) -> str:
        dimensions = ", ".join(f"{name} {value}" for name, value in sorted(self.dimensions))
        return f"{self.namespace} {self.name} ({dimensions})"


@dataclass(frozen=True)
class Sample:
    """A value of a metric; the time is in seconds since 1970."""

    metric: Metric
    time: float
    value: float
    unit: str


@dataclass(frozen=True)
class Window:
    """A range of time in periods of so many seconds; None: all of it is one period."""

    start: float
    end: float
    period: int | None

    def begin(self, time: float) -> float:
        """Beginning of the period that a time is in."""
        return self.start if self.period is None else time // self.period * self.period

    def periods(self) -> list[float]:
        """Beginnings of all periods; the first one may begin before the range."""
        if self.period is None:
            return [self.start]
        first = self.begin(self.start)
        return [first + n * self.period for n in range(math.ceil((self.end - first) / self.period))]


class Source(Protocol):
    """Where the metrics of a namespace come from."""

    def points(self, metric: Metric, stat: str, window: Window) -> Points | None:
        """A statistic per period that has samples; None where this is not recorded here.

        Raises:
            DashboardError: there is no such metric or statistic.
        """

    def unit(self, metric: Metric) -> str:
        """CloudWatch's name of the metric's unit; `None` (as CloudWatch says it) for none."""


class Sampled:
    """A source that has every single value."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._samples: dict[Metric, list[Sample]] = defaultdict(list)
        for sample in samples:
            self._samples[sample.metric].append(sample)

    def points(self, metric: Metric, stat: str, window: Window) -> Points:
        """A statistic per period that has samples."""
        calculate = statistic(stat)
        values: dict[float, list[float]] = defaultdict(list)
        first = window.begin(window.start)
        for sample in self._samples.get(metric, []):
            if first <= sample.time < window.end:
                values[window.begin(sample.time)].append(sample.value)
        return {begin: calculate(values[begin]) for begin in sorted(values)}

    def unit(self, metric: Metric) -> str:
        """The unit of the metric's samples."""
        samples = self._samples.get(metric)
        return samples[0].unit if samples else "None"


_STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "Sum": math.fsum,
    "Average": lambda values: math.fsum(values) / len(values),
    "Minimum": min,
    "Maximum": max,
    "SampleCount": len,
}


def statistic(stat: str) -> Callable[[Sequence[float]], float]:
    """The function of a statistic's name: Sum, Average, Minimum, Maximum, SampleCount or p90.

    Raises:
        DashboardError: the statistic is none of these.
    """
    if stat in _STATISTICS:
        return _STATISTICS[stat]
    if stat.startswith("p") and stat[1:].replace(".", "", 1).isdigit():
        share = float(stat[1:]) / 100
        if share <= 1:
            return lambda values: _percentile(sorted(values), share)
    known = ", ".join(_STATISTICS)
    raise DashboardError(f"there is no statistic {stat!r}: take {known} or a percentile like p90")


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest ranks, linearly."""
    rank = share * (len(ordered) - 1)
    low, high = ordered[math.floor(rank)], ordered[math.ceil(rank)]
    return low + (high - low) * (rank - math.floor(rank))
