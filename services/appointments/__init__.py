"""Appointments at counters: what is on offer, when there is room, who comes when."""
