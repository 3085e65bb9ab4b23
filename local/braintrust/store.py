"""What the endpoint knows: projects, experiments, prompts and rows, in memory and in a journal."""

import time
import uuid
from pathlib import Path
from typing import Any

from local.braintrust.journal import Journal, Record
from local.braintrust.rows import Row, merge

XACT_TOP_BITS = 0x0DE1 << 48


class Store:
    """Everything that was sent. With a path, each record is appended there and read at start."""

    def __init__(self, path: Path | None = None) -> None:
        self._journal = Journal(path)
        self._projects: dict[str, str] = {}
        self._experiments: dict[str, Row] = {}
        self._prompts: dict[tuple[str, str], list[Row]] = {}
        self._rows: dict[tuple[str, str], Row] = {}
        self._last_xact = 0
        for record in self._journal.records():
            self._apply(record)

    def _apply(self, record: Record) -> None:
        body = record.body
        match record.kind:
            case "project":
                self._projects[body["id"]] = body["name"]
            case "experiment":
                self._experiments[body["id"]] = body
            case "prompt":
                self._prompts.setdefault((body["project_id"], body["slug"]), []).append(body)
                self._last_xact = max(self._last_xact, int(body["_xact_id"]))
            case "row":
                self._merge(body)

    def _keep(self, record: Record) -> None:
        self._apply(record)
        self._journal.append(record.kind, [record.body])

    def project(self, name: str) -> str:
        """The id of the project with this name, created when new; the same in every run."""
        project_id = str(uuid.uuid5(uuid.NAMESPACE_DNS, name))
        if project_id not in self._projects:
            self._keep(Record(kind="project", body={"id": project_id, "name": name}))
        return project_id

    def project_name(self, project_id: str) -> str | None:
        """The project's name, None when there is no such project."""
        return self._projects.get(project_id)

    def projects(self) -> dict[str, str]:
        """Every project's name, by its id."""
        return dict(self._projects)

    def experiment(self, project_id: str, name: str | None, ensure_new: bool) -> Row:
        """A project's experiment of that name; another name when it has to be new."""
        taken = {e["name"]: e for e in self._experiments.values() if e["project_id"] == project_id}
        wanted = name or f"experiment-{len(taken) + 1}"
        if wanted in taken and not ensure_new:
            return taken[wanted]
        free = wanted
        while free in taken:
            free = f"{wanted}-{uuid.uuid4().hex[:8]}"
        body = {"id": str(uuid.uuid4()), "project_id": project_id, "name": free}
        self._keep(Record(kind="experiment", body=body))
        return body

    def experiments(self, project_id: str | None, name: str | None) -> list[Row]:
        """Experiments, narrowed by project and name where given."""
        return [
            experiment
            for experiment in self._experiments.values()
            if project_id in (None, experiment["project_id"]) and name in (None, experiment["name"])
        ]

    def experiment_by_id(self, experiment_id: str) -> Row | None:
        """An experiment, None when there is no such."""
        return self._experiments.get(experiment_id)

    def save_prompt(self, project_id: str, fields: Row) -> Row:
        """A new version of the prompt with `fields["slug"]`; earlier versions stay readable."""
        slug = fields["slug"]
        body = {
            "description": None,
            "tags": None,
            **fields,
            "id": str(uuid.uuid5(uuid.UUID(project_id), slug)),
            "project_id": project_id,
            "_xact_id": self._next_xact(),
        }
        self._keep(Record(kind="prompt", body=body))
        return body

    def prompt(self, project_id: str, slug: str, version: str | None) -> Row | None:
        """A prompt's given or newest version, None when there is none."""
        versions = self._prompts.get((project_id, slug), [])
        matching = [p for p in versions if version is None or p["_xact_id"] == version]
        return matching[-1] if matching else None

    def prompt_by_id(self, prompt_id: str, version: str | None) -> Row | None:
        """As `prompt`, for the prompt's own id."""
        for (project_id, slug), versions in self._prompts.items():
            if versions[-1]["id"] == prompt_id:
                return self.prompt(project_id, slug, version)
        return None

    def log(self, rows: list[Row]) -> None:
        """Take in rows of `/logs3`, in their order."""
        for row in rows:
            self._merge(row)
        self._journal.append("row", rows)

    def rows(self, **fields: Any) -> list[Row]:
        """Rows whose top-level fields have these values, oldest first."""
        wanted = fields.items()
        return [row for row in self._rows.values() if all(row.get(k) == v for k, v in wanted)]

    def comments(self, row_id: str) -> list[str]:
        """What people said of a row, oldest first."""
        said = [row["comment"] for row in self.rows(origin={"id": row_id}) if row.get("comment")]
        return [str(comment.get("text")) for comment in said if isinstance(comment, dict)]

    def trace_count(self) -> int:
        """How many traces the rows belong to."""
        return len({row.get("root_span_id") for row in self._rows.values()} - {None})

    def _merge(self, row: Row) -> None:
        container = row.get("experiment_id") or row.get("project_id") or row.get("log_id") or ""
        key = (str(container), str(row.get("id")))
        if row.get("_object_delete"):
            self._rows.pop(key, None)
        else:
            self._rows[key] = merge(self._rows.get(key), row)

    def _next_xact(self) -> str:
        """Rising transaction ids of the form Braintrust has: fixed top bits, seconds, counter."""
        now = XACT_TOP_BITS | int(time.time()) << 16
        self._last_xact = max(self._last_xact + 1, now)
        return str(self._last_xact)
