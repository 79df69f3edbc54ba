"""Pages about the evidence: search, entities, numbers, comparisons."""
