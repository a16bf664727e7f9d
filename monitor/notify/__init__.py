"""Telling people: one file per way to reach them."""
