"""Errors in the shape Google's APIs answer with."""

from typing import Any

from starlette.responses import JSONResponse

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "NOT_FOUND",
    408: "DEADLINE_EXCEEDED",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class GeminiError(Exception):
    """An answer other than 200: HTTP code, sentence, and Google's error details."""

    def __init__(
        self, code: int, message: str, details: list[dict[str, Any]] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details or []

    @property
    def status(self) -> str:
        """Google's name for the HTTP code, UNKNOWN where it has none."""
        return STATUS_NAMES.get(self.code, "UNKNOWN")

    def response(self) -> JSONResponse:
        """`{"error": {"code", "message", "status", "details"}}` with the HTTP code."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": self.status,
        }
        if self.details:
            error["details"] = self.details
        return JSONResponse({"error": error}, status_code=self.code)


def throttled(message: str, retry_after_seconds: float) -> GeminiError:
    """A 429 whose RetryInfo says how many seconds to wait."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.RetryInfo",
        "retryDelay": f"{retry_after_seconds:g}s",
    }
    return GeminiError(429, message, [detail])
