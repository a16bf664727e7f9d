"""One file per row of the table: `measure(plan)` returns its figures."""
