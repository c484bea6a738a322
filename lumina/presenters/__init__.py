"""The second floor: rows become their outside form, and nothing is changed."""
