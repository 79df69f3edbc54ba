"""Priors of the empirical Bayes geometric mean, fitted once to all pairs and kept beside the cases."""

import json
from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from evikg.analysis.disproportionality.ebgm import Prior

#: File of a FAERS folder that holds the priors of its cases.
PRIORS = "priors.json"


def kept_prior(folder: Path, made_of: Any, chosen: Any, fit: Callable[[], Prior]) -> Prior:
    """Return the prior of a choice of reports; it is fitted where it is not kept.

    :param made_of: what the cases are made of; priors of other cases are forgotten
    :param chosen: which reports and pairs the prior is of
    :raises PriorError: if none can be fitted
    """
    cases, choice = _digest(made_of), _digest(chosen)
    path = folder / PRIORS
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        held = {}
    priors = held.get("priors", {}) if held.get("cases") == cases else {}
    if choice in priors:
        return Prior(**priors[choice])
    prior = fit()
    priors[choice] = asdict(prior)
    draft = path.with_name(f"{PRIORS}.new")
    draft.write_text(json.dumps({"cases": cases, "priors": priors}, indent=1), encoding="utf-8")
    draft.replace(path)
    return prior


def _digest(value: Any) -> str:
    return sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
