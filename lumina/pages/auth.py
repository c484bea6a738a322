"""Signing up, in and out, and a forgotten password."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from lumina import models
from lumina.errors import LuminaError
from lumina.pages import session
from lumina.pages.forms import ForgotForm, Form, LoginForm, RegisterForm, ResetForm
from lumina.pages.requests import client_address, local_path, site, user_agent
from lumina.presenters.texts import t
from lumina.services import accounts, passwords, sessions

blueprint = Blueprint("auth", __name__)

HOME = "/conversations"
KIND = "web"


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> Response | BaseResponse:
    """Sign in by address and password."""
    if session.visitor():
        return redirect(_next() or HOME, 303)
    form = LoginForm()
    if form.validate_on_submit():
        try:
            return _enter(
                sessions.sign_in(
                    email=form.email.data,
                    password=form.password.data,
                    kind=KIND,
                    address=client_address(),
                    user_agent=user_agent(),
                )
            )
        except LuminaError as error:
            if error.code == "suspended":
                return _login(form, error.status, notice=error.message)
            return _again("auth/login.html", form, error, register_url=_with_next("/register"), notice=None)
    return _login(form)


def _login(form: Form, status: int = 200, notice: str | None = None) -> Response:
    return _shown("auth/login.html", form, status, register_url=_with_next("/register"), notice=notice)


@blueprint.route("/register", methods=["GET", "POST"])
def register() -> Response | BaseResponse:
    """Make an account, and sign in with it."""
    if session.visitor():
        return redirect(HOME, 303)
    form = RegisterForm()
    if form.validate_on_submit():
        try:
            user = accounts.register(
                email=form.email.data,
                password=form.password.data,
                first_name=form.first_name.data,
                last_name=form.last_name.data,
                address=client_address(),
            )
        except LuminaError as error:
            return _again("auth/register.html", form, error, login_url=_with_next("/login"))
        return _enter(_start(user))
    return _shown("auth/register.html", form, login_url=_with_next("/login"))


@blueprint.post("/logout")
def logout() -> BaseResponse:
    """End this session."""
    if person := session.visitor():
        sessions.end(person, session.session_id())
    session.forget()
    response = redirect("/login", 303)
    # The next person at this machine finds nothing of the last one's.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.route("/forgot", methods=["GET", "POST"])
def forgot() -> Response:
    """Ask for a link to a new password; the answer tells nothing about who has an account."""
    form = ForgotForm()
    if form.validate_on_submit():
        try:
            passwords.ask_reset(form.email.data, _reset_link, address=client_address())
        except LuminaError as error:
            return _again("auth/forgot.html", form, error, sent_to=None)
        return _shown("auth/forgot.html", form, sent_to=form.email.data)
    return _shown("auth/forgot.html", form, sent_to=None)


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> Response | BaseResponse:
    """Set a new password by a mail's link."""
    form = ResetForm()
    if form.validate_on_submit():
        try:
            passwords.reset(token, form.password.data, address=client_address())
        except LuminaError as error:
            return _again("auth/reset.html", form, error)
        flash(t("auth.reset_done"), "good")
        return redirect("/login", 303)
    return _shown("auth/reset.html", form)


def _shown(template: str, form: Form, status: int = 200, **context: object) -> Response:
    status = 400 if form.errors and status == 200 else status
    return Response(render_template(template, form=form, form_error=None, **context), status)


def _again(template: str, form: Form, error: LuminaError, **context: object) -> Response:
    form.refuse(error)
    response = _shown(template, form, error.status, **context)
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _start(user: models.User) -> models.Session:
    return sessions.start(user, kind=KIND, address=client_address(), user_agent=user_agent())


def _enter(begun: models.Session) -> BaseResponse:
    session.begin(begun)
    return redirect(_next() or HOME, 303)


def _next() -> str | None:
    return local_path(request.args.get("next"))


def _with_next(path: str) -> str:
    target = _next()
    return f"{path}?{urlencode({'next': target})}" if target else path


def _reset_link(token: str) -> str:
    return f"{site()}/reset/{token}"
