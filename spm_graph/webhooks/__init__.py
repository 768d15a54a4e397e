"""Sending events to the addresses of integrators: in order, signed, each until it is taken."""
