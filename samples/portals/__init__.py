"""Portals of our own making, served from this machine: for `make run PORTALS=demo`, and for the tests."""
