"""`/ws`: the live stream, from the handshake to the last frame."""
