"""Runs the server of the course chapter as in production: one process of uvicorn, without an access log.

The arguments are the folder of the server, and uvicorn's implementations of the event loop and of HTTP. The server
listens on a free port, and exits when its standard input closes.
"""

import os
import sys
import threading

import uvicorn


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    folder, loop, http = sys.argv[1:]
    sys.path.insert(0, folder)
    threading.Thread(target=end_with_parent, daemon=True).start()
    uvicorn.run("server:app", host="127.0.0.1", port=0, loop=loop, http=http, access_log=False)
