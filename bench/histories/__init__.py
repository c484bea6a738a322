"""Databases of any size to measure on: `history` makes them, `scale` times requests on a small and a large one."""
