"""A report as PDF, drawn by a process of its own: it may take its second, and may be stopped."""
