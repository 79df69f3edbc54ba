"""Disproportionality of drug and event in spontaneous reports: counts, measures, thresholds.

Counts and closed forms are Ibis expressions: nothing runs before a table is executed, and the same
expression runs on DuckDB and on Spark. `docs/signal-detection.md` tells the formulas.
"""
