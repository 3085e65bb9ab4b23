"""What Lambda hands to a function: a function URL's event, and the context."""

from typing import Any


class Context:
    """Lambda's context as far as the functions read it."""

    function_name = "function"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:function"
    aws_request_id = "3b1c0d2e-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def url_event(
    body: str | None, path: str = "/", *, base64: bool = False, **headers: str
) -> dict[str, Any]:
    """What Lambda makes of a POST to a function URL."""
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", **headers},
        "requestContext": {
            "http": {"method": "POST", "path": path, "sourceIp": "127.0.0.1"},
            "requestId": Context.aws_request_id,
            "routeKey": "$default",
            "stage": "$default",
        },
        "body": body,
        "isBase64Encoded": base64,
    }
