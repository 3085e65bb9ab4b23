"""Who may ask, and for which models: anyone for any, until the control API says otherwise."""

from pydantic import Field
from starlette.requests import Request

from local.gemini.errors import GeminiError
from local.gemini.protocol import Message


class Access(Message):
    """What the endpoint takes; None is anything."""

    keys: list[str] | None = Field(default=None)
    models: list[str] | None = Field(default=None)


class Gate:
    """Refuses as Google does: no key, a wrong one, a model that there is not."""

    def __init__(self) -> None:
        self.access = Access()

    def check(self, request: Request, method: str) -> None:
        """Let a request to a model pass.

        Raises:
            GeminiError: 401 without a key, 400 with a wrong one, 404 for an unknown model.
        """
        key = _key(request)
        if not key:
            raise GeminiError(
                401,
                "Request is missing required authentication credential: an API key or a bearer "
                "token.",
            )
        if self.access.keys is not None and key not in self.access.keys:
            raise GeminiError(400, "API key not valid. Please pass a valid API key.", [_INVALID])
        model = request.path_params["model"]
        if self.access.models is not None and model not in self.access.models:
            version = request.url.path.split("/")[1]
            raise GeminiError(
                404,
                f"models/{model} is not found for API version {version}, or is not supported for "
                f"{method}. Call ListModels to see the list of available models and their "
                "supported methods.",
            )


_INVALID = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "API_KEY_INVALID",
    "domain": "googleapis.com",
}


def _key(request: Request) -> str:
    """The API key or the bearer token; "" for neither."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return request.headers.get("x-goog-api-key") or request.query_params.get("key") or bearer
