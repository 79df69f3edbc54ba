"""What of a record is counted in what."""

from evikg.graph import records as r
from evikg.graph.derive import derive
from evikg.loaders.ctgov import RegistryEvidence


def containers(found: RegistryEvidence) -> dict[str, tuple[str, ...]]:
    """Return of each result what contains it; slugs less the number of the record."""
    groups = [x for x in found.declared if isinstance(x, r.Group)]
    variables = [x for x in found.declared if isinstance(x, r.Variable)]
    start = f"{found.number.lower()}-"
    return {
        item.result.removeprefix(start): tuple(x.removeprefix(start) for x in item.counted_in)
        for item in derive(found.results, groups, variables)
    }
