"""Files of the page: compressed once, kept in memory, never asked for twice by a browser."""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import flask_bootstrap
from flask import Flask, Response, abort, request

IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATE: Final = "no-cache"

_VENDOR: Final = "vendor/"
_FOLDERS: Final = ("_dash-component-suites/", "assets/", "_dash-layout", "_dash-dependencies", _VENDOR)
"""Where what begins so does not change while the server runs; the page's tree is fixed, patches fill it."""
_FONT_FILES: Final = f"/{_VENDOR}icons/fonts/"
_KEPT_BYTES: Final = 16 << 20
_LEVEL: Final = 6
_FINGERPRINT: Final = re.compile(r"\.v\d+_\d+_\d+[^/]*\.(?:js|css|map)$")
_VERSION_QUERY: Final = frozenset({"v", "m"})
_FONTS: Final = re.compile(r"font/woff2?|image/(?!svg)")

_BOOTSTRAP: Final = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css"
FILES: Final[Mapping[str, Path]] = {
    "bootstrap/bootstrap.min.css": _BOOTSTRAP / "bootstrap.min.css",
    "icons/bootstrap-icons.min.css": _BOOTSTRAP / "font" / "bootstrap-icons.min.css",
    "icons/fonts/bootstrap-icons.woff2": _BOOTSTRAP / "font" / "fonts" / "bootstrap-icons.woff2",
    "icons/fonts/bootstrap-icons.woff": _BOOTSTRAP / "font" / "fonts" / "bootstrap-icons.woff",
}
"""Third-party files under `vendor/`, served from the package that ships them."""


@dataclass(frozen=True, slots=True)
class _File:
    """One file as it leaves: compressed where that helps."""

    body: bytes
    mimetype: str
    etag: str
    compressed: bool


class _Cache:
    """The files that were asked for, newest last, 16 MB of them."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, _File] = OrderedDict()
        self._bytes = 0
        # Guards the files and their size, not the compressing: two first readers may both do that.
        self._lock = threading.Lock()

    def get(self, path: str) -> _File | None:
        with self._lock:
            return self._files.get(path)

    def put(self, path: str, file: _File) -> None:
        with self._lock:
            if path in self._files:
                return
            self._files[path] = file
            self._bytes += len(file.body)
            while self._bytes > _KEPT_BYTES:
                self._bytes -= len(self._files.popitem(last=False)[1].body)


def install(server: Flask, dashboard: str) -> None:
    """Add `vendor/` under `dashboard` (it ends with a slash); compress it, Dash's files, assets and the tree.

    The first answer to a path is kept as it was compressed; the files do not change while the server runs.
    """
    cache = _Cache()
    folders = tuple(dashboard + folder for folder in _FOLDERS)

    @server.get(f"{dashboard}{_VENDOR}<path:name>")
    def vendor(name: str) -> Response:
        """Bootstrap's style sheet and icons."""
        file = FILES.get(name)
        if file is None:
            abort(404)
        mimetype = {".css": "text/css", ".woff2": "font/woff2", ".woff": "font/woff"}[file.suffix]
        return Response(file.read_bytes(), mimetype=mimetype)

    @server.before_request
    def from_cache() -> Response | None:
        if request.method != "GET" or not request.path.startswith(folders) or not _takes_gzip():
            return None
        file = cache.get(request.path)
        return None if file is None else _serve(file)

    @server.after_request
    def into_cache(response: Response) -> Response:
        if not request.path.startswith(folders):
            return response
        if response.status_code == 200 and request.method == "GET" and "Content-Encoding" not in response.headers:
            if _takes_gzip():
                file = _compress(response)
                cache.put(request.path, file)
                return _serve(file)
            response.direct_passthrough = False
            response.add_etag(overwrite=True)
            response.make_conditional(request)
        if response.status_code in {200, 304}:
            _label(response)
        return response


def _takes_gzip() -> bool:
    return bool(request.accept_encodings["gzip"])


def _compress(response: Response) -> _File:
    response.direct_passthrough = False
    body = response.get_data()
    response.close()
    mimetype = response.content_type or "application/octet-stream"
    compressed = _FONTS.match(mimetype) is None
    if compressed:
        body = gzip.compress(body, _LEVEL, mtime=0)
    return _File(body, mimetype, hashlib.sha256(body).hexdigest()[:32], compressed)


def _serve(file: _File) -> Response:
    response = Response(file.body, content_type=file.mimetype)
    if file.compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(file.etag)
    _label(response)
    response.make_conditional(request)
    return response


def _label(response: Response) -> None:
    response.vary.add("Accept-Encoding")
    versioned = _FINGERPRINT.search(request.path) is not None or not _VERSION_QUERY.isdisjoint(request.args)
    fixed = versioned or _FONT_FILES in request.path
    response.headers["Cache-Control"] = IMMUTABLE if fixed else REVALIDATE
