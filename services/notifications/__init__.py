"""Tells residents by mail what happened to their appointments, once per fact, and reminds them the day before."""
