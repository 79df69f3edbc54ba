"""Generate registry records in the shape of real ones: `python -m benchmarks.ctgov.generate --help`.

Each is a copy of one of the real records given, those with results by turns, under an NCT number of
its own, with some outcome measures and adverse events left out and the affected drawn anew, so that
no two are alike. The same arguments give the same bytes.
"""

import argparse
import json
import random
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

SEED = 1
#: Numbers that the registry has not given out.
_FIRST_NUMBER = 90_000_001
#: Of its outcome measures and adverse events a record keeps this share at least.
_LEAST_KEPT = 0.6
_NUMBER = re.compile(r"NCT\d{8}")

Record = dict[str, Any]


def real(folder: Path) -> list[Record]:
    """Return the records with results that a folder holds as files of JSON, one each.

    :raises SystemExit: there are none
    """
    records = [json.loads(path.read_bytes()) for path in sorted(folder.glob("NCT*.json"))]
    found = [record for record in records if "resultsSection" in record]
    if not found:
        raise SystemExit(f"{folder} holds no record with results as NCT….json")
    return found


def generate(templates: Sequence[Record], count: int, seed: int = SEED) -> Iterator[Record]:
    """Yield so many records; the first of a larger number are those of a smaller one."""
    texts = [json.dumps(template) for template in templates]
    for place in range(count):
        number = f"NCT{_FIRST_NUMBER + place}"
        record: Record = json.loads(_NUMBER.sub(number, texts[place % len(texts)]))
        _vary(record, random.Random(f"{seed} {place}"))  # noqa: S311 - no secret
        identification = record["protocolSection"]["identificationModule"]
        identification["briefTitle"] += f" ({place + 1})"
        identification["orgStudyIdInfo"] = {"id": f"INVENTED-{place + 1}"}
        identification.pop("secondaryIdInfos", None)
        yield record


def _vary(record: Record, draw: random.Random) -> None:
    results = record["resultsSection"]
    outcomes = results.get("outcomeMeasuresModule", {})
    if "outcomeMeasures" in outcomes:
        outcomes["outcomeMeasures"] = _some(outcomes["outcomeMeasures"], draw)
    events = results.get("adverseEventsModule", {})
    for kind in ("seriousEvents", "otherEvents"):
        if kind in events:
            events[kind] = _some(events[kind], draw)
            for stats in (stats for event in events[kind] for stats in event["stats"]):
                if "numAffected" in stats and "numAtRisk" in stats:
                    stats["numAffected"] = draw.randint(0, int(stats["numAtRisk"]))
                if "numEvents" in stats:
                    stats["numEvents"] = stats.get("numAffected", 0) + draw.randint(0, 3)


def _some(items: list[Any], draw: random.Random) -> list[Any]:
    kept = draw.uniform(_LEAST_KEPT, 1)
    return [item for item in items if draw.random() < kept] or items[:1]


def write(records: Iterable[Record], path: Path) -> None:
    """Write records as the registry gives them out, by the ending of the path.

    `.ndjson` is one a line, `.json` a page, `.zip` one a member.
    """
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for record in records:
                number = record["protocolSection"]["identificationModule"]["nctId"]
                # A fixed time, so that the bytes are the same.
                member = zipfile.ZipInfo(f"{number}.json", (2026, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, json.dumps(record, indent=2))
        return
    with path.open("w", encoding="utf-8") as file:
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        if path.suffix == ".ndjson":
            file.writelines(line + "\n" for line in lines)
            return
        file.write('{"studies": [')
        for place, line in enumerate(lines):
            file.write(f"{',' if place else ''}\n{line}")
        file.write("]}\n")


def main() -> None:
    """Generate records."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ctgov.generate", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("templates", type=Path, help="folder of real records, NCT….json")
    parser.add_argument("output", type=Path, nargs="+", help=".ndjson, .json (a page) or .zip")
    parser.add_argument("--records", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    for output in arguments.output:
        write(generate(real(arguments.templates), arguments.records, arguments.seed), output)


if __name__ == "__main__":
    main()
