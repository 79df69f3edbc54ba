"""Answers of endpoints on disk, each with the time it was given."""

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cached:
    """An answer in SPARQL 1.1 Query Results JSON, and when it was given."""

    body: bytes
    fetched: datetime


class Cache:
    """A folder of answers, keyed by endpoint and query; what cannot be read is not there."""

    def __init__(self, folder: Path | None = None) -> None:
        """Name the folder; by default the user's cache folder."""
        if folder is None:
            from platformdirs import user_cache_path

            folder = Path(user_cache_path("evikg")) / "outward"
        self.folder = folder

    def get(self, url: str, query: str) -> Cached | None:
        """Return the answer kept for a query; None if there is none that can be read."""
        try:
            held = json.loads(self._path(url, query).read_bytes())
            fetched = datetime.fromisoformat(held["fetched"])
            if (held["endpoint"], held["query"]) != (url, query) or fetched.tzinfo is None:
                return None
            return Cached(json.dumps(held["answer"]).encode(), fetched)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, url: str, query: str, body: bytes, fetched: datetime) -> None:
        """Keep an answer, in one step; a cache that cannot be written is passed over."""
        held = {
            "endpoint": url,
            "query": query,
            "fetched": fetched.astimezone(UTC).isoformat(),
            "answer": json.loads(body),
        }
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, draft = tempfile.mkstemp(dir=self.folder, suffix=".new")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(held, file)
                Path(draft).replace(self._path(url, query))
            except BaseException:
                Path(draft).unlink(missing_ok=True)
                raise

    def _path(self, url: str, query: str) -> Path:
        key = hashlib.sha256(f"{url}\0{query}".encode()).hexdigest()
        return self.folder / f"{key}.json"
