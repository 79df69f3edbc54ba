"""ClinicalTrials.gov: records of the API v2, as downloaded, into records of the evidence graph.

`read_records` reads files, `registry_evidence` says what a record states, `Names` which variables
and drugs its names stand for.
"""

from .evidence import RegistryEvidence, registry_evidence
from .names import Names
from .reading import RawRecord, read_records

__all__ = ["Names", "RawRecord", "RegistryEvidence", "read_records", "registry_evidence"]
