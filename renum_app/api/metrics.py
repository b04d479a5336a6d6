"""`/metrics` for Prometheus: to this machine, or with the metrics token; for others it is not there."""

from __future__ import annotations

import hmac
import ipaddress
from collections import Counter
from collections.abc import Iterator, Mapping

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response

from renum_app import caller, runtime
from renum_app.api import monitor
from renum_app.api.problems import response_to
from renum_app.errors import NotFound
from renum_app.services import oversight
from renum_app.services.oversight import Gauges

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_answers: Counter[tuple[str, str]] = Counter()
_seconds: Counter[str] = Counter()
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def count(method: str, status: int, *, seconds: float) -> None:
    """Note an answer of the API."""
    known = method if method in _METHODS else "other"
    _answers[known, f"{status // 100}xx"] += 1
    _seconds[known] += seconds  # pyright: ignore[reportArgumentType] (a Counter adds up floats as well)


async def metrics(request: Request) -> Response:
    """The figures of this process, and of the executions in the database."""
    if not _may_read(request):
        return response_to(NotFound(), request)
    gauges = await oversight.gauges()
    return PlainTextResponse("\n".join(_lines(gauges)) + "\n", media_type=_TYPE)


def _may_read(request: Request) -> bool:
    settings = runtime.current().settings
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if settings.metrics_token and scheme.lower() == "bearer":
        return hmac.compare_digest(token.encode(), settings.metrics_token.encode())
    # A proxy on this machine makes everybody's call come from here.
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip"))
    if forwarded and not settings.trusted_proxy_hops:
        return False
    return _is_loopback(caller.address_of(request.scope, trusted_hops=settings.trusted_proxy_hops))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _lines(gauges: Gauges) -> Iterator[str]:
    live = runtime.current()
    yield from _family("renum_info", "gauge", "What runs here.", {f'version="{live.settings.app_version}"': 1})
    yield from _family("renum_uptime_seconds", "gauge", "Since the start of this process.", {"": live.uptime_seconds})
    yield from _family("renum_database_up", "gauge", "Whether the database answers.", {"": int(gauges.database_up)})
    yield from _family("renum_engine_up", "gauge", "Whether what is started moves.", {"": int(gauges.engine_up)})
    waiting = {f'status="{name}"': number for name, number in gauges.unfinished.items()}
    yield from _family("renum_executions_unfinished", "gauge", "Executions that have not ended.", waiting)
    yield from _family("renum_executions_parked", "gauge", "Of those, how many only wait.", {"": gauges.parked})
    yield from _family("renum_monitor_sockets", "gauge", "Open monitor WebSockets.", {"": monitor.open_sockets()})
    answers = {f'method="{method}",status="{status}"': number for (method, status), number in sorted(_answers.items())}
    yield from _family("renum_http_requests_total", "counter", "Answers of the API.", answers)
    times = {f'method="{method}"': seconds for method, seconds in sorted(_seconds.items())}
    yield from _family("renum_http_request_seconds_total", "counter", "Time until the answers began.", times)


def _family(name: str, kind: str, words: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
    yield from (f"{name}{{{labels}}} {value:g}" if labels else f"{name} {value:g}" for labels, value in values.items())
