"""Doors for providers: verify, de-duplicate, store, answer at once; a job does the rest."""
