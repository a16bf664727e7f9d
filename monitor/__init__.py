"""Hub Monitor: watches a running service, live, and measures what it shows."""
