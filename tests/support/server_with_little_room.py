"""The real server, in which less may wait for one socket, so that less has to be said until it is too much."""

import wsgi
from lumina import fair_socket

MOST_WAITING = 4 * 1024 * 1024

if __name__ == "__main__":
    fair_socket.MOST_WAITING = MOST_WAITING
    wsgi.main()
