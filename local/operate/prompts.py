"""`make prompts`: the prompt of `prompts/` into Braintrust, where a new version takes over."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from filtermend.prompt import PARTS, SLUG, PromptTemplate, check_template, parse_template
from filtermend.prompt_store import read_prompt
from filtermend.settings import GeminiSettings, TracingSettings
from local.folder import ROOT, Folder
from local.operate import CannotOperate
from local.services import State

FILE = ROOT / "prompts" / f"{SLUG}.md"
ROLES = ("system", "user", "user")
"""Of the three parts, as a chat."""


def run(given: Mapping[str, str]) -> int:
    """Upload the prompt, unless Braintrust has just that already, and print its version.

    Raises:
        CannotOperate: the prompt may not serve, there is no key, or Braintrust refuses.
    """
    template = _read(Path(given.get("FILE") or FILE))
    key, settings = _braintrust(given)
    try:
        if (there := _newest(settings, key)) and _texts(there) == _texts(template):
            print(f"{SLUG}: version {there.version} is there already")
            return 0
        _upload(template, settings, key)
        stored = _newest(settings, key)
    except httpx.HTTPError as error:
        raise CannotOperate(f"Braintrust cannot be asked: {error}") from None
    if stored is None or _texts(stored) != _texts(template):
        raise CannotOperate("Braintrust took the prompt and has another: look at the project")
    print(f"{SLUG}: version {stored.version}, serves within five minutes")
    return 0


def _read(file: Path) -> PromptTemplate:
    try:
        template = parse_template(file.read_text("utf-8"))
        check_template(template)
    except (OSError, ValueError) as error:
        raise CannotOperate(f"{file.name}: {error}") from None
    return template


def _braintrust(given: Mapping[str, str]) -> tuple[str, TracingSettings]:
    """The key and where it opens: from the environment, else the local stack's endpoint."""
    local = State.read(Folder.chosen()).env
    if key := given.get("BRAINTRUST_API_KEY"):
        return key, TracingSettings.load()
    if url := local.get("BRAINTRUST_API_URL"):
        os.environ.setdefault("BRAINTRUST_APP_URL", url)
        return "local", TracingSettings(braintrust_api_url=url)
    raise CannotOperate("set BRAINTRUST_API_KEY, or start the local stack (`make up`)")


def _newest(settings: TracingSettings, key: str) -> PromptTemplate | None:
    """The newest prompt there; None where there is none that could serve."""
    answer = httpx.get(
        f"{settings.braintrust_api_url}/v1/prompt",
        params={"project_name": settings.braintrust_project, "slug": SLUG, "limit": 1},
        headers={"Authorization": f"Bearer {key}"},
        timeout=30,
    )
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None
    found = answer.raise_for_status().json()["objects"]
    try:
        return read_prompt(found[0]) if found else None
    except ValueError:
        return None


def _upload(template: PromptTemplate, settings: TracingSettings, key: str) -> None:
    os.environ["BRAINTRUST_API_KEY"] = key
    os.environ["BRAINTRUST_API_URL"] = settings.braintrust_api_url
    import braintrust

    project: Any = braintrust.projects.create(settings.braintrust_project)
    messages = [
        {"role": role, "content": text} for role, text in zip(ROLES, _texts(template), strict=True)
    ]
    project.prompts.create(
        name=SLUG,
        slug=SLUG,
        messages=messages,
        model=GeminiSettings.load().gemini_model,
        if_exists="replace",
    )
    project.publish()


def _texts(template: PromptTemplate) -> tuple[str, ...]:
    return tuple(getattr(template, part) for part in PARTS)
