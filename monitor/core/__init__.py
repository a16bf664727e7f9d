"""Values in, values out. Nothing here reads a clock, opens a file, starts a thread or knows a framework."""
