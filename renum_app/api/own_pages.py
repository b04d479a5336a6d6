"""Whether a request that carries the session cookie comes from a page of ours."""

from __future__ import annotations

from fastapi import Request

from renum_app import runtime
from renum_app.errors import Forbidden


def refuse_other_sites(request: Request) -> None:
    """Another site may make a browser send the form; the browser then says so.

    `Sec-Fetch-Site` is asked first: with a strict referrer policy a browser sends `Origin: null` even from our page.
    """
    if site := request.headers.get("sec-fetch-site"):
        if site not in {"same-origin", "none"}:
            raise Forbidden("foreign_origin")
        return
    origin = request.headers.get("origin")
    own = {*runtime.current().settings.origins, f"{request.url.scheme}://{request.url.netloc}"}
    if origin is not None and origin not in own:
        raise Forbidden("foreign_origin")
