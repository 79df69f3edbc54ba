"""The folder in which FAERS is kept: its tables, and how they are changed.

A change is made in full in `.staged` beside the tables, put in force by renaming that to `.ready`,
and then moved into place. What stands in `.ready` when a process ends is moved by the next one; what
stands in `.staged` is dropped. So the tables are those before the change or those after it.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evikg.graph.errors import StoreUnreadableError

#: Environment variable that names the folder.
FAERS_VARIABLE = "EVIKG_FAERS"
FORMAT = "EviKG FAERS tables 1"
MANIFEST = "manifest.json"
#: What is in force, in the order in which it is replaced.
_PARTS = ("tables", MANIFEST)
_STAGED, _READY, _OLD = ".staged", ".ready", ".old"
#: Seconds that a change waits for another one to end.
_PATIENCE = 5


def default_folder() -> Path:
    """Return the folder of FAERS where none is named: $EVIKG_FAERS, else in the user's data."""
    if named := os.environ.get(FAERS_VARIABLE):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("evikg") / "faers"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what is said of the tables of a folder; empty where there are none.

    :raises StoreUnreadableError: if the folder is of another format
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {"format": FORMAT, "files": [], "tables": {}, "unknown": {}}
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise StoreUnreadableError(f"{folder / MANIFEST} cannot be read: {error}") from error
    if manifest.get("format") != FORMAT:
        words = f"{folder} holds {manifest.get('format')!r}; expected {FORMAT!r}: load FAERS anew"
        raise StoreUnreadableError(words)
    return dict(manifest)


@contextmanager
def changing(folder: Path) -> Iterator[Path]:
    """Give a folder to prepare the next state in, beside the one in force; one at a time.

    It is in force after `put_in_force`; without that, nothing has changed.

    :raises RuntimeError: if another process is changing the folder
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=_PATIENCE):
            settle(folder)
            staged = folder / _STAGED
            staged.mkdir()
            try:
                yield staged
            finally:
                shutil.rmtree(staged, ignore_errors=True)
    except Timeout as error:
        raise RuntimeError(f"{folder} is being changed by another process: wait for it") from error


def settle(folder: Path) -> None:
    """Finish a change that was put in force but not moved, and drop one that was not."""
    shutil.rmtree(folder / _STAGED, ignore_errors=True)
    ready, old = folder / _READY, folder / _OLD
    if ready.is_dir():
        old.mkdir(exist_ok=True)
        for part in _PARTS:
            if not (ready / part).exists():
                continue
            if (folder / part).exists():
                (folder / part).replace(old / f"{part}-{len(list(old.iterdir()))}")
            (ready / part).replace(folder / part)
        shutil.rmtree(ready)
    shutil.rmtree(old, ignore_errors=True)


def carry_over(folder: Path, staged: Path, without: set[str]) -> None:
    """Link the tables in force into the folder of the next state, less those of some quarters."""
    for file in sorted((folder / "tables").glob("*/*.parquet")):
        if file.stem in without:
            continue
        target = staged / file.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.hardlink_to(file)
        except OSError:  # a file system without hard links
            shutil.copyfile(file, target)


def put_in_force(folder: Path, staged: Path, manifest: dict[str, Any]) -> None:
    """Replace what is in force by what was prepared, by one rename."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (staged / MANIFEST).write_text(text, encoding="utf-8")
    staged.rename(folder / _READY)
    settle(folder)
