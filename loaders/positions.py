"""YAML with the place of every value, so that a fault can name its line and column."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .faults import Fault

if TYPE_CHECKING or not yaml.__with_libyaml__:
    from yaml import SafeLoader as _Loader
else:  # the parser in C is several times as fast
    from yaml import CSafeLoader as _Loader

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """Plain data and, for each path of keys into it, its 1-based line and column."""

    data: Any
    places: dict[Key, tuple[int, int]] = field(default_factory=dict)

    def place(self, key: Key) -> tuple[int, int]:
        """Return where a path stands, or its nearest ancestor that stands anywhere."""
        while key and key not in self.places:
            key = key[:-1]
        return self.places.get(key, (1, 1))


class _TextLoader(_Loader):
    """Reads dates and the like as the text they are written in; numbers and booleans as such."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path, text: str, faults: list[Fault]) -> Located | None:
    """Read YAML; None, and a fault with its place, if it is malformed or repeats a key."""
    loader = _TextLoader(text)
    try:
        node = loader.get_single_node()
        places: dict[Key, tuple[int, int]] = {}
        before = len(faults)
        if node is not None:
            _locate(node, (), places, path, faults)
        if len(faults) > before:
            return None
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem = " ".join(part for part in (error.context, error.problem) if part)
        faults.append(Fault(path, line, column, "", "", f"is not YAML: {problem}"))
        return None
    except yaml.YAMLError as error:
        faults.append(Fault(path, 0, 0, "", "", f"is not YAML: {error}"))
        return None
    finally:
        loader.dispose()
    return Located(data, places)


def _locate(
    node: yaml.Node,
    key: Key,
    places: dict[Key, tuple[int, int]],
    path: Path,
    faults: list[Fault],
) -> None:
    places[key] = (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _locate(item, (*key, index), places, path, faults)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for name, item in node.value:
            if name.value in seen:
                mark = name.start_mark
                faults.append(
                    Fault(path, mark.line + 1, mark.column + 1, name.value, "", "stands twice")
                )
            seen.add(name.value)
            _locate(item, (*key, name.value), places, path, faults)
