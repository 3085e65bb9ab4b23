"""The local AWS alone, without a stack in it, in a folder of its own."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from local import aws
from local.folder import Folder
from local.services import State, stop


@contextmanager
def local_aws() -> Generator[str]:
    """Its address, while the block runs."""
    with TemporaryDirectory(prefix="filtermend-aws-") as path:
        folder, state = Folder(Path(path)), State()
        try:
            yield aws.serve(folder, state, 1)
        finally:
            for service in state.services:
                stop(service)
