"""The second floor, inbound: what a request may look like. Used by API and sockets, and by the OpenAPI document."""
