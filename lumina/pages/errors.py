"""The one place where the pages turn errors into answers: a page, a part of one, or the wire's failure."""

from __future__ import annotations

from urllib.parse import urlencode

import orjson
from flask import Response, g, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from lumina.errors import LuminaError, Unauthorized
from lumina.pages.requests import is_fetch, is_fragment, keep_private, local_path
from lumina.pages.session import visitor
from lumina.presenters.refusals import failure, refusal
from lumina.presenters.texts import t

HEADINGS = (403, 404, 429, 500, 503)


class Expired(LuminaError):
    """400: a form without the token that shows it to be ours."""

    code = "form_expired"


def answer(error: Exception) -> BaseResponse:
    """Any exception as what the browser can show."""
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return error.get_response()
    refused = _without_token() if isinstance(error, CSRFError) else refusal(error)
    is_for_program = "answers_json" in g
    response = _sign_in() if refused.status == 401 and not is_for_program else _refused(refused)
    if refused.retry_after:
        response.headers["Retry-After"] = str(refused.retry_after)
    return keep_private(response)


def _without_token() -> LuminaError:
    """A form from before one was signed out, if it needs somebody at all; else one that is too old."""
    if visitor() is None and request.blueprint != "auth":
        return Unauthorized()
    return Expired(t("error.message_form"))


def _sign_in() -> Response:
    """To the sign-in, and from there back to where one was."""
    if is_fetch() or is_fragment():
        back = local_path(request.headers.get("HX-Current-URL"))
        return Response(status=401, headers={"HX-Redirect": _login_url(back)})
    back = local_path(request.full_path.rstrip("?")) if request.method == "GET" else None
    response: Response = redirect(_login_url(back), 303)  # type: ignore[assignment]
    return response


def _login_url(back: str | None) -> str:
    return f"/login?{urlencode({'next': back})}" if back and back != "/" else "/login"


def _refused(refused: LuminaError) -> Response:
    if is_fetch() or "answers_json" in g or request.path.startswith("/api/"):
        return Response(orjson.dumps(failure(refused)), refused.status, mimetype="application/json")
    template = "errors/_error.html" if is_fragment() else "errors/page.html"
    return Response(
        render_template(template, heading=_heading(refused), message=_message(refused)), refused.status
    )


def _heading(refused: LuminaError) -> str:
    if isinstance(refused, Expired):
        return t("error.title_form")
    return t(f"error.title_{refused.status}" if refused.status in HEADINGS else "error.title_other")


def _message(refused: LuminaError) -> str:
    if refused.status in (404, 500):
        return t(f"error.message_{refused.status}")
    return refused.message
