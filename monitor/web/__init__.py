"""What leaves and enters over HTTP and `/ws`, beside the page itself."""
