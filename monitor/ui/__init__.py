"""The page: pure functions from a snapshot to what the browser shows, and the Dash application that serves it."""
