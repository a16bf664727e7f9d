"""What was measured as files: `/export.csv`, `/export.json` and `/export.parquet`."""
