"""Hub Monitor: watches a running service, live, and tells whether a change helped."""
