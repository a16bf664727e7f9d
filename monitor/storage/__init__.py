"""What outlives the process: files in the data directory. Written whole or not at all, never deleted on doubt."""
