"""Disproportionality of all pairs from quarterly extracts, beside what an analyst would write."""
