"""Set the security headers: a strict content policy without unsafe-inline or unsafe-eval on every page."""

from __future__ import annotations

import base64
import hashlib

from flask import Flask, Response, request

from ....city.spec import Basemap
from ..snapshots import snapshot

# Run before anything is drawn, so that a page with scripts is laid out once, in the look that js/pages/looks.js keeps
# on this device; its hash is in the policy. Where one of our scripts does not come, the page is as without any.
BOOT_SCRIPT = (
    "(h=>{h.classList.add('js');"
    "addEventListener('error',e=>{if(e.target.tagName==='SCRIPT')h.classList.remove('js')},true);"
    "if('own'in h.dataset)try{const{look,type}=localStorage;"
    "if(look){h.dataset.look=look;document.getElementById('dark').media=look==='dark'?'screen':'not all'}"
    "if(type)h.dataset.type=type}catch{}})(document.documentElement)"
)


def content_policy(basemaps: tuple[Basemap, ...], *, is_embed: bool) -> str:
    """Return the policy: all from us, but for the tiles of basemaps that the organiser turned on.

    Pages show frames of ours, as the builder does. A page for frames says nothing of who may frame it: `*` would
    refuse hosts without an origin, such as a file on somebody's disk or a sandboxed editor.
    """
    boot = base64.b64encode(hashlib.sha256(BOOT_SCRIPT.encode()).digest()).decode()
    images = " ".join(["'self'", "data:", *sorted({h for b in basemaps if b.enabled for h in b.hosts})])
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{boot}'; style-src 'self'; img-src {images}; "
        f"font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        "base-uri 'none'; form-action 'self'" + ("" if is_embed else "; frame-src 'self'; frame-ancestors 'none'")
    )


def init_app(app: Flask) -> None:
    """Add the headers to every response; only the frames of /embed/, not their builder, may stand on other sites."""
    policies: dict[tuple[str, bool], str] = {}  # of the present snapshot; its basemaps may be turned on while serving

    def policy(is_embed: bool) -> str:
        catalogue = snapshot()
        key = (catalogue.tag, is_embed)
        if key not in policies:
            if len(policies) > 1:
                policies.clear()
            policies[key] = content_policy(catalogue.city.basemaps, is_embed=is_embed)
        return policies[key]

    @app.after_request
    def protect(response: Response) -> Response:
        is_embed = request.endpoint is not None and request.endpoint.startswith(
            ("embed.", "embed_plan.", "embed_since.")
        )
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy(is_embed))  # a photo has a stricter one
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=()"
        if not is_embed:  # it is about windows, and without TLS browsers complain of it in others' pages
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return response
