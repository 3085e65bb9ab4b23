"""The Lambdas' own modules, loaded from `src/`, where each is a program of its own."""

import importlib.util
import uuid
from types import ModuleType

from local.folder import ROOT


def load(function: str, file: str = "app.py") -> ModuleType:
    """A file of a function, new each time: what it builds is kept per process there."""
    path = ROOT / "src" / function / file
    spec = importlib.util.spec_from_file_location(f"evals_{function}_{uuid.uuid4().hex}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
