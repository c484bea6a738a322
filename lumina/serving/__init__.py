"""Several worker processes on one port: who keeps them (supervisor.py), and how a connection finds its own (handover.py)."""
