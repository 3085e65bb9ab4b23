"""What the dependencies layer weighs, zipped as `sam package` does it, package by package.

`python -m performance.functions.layer` writes the weights down that a test compares with.
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from local.folder import ROOT

SOURCE = ROOT / "layers" / "dependencies"
RECORD = Path(__file__).with_name("layer.json")
LIMIT = 30_000_000
"""Bytes of the whole layer for arm64; a function with it is read before it starts."""


def build(folder: Path) -> Path:
    """Make the layer for arm64 as `sam build` does; returns the folder of its packages.

    Raises:
        subprocess.CalledProcessError: a wheel cannot be had.
    """
    command = ["make", "-C", str(SOURCE), "build-DependenciesLayer", "LAMBDA_ARCH=arm64"]
    path = f"{Path(sys.base_prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"ARTIFACTS_DIR": str(folder), "PATH": path}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return folder / "python"


def weigh(packages: Path) -> dict[str, int]:
    """Bytes of each package in a folder, zipped."""
    with tempfile.TemporaryFile() as packed:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(packages.rglob("*")):
                archive.write(file, file.relative_to(packages))
        weights: Counter[str] = Counter()
        with zipfile.ZipFile(packed) as archive:
            for entry in archive.infolist():
                weights[entry.filename.split("/")[0].split("-")[0]] += entry.compress_size
    return dict(weights.most_common())


def recorded() -> dict[str, int]:
    """The weights when they were last looked at."""
    found: dict[str, int] = json.loads(RECORD.read_text("utf-8"))
    return found


def growth(before: dict[str, int], now: dict[str, int]) -> list[str]:
    """What became heavier, a line each, the most first."""
    more = {name: now[name] - before.get(name, 0) for name in now}
    return [
        f"{name}: {before.get(name, 0) / 1e6:.2f} to {now[name] / 1e6:.2f} MB"
        for name, by in sorted(more.items(), key=lambda item: -item[1])
        if by > 10_000
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        found = weigh(build(Path(name)))
    RECORD.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(f"{sum(found.values()) / 1e6:.1f} MB: written to {RECORD}")
