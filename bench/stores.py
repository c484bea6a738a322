"""A PostgreSQL and a Redis for the time of a benchmark: their URLs as JSON on one line, and then, for each name on
standard input, the URL of a copy of the database under that name. They end with standard input."""

import json
import os
import sys
import tempfile
from pathlib import Path

from tests.support.postgres import Cluster
from tests.support.redis import RedisServer

# As in production: what is acknowledged survives a power cut.
DURABLE = {"fsync": "on", "full_page_writes": "on", "max_connections": "200", "listen_addresses": ""}


def main() -> None:
    # What the servers print is none of the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with tempfile.TemporaryDirectory(prefix="lumina-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        cluster, redis = Cluster(home, DURABLE), RedisServer(home)
        redis.start()
        try:
            print(
                json.dumps({"database": cluster.create_database("world"), "redis": redis.url}), file=answers
            )
            for name in sys.stdin:
                print(cluster.create_database(name.strip(), template="world"), file=answers)
        finally:
            redis.stop()
            cluster.stop()


if __name__ == "__main__":
    main()
