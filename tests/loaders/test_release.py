"""Releases of one corpus are the same byte for byte wherever they are made."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from evikg.loaders.build import assemble

#: Builds and releases: evidence, store and release are its arguments.
SCRIPT = """
import sys
from pathlib import Path
from evikg.cli.release import release
from evikg.loaders.build import build
build(Path(sys.argv[1]), Path(sys.argv[2]))
release([sys.argv[3], "--store", sys.argv[2]])
"""


def test_two_machines_make_the_same_bytes(small: Any, tmp_path: Path) -> None:
    # What differs between machines: order of hashing, time zone, locale and its encoding, folder.
    small.rows({"printed": "35 (83·3) ≥", "value": "83.3"})
    machines = (
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "POSIX",
         "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )  # fmt: skip
    running = []
    for number, machine in enumerate(machines):
        home = tmp_path / f"machine-{number}" / ("deep" * number)
        home.mkdir(parents=True)
        arguments = [str(small.folder), str(home / "graph"), str(home / "release")]
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", SCRIPT, *arguments],
                env={**os.environ, **machine}, cwd=home,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
    printed = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0, 0], printed
    assert printed[0][0] == printed[1][0]
    one, two = (
        {
            path.name: path.read_bytes()
            for path in sorted(tmp_path.glob(f"machine-{n}/**/release/*"))
        }
        for n in (0, 1)
    )
    assert list(one) == ["graph.nq", "manifest.json", "results.csv"]
    assert one == two
    assert hashlib.sha256(one["graph.nq"]).hexdigest() == assemble(small.folder).digest()
