"""JSON answers that can carry whatever was sent."""

import json
from typing import Any

from starlette.responses import Response


def json_response(value: Any, status: int = 200) -> Response:
    """JSON in ASCII: what was sent may hold lone surrogates, which UTF-8 cannot carry."""
    return Response(json.dumps(value), status_code=status, media_type="application/json")
