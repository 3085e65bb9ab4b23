"""When two errors are one problem (design: one problem, one run)."""

import hashlib
import re

from filtermend.models import ErrorRow

_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_HEX = re.compile(r"\b0x[0-9a-f]+\b", re.IGNORECASE)
_PAIR = re.compile(r"\b[A-Z0-9]{1,20}(?:USDT|USDC|BUSD|USD|BTC|ETH|EUR)\b")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")


def normalise_message(message: str) -> str:
    """The message without what varies from candle to candle: ids, addresses, symbols, numbers."""
    text = _UUID.sub("<id>", message)
    text = _HEX.sub("<address>", text)
    text = _PAIR.sub("<symbol>", text)
    return " ".join(_NUMBER.sub("X", text).split())


def fingerprint(error: ErrorRow, code: str) -> str:
    """A hash of trader, code, error type and normalised message, 64 hexadecimal digits.

    Args:
        error: the error.
        code: the code that failed.
    """
    code_hash = hashlib.sha256(code.encode(errors="replace")).hexdigest()
    parts = (
        str(error.trader_id),
        code_hash,
        error.error_type,
        normalise_message(error.error_message),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
