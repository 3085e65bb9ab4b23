"""The calls that the Braintrust SDK makes."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.braintrust.answers import json_response
from local.braintrust.bodies import (
    ApiError,
    ExperimentBody,
    FunctionsBody,
    LogsBody,
    ProjectBody,
    read,
)
from local.braintrust.rows import Row
from local.braintrust.store import Store

ORGANIZATION = {"id": "0b5c1a52-7d7a-4d31-9f0e-6f2f6e1c9a10", "name": "local"}


class Protocol:
    """The routes of the SDK, on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/api/apikey/login", self.login, methods=["POST"]),
            Route("/api/base_experiment/get_id", self.base_experiment, methods=["POST"]),
            Route("/version", self.version),
            Route("/v1/project", self.create_project, methods=["POST"]),
            Route("/v1/project", self.list_projects),
            Route("/v1/project/{id}", self.get_project),
            Route("/logs3", self.log, methods=["POST"]),
            Route("/v1/prompt", self.list_prompts),
            Route("/v1/prompt/{id}", self.get_prompt),
            Route("/insert-functions", self.insert_functions, methods=["POST"]),
            Route("/v1/experiment", self.create_experiment, methods=["POST"]),
            Route("/v1/experiment", self.list_experiments),
            Route("/v1/experiment/{id}/summarize", self.summarize),
        ]

    async def login(self, request: Request) -> Response:
        """Any key opens the one organization there is."""
        require_key(request)
        organization = {**ORGANIZATION, "api_url": str(request.base_url).rstrip("/")}
        return json_response({"org_info": [organization]})

    async def version(self, _: Request) -> Response:
        """No payload limit: the SDK then uses its own and asks for no overflow storage."""
        return json_response({"version": "local"})

    async def create_project(self, request: Request) -> Response:
        """The project of that name, created when new."""
        require_key(request)
        body = await read(request, ProjectBody)
        return json_response({"id": self._store.project(body.name), "name": body.name})

    async def list_projects(self, request: Request) -> Response:
        """The project of that name, if there is one; all of them without a name."""
        require_key(request)
        name = request.query_params.get("project_name")
        found = [
            {"id": project_id, "name": known}
            for project_id, known in self._store.projects().items()
            if name in (None, known)
        ]
        return json_response({"objects": found})

    async def get_project(self, request: Request) -> Response:
        """A project by its id."""
        require_key(request)
        project_id = request.path_params["id"]
        name = self._store.project_name(project_id)
        if name is None:
            raise ApiError(404, "no such project")
        return json_response({"id": project_id, "name": name})

    async def log(self, request: Request) -> Response:
        """Take in rows."""
        require_key(request)
        body = await read(request, LogsBody)
        self._store.log(body.rows)
        return json_response({"ids": [row.get("id") for row in body.rows]})

    async def list_prompts(self, request: Request) -> Response:
        """The prompt with that slug in that project, if there is one."""
        require_key(request)
        query = request.query_params
        project_id = query.get("project_id")
        if project_id is None:
            project_id = self._store.project(query.get("project_name", ""))
        found = self._store.prompt(project_id, query.get("slug", ""), query.get("version"))
        return json_response({"objects": [] if found is None else [found]})

    async def get_prompt(self, request: Request) -> Response:
        """A prompt by its id."""
        require_key(request)
        version = request.query_params.get("version")
        found = self._store.prompt_by_id(request.path_params["id"], version)
        if found is None:
            raise ApiError(404, "no such prompt")
        return json_response(found)

    async def insert_functions(self, request: Request) -> Response:
        """Prompts as the SDK's `publish()` and `braintrust push` send them."""
        require_key(request)
        body = await read(request, FunctionsBody)
        results = []
        for function in body.functions:
            known = self._store.prompt(function.project_id, function.slug, None)
            if known is not None and function.if_exists in (None, "error"):
                raise ApiError(409, f"{function.slug} exists already")
            if known is None or function.if_exists == "replace":
                known = self._store.save_prompt(
                    function.project_id, function.model_dump(exclude={"if_exists"})
                )
            results.append({"id": known["id"], "slug": function.slug})
        return json_response({"status": "success", "functions": results})

    async def create_experiment(self, request: Request) -> Response:
        """A new experiment, or the one of that name when it need not be new."""
        require_key(request)
        body = await read(request, ExperimentBody)
        if self._store.project_name(body.project_id) is None:
            raise ApiError(404, "no such project")
        return json_response(
            self._store.experiment(body.project_id, body.name, ensure_new=body.ensure_new)
        )

    async def list_experiments(self, request: Request) -> Response:
        """Experiments by project and name."""
        require_key(request)
        query = request.query_params
        project_id = query.get("project_id")
        if project_id is None and "project_name" in query:
            project_id = self._store.project(query["project_name"])
        found = self._store.experiments(project_id, query.get("experiment_name"))
        return json_response({"objects": found})

    async def base_experiment(self, request: Request) -> Response:
        """No experiment has a base: 400 is how that is said."""
        require_key(request)
        raise ApiError(400, "no base experiment")

    async def summarize(self, request: Request) -> Response:
        """The experiment's average scores, compared to nothing."""
        require_key(request)
        experiment = self._store.experiment_by_id(request.path_params["id"])
        if experiment is None:
            raise ApiError(404, "no such experiment")
        rows = self._store.rows(experiment_id=experiment["id"])
        return json_response(
            {
                "project_name": self._store.project_name(experiment["project_id"]),
                "experiment_name": experiment["name"],
                "project_url": str(request.base_url),
                "experiment_url": str(request.base_url),
                "comparison_experiment_name": None,
                "scores": _scores(rows),
                "metrics": {},
            }
        )


def require_key(request: Request) -> None:
    """Raises ApiError 401 when the request carries no bearer token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ApiError(401, "an API key is needed")


def _scores(rows: list[Row]) -> dict[str, Row]:
    values: dict[str, list[float]] = {}
    for row in rows:
        scores = row.get("scores")
        for name, value in scores.items() if isinstance(scores, dict) else ():
            if isinstance(value, int | float):
                values.setdefault(name, []).append(float(value))
    return {
        name: {"name": name, "score": sum(v) / len(v), "improvements": 0, "regressions": 0}
        for name, v in values.items()
    }
