"""Files that pages need - styles, scripts, pictures - as they are packaged."""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from .negotiation import accepts_gzip

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_FOLDER = Path(__file__).with_name("static")
#: A folder or a file: no way up, no other separator.
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_TEXT = ("text/", "application/json", "image/svg+xml", "application/manifest+json")


@dataclass(frozen=True, slots=True)
class _File:
    data: bytes
    packed: bytes | None  # by gzip, where that makes it smaller
    media_type: str
    tag: str


class PackagedFiles:
    """Serves the files below `static/` (ASGI), compressed once and kept."""

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request.

        :raises HTTPException: 404 if there is no such file, 405 if it is not to be read
        """
        request = Request(scope)
        if request.method not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        file = await run_in_threadpool(_find, scope["path"].removeprefix("/static/"))
        if file is None:
            raise HTTPException(404)
        headers = {"etag": file.tag, "cache-control": "no-cache"}
        if file.tag in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
            await Response(status_code=304, headers=headers)(scope, receive, send)
            return
        data = file.data
        if file.packed is not None and accepts_gzip(request.headers.get("accept-encoding", "")):
            data = file.packed
            headers["content-encoding"] = "gzip"
        headers["content-type"] = file.media_type
        await Response(data, headers=headers)(scope, receive, send)


def _find(name: str) -> _File | None:
    # Judged by its name alone: where files are installed as links, they lead elsewhere.
    if not all(map(_PART.fullmatch, name.split("/"))):
        return None
    try:
        path = _FOLDER.joinpath(*name.split("/"))
        if not path.is_file():
            return None
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError):  # a name that no file can have
        return None


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> _File:
    data = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix in {".js", ".mjs"}:
        kind = "text/javascript"
    is_text = kind.startswith(_TEXT)
    packed = gzip.compress(data, 9, mtime=0) if is_text else data
    return _File(
        data,
        packed if len(packed) < len(data) else None,
        f"{kind}; charset=utf-8" if is_text else kind,
        f'W/"{hashlib.sha256(data).hexdigest()[:20]}"',
    )
