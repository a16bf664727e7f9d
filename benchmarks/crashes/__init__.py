"""Nothing acknowledged is lost: the recording process killed, the program killed, power lost, the disk full."""
