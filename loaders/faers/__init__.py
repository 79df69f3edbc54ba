"""FAERS, the FDA Adverse Event Reporting System: its quarterly extracts, read and made ready."""
