"""The folder of FAERS after a crash at any moment: the state before the change, or that after it."""

import json
import os
import shutil
from pathlib import Path

import pytest

from evikg.graph.errors import StoreUnreadableError
from evikg.loaders.faers import folder as folder_
from evikg.loaders.faers.folder import changing, default_folder, read_manifest, settle
from evikg.loaders.faers.loading import load

from .written import kept, tables, zipped


class CrashError(BaseException):
    """What ends the process, as a signal does: nothing may catch it and tidy up."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    load([zipped(tmp_path / "3.zip", tables("22Q3"))], tmp_path / "kept")
    return tmp_path / "kept"


def state(place: Path) -> tuple[list[str], list[str]]:
    """Return the quarters that the manifest names and those that there are tables of."""
    files = {path.stem for path in (place / "tables").rglob("*.parquet")}
    return sorted(read_manifest(place)["tables"]), sorted(files)


#: One puts the change in force, and two each replace the tables and the manifest.
RENAMES = 5
BEFORE, AFTER = (["2022q3"], ["2022q3"]), (["2022q3", "2022q4"], ["2022q3", "2022q4"])


@pytest.mark.parametrize("moment", range(RENAMES + 1))
def test_a_crash_between_any_two_renames_leaves_a_whole_state(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    archive = zipped(tmp_path / "4.zip", tables("22Q4"))
    done = 0

    def failing(name: str):  # type: ignore[no-untyped-def]
        real = getattr(Path, name)

        def step(self: Path, target: Path) -> Path:
            nonlocal done
            if done == moment:
                raise CrashError
            done += 1
            return real(self, target)  # type: ignore[no-any-return]

        return step

    with monkeypatch.context() as patched:
        for name in ("rename", "replace"):
            patched.setattr(Path, name, failing(name))
        # A process that is killed removes nothing.
        patched.setattr(shutil, "rmtree", lambda *_, **__: None)
        try:
            load([archive], place)
        except CrashError:
            crashed = True
        else:
            crashed = False
    assert crashed == (moment < RENAMES)
    settle(place)
    assert state(place) == (BEFORE if moment == 0 else AFTER)
    assert len(kept(place, "demo", "2022q3")) == 1
    # Whatever was left, the next load goes through.
    load([archive], place)
    assert state(place) == AFTER
    assert not [path for path in place.iterdir() if path.name in (".staged", ".ready", ".old")]


def test_a_crash_while_reading_leaves_what_was(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise CrashError

    with monkeypatch.context() as patched:
        patched.setattr("evikg.loaders.faers.loading.write_deleted", fail)
        with pytest.raises(CrashError):
            load([zipped(tmp_path / "4.zip", tables("22Q4"))], place)
    assert state(place) == BEFORE


def test_a_folder_is_changed_by_one_at_a_time(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_, "_PATIENCE", 0)
    with changing(place), pytest.raises(RuntimeError, match="another process"):
        load([zipped(tmp_path / "4.zip", tables("22Q4"))], place)


def test_the_manifest_says_what_the_tables_are_made_of(place: Path, tmp_path: Path) -> None:
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    (file,) = manifest["files"]
    # The SHA-256 that sha256sum prints is that of the file as downloaded.
    assert (file["name"], file["quarter"], file["layout"]) == ("3.zip", "2022q3", "faers")
    assert file["sha256"] == _sha256(tmp_path / "3.zip")
    drug = manifest["tables"]["2022q3"]["drug"]
    assert {name: drug[name] for name in ("read", "kept", "mended", "rejected")} == {
        "read": 1, "kept": 1, "mended": 0, "rejected": {},
    }  # fmt: skip


def test_a_folder_of_another_format_is_refused(place: Path) -> None:
    (place / "manifest.json").write_text('{"format": "other"}', encoding="utf-8")
    with pytest.raises(StoreUnreadableError, match="load FAERS anew"):
        read_manifest(place)


def test_the_folder_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIKG_FAERS", f"{os.sep}elsewhere")
    assert default_folder() == Path(f"{os.sep}elsewhere")
    monkeypatch.delenv("EVIKG_FAERS")
    assert default_folder().name == "faers"


def _sha256(path: Path) -> str:
    import subprocess

    if (tool := shutil.which("sha256sum")) is None:
        pytest.skip("sha256sum is not here")
    return subprocess.run([tool, path], capture_output=True, text=True).stdout.split()[0]
