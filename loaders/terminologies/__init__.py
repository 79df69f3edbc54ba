"""Releases of terminologies, in the formats their makers publish."""
