"""Content negotiation: which form of an answer a client prefers (RFC 9110, section 12.5)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .exchange import Refusal

#: A string that is not closed goes on to the end: each byte is read once, whatever stands there.
_QUOTED = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_PART = re.compile(rf'(?:[^,"]|{_QUOTED})++', re.DOTALL)
_FIELD = re.compile(rf'(?:[^;"]|{_QUOTED})++', re.DOTALL)
_WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class Form:
    """A form that an answer may take."""

    media_type: str  # as it is sent
    name: str  # as `?format=` names it, and the ending of a file
    aliases: tuple[str, ...] = ()  # other types that ask for it
    synonyms: tuple[str, ...] = ()  # other names

    @property
    def types(self) -> tuple[str, ...]:
        """Return every type that asks for it, without parameters, in lower case."""
        own = self.media_type.partition(";")[0].strip().lower()
        return (own, *self.aliases)

    def is_called(self, name: str) -> bool:
        """Tell whether it is what `?format=` names: by its name, a synonym or a media type."""
        return name.lower() in {self.name, *self.synonyms, *self.types}


def choose(forms: Sequence[Form], accept: str, *names: str) -> Form:
    """Return the form that a client prefers; between equals, the first.

    :param accept: the `Accept` header; none accepts everything
    :param names: of forms, which stand above the header: the first that is one. Where none is, a
        header that names types decides, since some clients send both
    :raises Refusal: 406 if there is no such form, or none that the client accepts
    """
    given = [name for name in names if name]
    for name in given:
        for form in forms:
            if form.is_called(name):
                return form
    if given and accept.strip() in {"", "*/*"}:
        known = ", ".join(form.name for form in forms)
        raise Refusal(406, f"there is no format {given[0][:40]!r} of this answer, only {known}")
    return _choose(tuple(forms), accept)


@lru_cache(maxsize=256)
def _choose(forms: tuple[Form, ...], accept: str) -> Form:
    weights = dict(_ranges(accept)) or {"*/*": 1.0}
    best = max(forms, key=lambda form: _quality(form, weights))
    if _quality(best, weights) <= 0:
        types = ", ".join(form.types[0] for form in forms)
        raise Refusal(406, f"no form of this answer is accepted by the request, only: {types}")
    return best


def prefers(accept: str, wanted: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether a client names one of some types, and none of others before it.

    Wildcards name nothing: a client that accepts everything prefers nothing.
    """
    weights = dict(_ranges(accept))
    best = max((weights.get(kind, 0.0) for kind in wanted), default=0.0)
    rival = max((weights.get(kind, 0.0) for kind in others), default=0.0)
    return best > 0 and best >= rival


def wants_html(accept: str) -> bool:
    """Tell whether a request comes from a browser, which names HTML."""
    return prefers(accept, ("text/html", "application/xhtml+xml"), ("application/json",))


def accepts_gzip(accept_encoding: str) -> bool:
    """Tell whether a client takes gzip (RFC 9110, section 12.5.3)."""
    weights = dict(_ranges(accept_encoding))
    for coding in ("gzip", "x-gzip", "*"):
        if coding in weights:
            return weights[coding] > 0
    return False


def _quality(form: Form, weights: Mapping[str, float]) -> float:
    """Return the weight of a form; of ranges that match its type, the most particular counts."""
    own, *aliases = form.types
    found = [weights[alias] for alias in aliases if alias in weights]
    for named in (own, f"{own.partition('/')[0]}/*", "*/*"):
        if named in weights:
            found.append(weights[named])
            break
    return max(found, default=0.0)


def _ranges(header: str) -> list[tuple[str, float]]:
    """Return the ranges of a header with their weights; a weight that is malformed is 0."""
    ranges: list[tuple[str, float]] = []
    for part in _PART.findall(header):
        kind, *fields = (field.strip() for field in _FIELD.findall(part))
        weight = 1.0
        for field in fields:
            key, _, value = field.partition("=")
            if key.strip().lower() == "q":
                value = value.strip()
                weight = float(value) if _WEIGHT.fullmatch(value) else 0.0
        if kind:
            ranges.append((kind.lower(), weight))
    return ranges
