"""The routes for looking at traces."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from local.braintrust.answers import json_response
from local.braintrust.bodies import ApiError
from local.braintrust.pages import PAGE_HEADERS, index_page, text_tree, trace_page
from local.braintrust.store import Store
from local.braintrust.traces import Span, summaries, trees, walk


def viewing_routes(store: Store) -> list[Route]:
    """List and trees of traces: as JSON, as text, as pages."""

    def trace(request: Request) -> list[Span]:
        tops = trees(store.rows(root_span_id=request.path_params["id"]))
        if not tops:
            raise ApiError(404, "no such trace")
        for _, span in walk(tops):
            span.comments = store.comments(span.id)
        return tops

    async def index(_: Request) -> Response:
        return _page(index_page(summaries(store.rows())))

    async def view(request: Request) -> Response:
        return _page(trace_page(request.path_params["id"], trace(request)))

    async def listing(_: Request) -> Response:
        return json_response([s.model_dump(mode="json") for s in summaries(store.rows())])

    async def tree(request: Request) -> Response:
        spans = [span.model_dump() for span in trace(request)]
        return json_response({"root_span_id": request.path_params["id"], "spans": spans})

    async def text(request: Request) -> Response:
        return PlainTextResponse(text_tree(trace(request)))

    return [
        Route("/", index),
        Route("/traces", listing),
        Route("/traces/{id}.txt", text),
        Route("/traces/{id}/view", view),
        Route("/traces/{id}", tree),
    ]


def _page(html: str) -> Response:
    return HTMLResponse(html.encode("utf-8", "replace"), headers=PAGE_HEADERS)
