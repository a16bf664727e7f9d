"""All state, every lock, every thread. Knows the outside only through its ports."""
