"""Outbound: what has happened leaves through here, after the commit."""
