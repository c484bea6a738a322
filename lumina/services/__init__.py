"""The first floor: the operations. The actor comes first, a lookup is a permission, a commit comes before its events."""
