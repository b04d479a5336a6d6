"""The REST API as the command line speaks it: JSON in and out, and one error that says what the server said."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx

from renum_app import __version__
from renum_app.cli.sign_in import SignIn, is_loopback
from renum_app.cli.words import language, t

_TRIES = 3
_LONGEST_WAIT_SECONDS = 30.0
_CONNECT_SECONDS, _ANSWER_SECONDS = 10.0, 60.0
_SILENCE_SECONDS = 45.0
"""The server says something on an open stream every 15 seconds."""
_BUSY = {429, 503}
_PAGE = 100

Json = dict[str, Any]


class ServerError(Exception):
    """The server refused, or did not answer; the text is a sentence for a person."""

    def __init__(self, sentence: str, *, status: int = 0, retry_after: float = 0) -> None:
        super().__init__(sentence)
        self.status, self.retry_after = status, retry_after

    @property
    def may_pass(self) -> bool:
        """Nobody answered, or not now: worth another try."""
        return self.status == 0 or self.status in _BUSY or self.status >= 500


class Client:
    """One signed-in person at one server."""

    def __init__(self, sign_in: SignIn, *, pause: Callable[[float], None] = time.sleep) -> None:
        self._pause = pause
        self._http = httpx.Client(
            base_url=f"{sign_in.url}/api/v1",
            headers={
                "Authorization": f"Bearer {sign_in.token}",
                "Accept-Language": language(),
                "Content-Type": "application/json",
                "User-Agent": f"renum/{__version__}",
            },
            timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
            # A proxy of the environment must not see what goes to this very machine.
            trust_env=not is_loopback(urlsplit(sign_in.url).hostname or ""),
        )

    def get(self, *place: str, **parameters: Any) -> Json:
        """GET; what is None is not asked for."""
        return self._tried("GET", place, params={name: each for name, each in parameters.items() if each is not None})

    def post(self, *place: str, body: Json | None = None, once: bool = False) -> Json:
        """POST.

        Args:
            once: The route takes an `Idempotency-Key`, so that the request may be sent again when its answer is lost.
        """
        if once:
            return self._tried("POST", place, body=body, headers={"Idempotency-Key": uuid4().hex})
        return self._sent("POST", place, body=body)

    def put(self, *place: str, body: Json, version: int) -> Json:
        """PUT what somebody else has not saved since `version`."""
        return self._sent("PUT", place, body=body, headers={"If-Match": f'"{version}"'})

    def every(self, *place: str, limit: int, **parameters: Any) -> Iterator[Json]:
        """The first `limit` items of a list."""
        page = 1
        while limit > 0:
            found = self.get(*place, page=page, limit=_PAGE, **parameters)
            yield from found["items"][:limit]
            limit -= len(found["items"])
            if page >= found["pages"]:
                return
            page += 1

    @contextmanager
    def events(self, execution_id: str, *, after: int) -> Generator[Iterator[str] | None]:
        """The lines of the event stream; None when nothing will ever come any more."""
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        path = _path("executions", execution_id, "events")
        timeout = httpx.Timeout(_SILENCE_SECONDS, connect=_CONNECT_SECONDS)
        with _answered(), self._http.stream("GET", path, headers=headers, timeout=timeout) as answer:
            if answer.status_code == httpx.codes.NO_CONTENT:
                yield None
                return
            if answer.status_code != httpx.codes.OK:
                answer.read()
                raise _refusal(answer)
            yield answer.iter_lines()

    def _tried(self, method: str, place: tuple[str, ...], **request: Any) -> Json:
        """Send what may be sent again, a few times."""
        for attempt in range(1, _TRIES):
            try:
                return self._sent(method, place, **request)
            except ServerError as error:
                wait = max(error.retry_after, 0.5 * attempt)
                if not error.may_pass or wait > _LONGEST_WAIT_SECONDS:
                    raise
                self._pause(wait)
        return self._sent(method, place, **request)

    def _sent(self, method: str, place: tuple[str, ...], *, body: Json | None = None, **request: Any) -> Json:
        if body is not None:
            request["content"] = _encoded(body)
        with _answered():
            answer = self._http.request(method, _path(*place), **request)
            if not answer.is_success:
                raise _refusal(answer)
            return _object(answer)


def _encoded(body: Json) -> bytes:
    try:
        return json.dumps(body, allow_nan=False).encode()  # ASCII: the server says what is wrong with odd characters
    except ValueError as error:
        raise ServerError(t("cli.no_number"), status=httpx.codes.UNPROCESSABLE_ENTITY) from error


def _path(*place: str) -> str:
    return "/" + "/".join(quote(each, safe="") for each in place)


@contextmanager
def _answered() -> Generator[None]:
    """Put what breaks on the way into words."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ServerError(t("cli.unreached", why=str(error) or type(error).__name__)) from error


def _object(answer: httpx.Response) -> Json:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ServerError(t("cli.not_renum", status=answer.status_code), status=answer.status_code)
    return told


def _refusal(answer: httpx.Response) -> ServerError:
    """What the server said: its sentence, every bad field, and the id to look for in its log."""
    told = _object(answer).get("error")
    if not isinstance(told, dict) or "message" not in told:
        return ServerError(t("cli.not_renum", status=answer.status_code), status=answer.status_code)
    lines = [str(told["message"])]
    fields = (told.get("details") or {}).get("fields") or []
    lines += [f"  {each.get('field')}: {each.get('message')}" for each in fields]
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        lines.append(t("cli.sign_in_again"))
    lines.append(t("cli.request_id", request_id=told.get("request_id") or "—"))
    wait = answer.headers.get("Retry-After", "")
    return ServerError("\n".join(lines), status=answer.status_code, retry_after=float(wait) if wait.isdecimal() else 0)
