"""The turn to upload: one upload at a time changes a store, and none is in the way for ever.

The store itself keeps the register of uploads, in a graph of its own. An upload that gives no sign
of life for ten minutes has lost its turn; one that this machine began, and that no process here
still works at, has lost it at once.
"""

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import Any

from pyoxigraph import NamedNode, QuerySolutions

from .errors import EndpointError, GraphError, StoreLockedError
from .remote import UPLOADS, RemoteStore

#: An upload that has been silent for longer is taken for dead.
LEASE_S = 600.0
_SIGN_EVERY_S = 30.0


class Turn:
    """An upload that has its turn. `upload` is its IRI."""

    def __init__(self, store: RemoteStore, upload: NamedNode) -> None:
        """Hold the store and the upload."""
        self.store, self.upload = store, upload
        self._seen = monotonic()

    def stage(self, graph: NamedNode) -> None:
        """Note that a graph is about to be filled, so that it is removed whatever happens."""
        text = request("upload-stages.rq", upload=self.upload, staged=graph)
        self.store.change(text, again=True)

    def alive(self) -> None:
        """Give a sign of life, if the last is some time ago."""
        if monotonic() - self._seen > _SIGN_EVERY_S:
            self.store.change(request("upload-alive.rq", upload=self.upload), again=True)
            self._seen = monotonic()

    def revoke(self) -> None:
        """Give the turn back: from here on nothing is put in force."""
        self.store.change(request("upload-revoke.rq", upload=self.upload), again=True)

    def is_switched(self) -> bool:
        """Tell whether what was uploaded is in force."""
        return any(
            NamedNode(row[0].value) == self.upload and row[1].value == "switched"
            for row in rows(self.store, "upload-open.rq")
        )


@contextmanager
def turn(store: RemoteStore, folder: Path) -> Iterator[Turn]:
    """Take the turn; tidy up what others have left, and at the end what this upload has left.

    :param folder: where this machine keeps which uploads it has begun
    :raises StoreLockedError: if another upload is at work
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(store.places.update.encode()).hexdigest()[:16]
    begun = folder / f"{name}.upload"
    try:
        with FileLock(folder / f"{name}.lock", timeout=0):
            mine = begun.read_text(encoding="utf-8").strip() if begun.is_file() else ""
            for left in _left(store, mine):
                tidy(store, left)
            upload = NamedNode(f"{UPLOADS}{uuid.uuid4().hex}")
            begun.write_text(upload.value, encoding="utf-8")
            try:
                _claim(store, upload)
                yield Turn(store, upload)
            finally:
                # Whoever comes next tidies up what cannot be reached now.
                with suppress(GraphError):
                    tidy(store, upload)
    except Timeout as error:
        raise StoreLockedError(store.url) from error


def tidy(store: RemoteStore, upload: NamedNode) -> None:
    """Remove what an upload has staged, and its place in the register."""
    store.change(request("upload-revoke.rq", upload=upload), again=True)
    for row in rows(store, "upload-staged.rq"):
        if row[0] == upload:
            store.change(request("upload-clear.rq", staged=row[1]), again=True)
    store.change(request("upload-forget.rq", upload=upload), again=True)


def request(name: str, **places: NamedNode) -> str:
    """Return the text of a request; `<urn:name>` in it becomes the IRI of that name.

    :param name: of the file
    """
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    for place, iri in places.items():
        text = text.replace(f"<urn:{place}>", str(iri))
    return text


def rows(store: RemoteStore, name: str) -> list[Any]:
    """Return the rows of a query about uploads."""
    answer = store.query(request(name))
    assert isinstance(answer, QuerySolutions)  # noqa: S101 - what a SELECT answers
    return list(answer)


def _left(store: RemoteStore, mine: str) -> list[NamedNode]:
    """Return the uploads that are dead.

    :raises StoreLockedError: if one is alive
    """
    found = []
    for upload, state, seen, now in rows(store, "upload-open.rq"):
        silent = (_time(now.value) - _time(seen.value)).total_seconds()
        if state.value == "open" and upload.value != mine and silent < LEASE_S:
            raise StoreLockedError(f"{store.url} (its last sign of life is {silent:.0f} s old)")
        found.append(upload)
    return found


def _claim(store: RemoteStore, upload: NamedNode) -> None:
    """Enter the register; two that enter at once see each other, and at most one stays.

    :raises StoreLockedError: if another upload has entered too
    """
    store.change(request("upload-claim.rq", upload=upload), again=True)
    known = {row[0] for row in rows(store, "upload-open.rq")}
    if upload not in known:
        raise EndpointError(f"{store.url}: an update was accepted, but has no effect")
    if len(known) > 1:
        raise StoreLockedError(store.url)


def _time(text: str) -> datetime:
    """Read a time; a server that names no time zone compares only with itself."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
