"""A stand-in for AWS's image of a Lambda runtime, made of what this machine has.

For a machine that reaches no image registry. It is not AWS's image: it has this machine's Python
and C library where AWS has its own, and no more beside them than busybox.
"""

import io
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterable
from pathlib import Path

from local.folder import TOOLS
from local.services import StackError

LANG = Path("/var/lang")
RUNTIME = Path("/var/runtime")
_LEFT_OUT = {"test", "idlelib", "tkinter", "turtledemo", "ensurepip", "site-packages"}
_LEFT_OUT |= {"dist-packages"}
_WHEELS_ASK_FOR = [
    "libdl.so.2",
    "libgcc_s.so.1",
    "libpthread.so.0",
    "libresolv.so.2",
    "librt.so.1",
    "libstdc++.so.6",
    "libutil.so.1",
]
"""Libraries that a manylinux wheel takes from the system; the rest it brings."""
_BOOTSTRAP = f'#!/bin/sh\nexec {LANG}/bin/python3 -m awslambdaric "$_HANDLER"\n'
ENVIRONMENT = {
    "PATH": f"{LANG}/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin",
    "LD_LIBRARY_PATH": f"{LANG}/lib:{RUNTIME}:{RUNTIME}/lib:/var/task:/var/task/lib:/opt/lib",
    "PYTHONPATH": f"/var/task:/opt/python:{RUNTIME}",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
    "LAMBDA_TASK_ROOT": "/var/task",
    "LAMBDA_RUNTIME_DIR": str(RUNTIME),
}


def write(runtime: str, archive: Path) -> None:
    """Write the root file system of a runtime of the template to a tar archive.

    Raises:
        StackError: this machine lacks what it is made of.
    """
    with tarfile.open(archive, "w") as tar:
        _busybox(tar)
        if runtime.startswith("python"):
            _python(tar, runtime)


def _busybox(tar: tarfile.TarFile) -> None:
    busybox = shutil.which("busybox")
    if busybox is None or _libraries([Path(busybox)]):
        raise StackError("the stand-in needs a static busybox: install busybox-static")
    tar.add(Path(busybox).resolve(), "bin/busybox")
    for name in subprocess.check_output([busybox, "--list"], text=True).split():
        if name != "busybox":
            _link(tar, f"bin/{name}", "busybox")
    _link(tar, "usr/bin", "../bin")
    for folder, mode in (
        ("tmp", 0o1777),
        ("var/task", 0o755),
        ("opt", 0o755),
        ("var/rapid", 0o755),
    ):
        entry = tarfile.TarInfo(folder)
        entry.type, entry.mode = tarfile.DIRTYPE, mode
        tar.addfile(entry)
    _file(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
    _file(tar, "etc/nsswitch.conf", "hosts: files dns\n")


def _python(tar: tarfile.TarFile, runtime: str) -> None:
    """This machine's interpreter at /var/lang, the runtime's client and boto3 at /var/runtime."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if runtime != f"python{version}":
        raise StackError(f"the stand-in for {runtime} needs that Python; this one is {version}")
    library = Path(sysconfig.get_path("stdlib"))
    packages = TOOLS / "stand-in" / "lib" / f"python{version}" / "site-packages"
    if not packages.exists():
        raise StackError("the stand-in's packages are missing: `make sam-local` installs them")
    executable = Path(sys.executable).resolve()
    inside = LANG / "lib" / f"python{version}"
    tar.add(executable, _name(LANG / "bin/python3"))
    tar.add(library, _name(inside), filter=_needed)
    for package in packages.iterdir():
        tar.add(package, _name(RUNTIME / package.name), filter=_needed)
    _file(tar, _name(RUNTIME / "bootstrap"), _BOOTSTRAP, 0o755)
    modules = [*library.glob("lib-dynload/*.so"), *packages.rglob("*.so")]
    libraries = _libraries([executable, *filter(_is_needed, modules)])
    beside = next(path.parent for path in libraries if path.name == "libc.so.6")
    asked = [beside / name for name in _WHEELS_ASK_FOR if (beside / name).exists()]
    _shared(tar, {*libraries, *asked, *_libraries(asked)})


def _shared(tar: tarfile.TarFile, libraries: Iterable[Path]) -> None:
    """The system's libraries keep their place, the interpreter's own go to /var/lang/lib."""
    home = Path(sys.base_prefix).resolve()
    for library in libraries:
        own = home != Path("/usr") and library.resolve().is_relative_to(home)
        place = LANG / "lib" / library.name if own else library
        tar.add(library.resolve(), _name(place))


def _libraries(binaries: list[Path]) -> list[Path]:
    """The shared libraries of some binaries, the loader among them; none of a static one."""
    found: set[Path] = set()
    for binary in binaries:
        done = subprocess.run(["ldd", binary], capture_output=True, text=True, check=False)
        found |= {Path(path) for path in re.findall(r"(/\S+) \(0x", done.stdout)}
    return sorted(found)


def _needed(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return entry if _is_needed(Path(entry.name)) else None


def _is_needed(path: Path) -> bool:
    unwanted = path.name.startswith(("config-", "_tkinter", "_test"))
    return not unwanted and path.name not in _LEFT_OUT


def _name(path: Path) -> str:
    return str(path).lstrip("/")


def _link(tar: tarfile.TarFile, name: str, target: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    tar.addfile(entry)


def _file(tar: tarfile.TarFile, name: str, text: str, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(text.encode()), mode
    tar.addfile(entry, io.BytesIO(text.encode()))
