"""How sure a rate is, and whether two of them differ."""

from math import comb, sqrt

Z95 = 1.959963984540054


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a rate; all of it where nothing was counted."""
    if n == 0:
        return 0.0, 1.0
    rate, square = successes / n, Z95 * Z95
    centre = (rate + square / (2 * n)) / (1 + square / n)
    half = Z95 / (1 + square / n) * sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    # At the ends the bound is exact; the arithmetic is not.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return low, high


def mcnemar(won: int, lost: int) -> float:
    """The exact two-sided p value that `won` and `lost` differ by chance alone.

    Args:
        won: pairs that only the second did right.
        lost: pairs that only the first did right.
    """
    pairs = won + lost
    tail = sum(comb(pairs, k) for k in range(min(won, lost) + 1))
    return min(1.0, float(2 * tail / 2**pairs))
