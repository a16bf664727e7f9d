"""Asking other machines: which may be asked, and for how long."""
