"""The sample hub: a small, real program that Hub Monitor can watch when no other target is given.

It is a separate program that ships with the package. This room may not import any other room of the project,
may not be imported by one (they reach it over HTTP only), may not listen on anything but loopback, and may
not report a figure that it did not count or measure.
"""
