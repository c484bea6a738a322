"""The real server, to which *.example is this machine: its previews come from the sites of the tests."""

import wsgi
from lumina.fetching import Fetcher
from lumina.services import link_previews


def resolve(host: str, port: int) -> list[str]:
    if not host.endswith(".example"):
        raise OSError("Name or service not known")
    return ["127.0.0.1"]


if __name__ == "__main__":
    link_previews.fetcher = Fetcher(
        resolve=resolve, permits=lambda address: str(address) == "127.0.0.1", ports=range(1, 65536)
    )
    wsgi.main()
