"""Run `python -m supportportal.embedded start|stop|status`."""

import sys

from supportportal import embedded


def main(arguments: list[str]) -> int:
    """Carry out one command. Returns the exit code."""
    try:
        match arguments:
            case ["start"]:
                servers = embedded.start()
                print(f"{servers.database_url}\n{servers.redis_url}")
            case ["stop"]:
                embedded.stop()
            case ["status"]:
                print("Running." if embedded.is_running() else "Not running.")
            case _:
                print("Usage: python -m supportportal.embedded start|stop|status", file=sys.stderr)
                return 2
    except embedded.EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
