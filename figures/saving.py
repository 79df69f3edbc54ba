"""Files of pictures: SVG, PNG and PDF, whole or not at all, the same bytes each time."""

import io
import os
import re
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .sheet import Picture, clean, printable
from .style import styled

if TYPE_CHECKING:
    from matplotlib.text import Text

SUFFIXES = (".svg", ".png", ".pdf")


def suffix_of(path: Path) -> str:
    """Return the kind of a picture file by its name.

    :raises ValueError: if it is none of `SUFFIXES`
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        shown = f"not {path.suffix!r}" if path.suffix else "and it has none"
        raise ValueError(f"{path}: a picture's name ends in {', '.join(SUFFIXES)}, {shown}")
    return suffix


def require_place(path: Path) -> None:
    """Refuse a file that could not be written, before anything is drawn for it.

    :raises ValueError: if the name ends in none of `SUFFIXES`
    :raises OSError: if it is a folder, or its folder is missing or takes no file
    """
    suffix_of(path)
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder: give the name of a file in it")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path} cannot be written: there is no folder {path.parent}")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise PermissionError(
            f"{path} cannot be written: its folder takes no file ({error.strerror})"
        ) from None


def save(picture: Picture, path: Path) -> str:
    """Write a picture; its file appears when it is whole, and an older one stays until then.

    :returns: the characters that its font lacks and that "?" stands for

    :raises ValueError: if the name ends in none of `SUFFIXES`
    :raises OSError: if the file cannot be written
    """
    require_place(path)
    lost = "" if suffix_of(path) == ".svg" else _unprintable(picture)
    data = rendered(picture, suffix_of(path))
    # The file takes the rights that a new file gets here, not those of a temporary one.
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return lost


def rendered(picture: Picture, suffix: str) -> bytes:
    """Return the bytes of a picture as one of `SUFFIXES`; they hold no date.

    A character that the font lacks becomes "?" in a PNG or PDF and stays what it is in an SVG,
    whose reader has other fonts; the words of the metadata keep it.
    """
    title, description = clean(picture.title), clean(picture.description)
    metadata: dict[str, dict[str, str | None]] = {
        ".svg": {"Title": title, "Description": description, "Creator": "EviKG", "Date": None},
        ".png": {"Title": title, "Description": description, "Software": "EviKG"},
        ".pdf": {"Title": title, "Subject": description, "Creator": "EviKG", "CreationDate": None},
    }
    output = io.BytesIO()
    if suffix != ".svg":
        _replace_unprintable(picture)
    with styled(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        picture.figure.savefig(output, format=suffix[1:], metadata=metadata[suffix])
    data = output.getvalue()
    return _accessible(data.decode(), description).encode() if suffix == ".svg" else data


def _texts(picture: Picture) -> Iterator["Text"]:
    from matplotlib.text import Text

    for item in picture.figure.findobj(Text):
        if isinstance(item, Text):
            yield item


def _unprintable(picture: Picture) -> str:
    words = "".join(item.get_text() for item in _texts(picture))
    return "".join(dict.fromkeys(c for c in words if printable(c) != c))


def _replace_unprintable(picture: Picture) -> None:
    for item in _texts(picture):
        item.set_text(printable(item.get_text()))


def _accessible(svg: str, description: str) -> str:
    """Tell readers of the screen what an SVG shows (SVG 2, sections 5.7 and 5.13)."""
    svg = re.sub("<svg ", '<svg role="img" ', svg, count=1)
    words = f"</title>\n <desc>{escape(description)}</desc>"
    return svg.replace("</title>", words, 1)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
