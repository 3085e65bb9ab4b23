"""What is shipped: the dependencies layer for arm64, as `sam build` makes it."""

from pathlib import Path

import pytest
from performance.functions import layer


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return layer.build(tmp_path_factory.mktemp("layer"))


def test_the_layer_stays_light(packages: Path) -> None:
    weights = layer.weigh(packages)
    more = layer.growth(layer.recorded(), weights)
    told = "\n".join(more) or "nothing grew since it was last looked at"
    total = sum(weights.values())
    assert total <= layer.LIMIT, f"{total / 1e6:.1f} MB, heavier than before:\n{told}"
    assert sum(layer.recorded().values()) >= total - 1_000_000, (
        f"more than 1 MB was added; if it is needed, run performance.functions.layer:\n{told}"
    )


def test_growth_names_what_grew_the_most_first() -> None:
    before = {"a": 1_000_000, "b": 2_000_000, "c": 3_000_000}
    now = {"a": 1_500_000, "b": 2_005_000, "d": 700_000}
    assert layer.growth(before, now) == ["d: 0.00 to 0.70 MB", "a: 1.00 to 1.50 MB"]


def test_no_tests_are_shipped(packages: Path) -> None:
    shipped = [
        path
        for path in packages.rglob("*.py")
        if path.name.startswith("test_")
        or {"tests", "type_tests"} & set(path.relative_to(packages).parts)
    ]
    assert not shipped


def test_everything_shipped_is_compiled(packages: Path) -> None:
    missing = [
        path
        for path in packages.rglob("*.py")
        if not (path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc").exists()
    ]
    assert not missing
