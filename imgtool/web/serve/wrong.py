"""What is wrong with a request, as programs read it: a word, a sentence, what to do."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from imgtool.errors import DatasetBusy, ImgtoolError, UsageError
from imgtool.records import Reason, Refusal
from imgtool.web.serve.line import Full

REASONS: Mapping[int, str] = {
    400: "bad_request",
    401: "no_token",
    403: "forbidden",
    404: "not_found",
    405: "wrong_method",
    408: "timeout",
    409: "busy",
    413: "too_large",
    415: "unsupported",
    422: "makes_no_sense",
    429: "too_many",
}
TOO_MUCH = frozenset({Reason.TOO_LARGE, Reason.TOO_MANY_PIXELS, Reason.TOO_MANY_FRAMES, Reason.DECODE_BOMB})
NO_PICTURE = frozenset({Reason.NOT_IMAGE, Reason.UNSUPPORTED})
STATUS: tuple[tuple[type[ImgtoolError], int], ...] = (
    (Full, 429),
    (DatasetBusy, 409),
    (UsageError, 422),
    (ImgtoolError, 500),  # disk full, model damaged
)


class Wrong(HTTPException):
    """A request that cannot be answered."""

    def __init__(
        self, status: int, reason: str, message: str, hint: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, message, headers)
        self.reason = reason
        self.hint = hint


def refused(refusal: Refusal) -> Wrong:
    """A picture that is none, as the answer to a request for it alone."""
    told = error_of(refusal)
    return Wrong(status_of(refusal), told["reason"], told["message"])


def status_of(refusal: Refusal) -> int:
    """What a picture's refusal is in HTTP's numbers."""
    if refusal.reason in TOO_MUCH:
        return 413
    return 415 if refusal.reason in NO_PICTURE else 422


def error_of(refusal: Refusal) -> dict[str, str]:
    """A refusal as JSON."""
    return {"reason": refusal.reason.value, "message": refusal.detail or refusal.reason.value.replace("_", " ")}


def answer_to(error: Exception) -> Response:
    """What went wrong, with its status."""
    if isinstance(error, HTTPException):
        reason = getattr(error, "reason", REASONS.get(error.status_code, "failed"))
        return told(error.status_code, reason, error.detail, getattr(error, "hint", ""), error.headers)
    if isinstance(error, ImgtoolError):
        status = next(number for kind, number in STATUS if isinstance(error, kind))
        headers = {"retry-after": str(error.after)} if isinstance(error, Full) else None
        return told(status, REASONS.get(status, "failed"), str(error), error.hint, headers)
    return told(500, "failed", "Something broke in here; the terminal says what.")


def told(
    status: int, reason: str, message: str, hint: str = "", headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An error as every program of ours reads it."""
    body = {"error": {"reason": reason, "message": message, "hint": hint}}
    return JSONResponse(body, status, headers={"cache-control": "no-store", **(headers or {})})
