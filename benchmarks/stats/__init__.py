"""How often comparisons are wrong, and how soon they are right: in simulated worlds, and over HTTP."""
