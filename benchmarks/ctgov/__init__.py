"""Loading records of ClinicalTrials.gov: how many a second, and in how much memory."""
