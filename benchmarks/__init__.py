"""Measures what the program costs: `python -m benchmarks`. docs/benchmarks.md says how."""
