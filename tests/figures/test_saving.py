"""Files of pictures are whole, the same each time, and can be read without being seen."""

import warnings
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from evikg.figures import (
    SUFFIXES,
    Forest,
    Picture,
    Row,
    Section,
    draw_forest,
    rendered,
    require_place,
    save,
)
from evikg.figures.sheet import printable

SVG = "{http://www.w3.org/2000/svg}"
START = {".svg": b"<?xml", ".png": b"\x89PNG\r\n\x1a\n", ".pdf": b"%PDF-"}


def drawn(title: str = "Response & <survival>") -> Picture:
    return draw_forest(Forest(title, "Rate, %", (Section("", (Row("A $5 trial", 40, 30, 52),)),)))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_has_the_format_of_its_name(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"picture{suffix}"
    save(drawn(), path)
    assert path.read_bytes().startswith(START[suffix])
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_picture_is_the_same_bytes(suffix: str) -> None:
    assert rendered(drawn(), suffix) == rendered(drawn(), suffix)
    assert rendered(drawn(), suffix) != rendered(drawn("Other"), suffix)


def test_no_file_holds_a_date() -> None:
    assert b"<dc:date>" not in rendered(drawn(), ".svg")
    assert b"CreationDate" not in rendered(drawn(), ".pdf")
    assert b"tIME" not in rendered(drawn(), ".png")


def test_an_svg_says_what_it_shows() -> None:
    root = ET.fromstring(rendered(drawn(), ".svg"))  # noqa: S314 - our own file
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Response & <survival>"
    assert root.findtext(f"{SVG}desc") == (
        "Forest plot of Rate, %. A $5 trial: 40.00 [30.00, 52.00]."
    )


def test_a_pdf_keeps_its_text() -> None:
    assert b"/Subtype /Type3" not in rendered(drawn(), ".pdf")  # outlines, which are not found


@pytest.mark.parametrize("name", ["picture.jpg", "picture", "picture.svgz"])
def test_another_format_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ends in \.svg, \.png, \.pdf"):
        save(drawn(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_an_older_picture_stays_if_the_new_one_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "picture.svg"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no space left"):
        save(drawn(), path)
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["picture.svg"]


def test_pyplot_is_left_alone() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from evikg.figures import *; "
        "p = draw_forest(Forest('t', 'm', (Section('', (Row('a', 1, 0.5, 2),)),))); "
        "rendered(p, '.svg'); sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("missing/a.png", r"missing/a\.png cannot be written: there is no folder \S+missing$"),
        ("folder.png", r"folder\.png is a folder"),
        ("file.txt/a.png", r"cannot be written: there is no folder"),
        ("a.jpg", r"ends in \.svg"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused(name: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "file.txt").touch()
    with pytest.raises((OSError, ValueError), match=fault):
        require_place(tmp_path / name)


def test_a_folder_that_takes_no_file_is_named_without_a_temporary_name() -> None:
    if not Path("/proc/self").is_dir():
        pytest.skip("no /proc on this system")
    with pytest.raises(PermissionError, match=r"^/proc/a\.png cannot be written: its folder") as e:
        require_place(Path("/proc/a.png"))
    assert "/proc/." not in str(e.value)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_characters_that_the_font_lacks_are_replaced_without_a_warning(suffix: str) -> None:
    # DejaVu Sans has no CJK ideographs; it has Greek and the superscript (its own table of glyphs).
    title = "\u836f\u7269 \u03c4\u00b2"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = rendered(drawn(title), suffix)
    assert printable(title) == "?? \u03c4\u00b2"
    if suffix == ".svg":  # its reader has other fonts
        assert title in data.decode()


def test_what_the_font_lacks_is_told(tmp_path: Path) -> None:
    assert save(drawn("\u836f\u7269\u836f \u03c4"), tmp_path / "a.png") == "\u836f\u7269"
    assert save(drawn("\u836f\u7269"), tmp_path / "a.svg") == ""
    assert save(drawn("\u03c4\u00b2"), tmp_path / "a.pdf") == ""
