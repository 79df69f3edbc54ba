"""Readers of evidence: one module per kind of source."""
