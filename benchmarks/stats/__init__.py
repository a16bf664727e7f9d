"""How often comparisons are wrong, and how soon they are right: simulated, seeded, on numpy alone."""
