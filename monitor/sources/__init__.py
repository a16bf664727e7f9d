"""What is watched: a Prometheus endpoint, a process, the host, the monitor itself."""
