"""Ask the web server beside this process whether it is well: the image's health check."""

import os
import sys
import urllib.request


def main() -> int:
    """Return 0 when /health/live/ answers 200; a fault elsewhere is no reason to restart this."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    # Under a name the portal answers to; the request itself never leaves the container.
    asked = urllib.request.Request("http://127.0.0.1:8000/health/live/", headers={"Host": host})
    try:
        with urllib.request.urlopen(asked, timeout=4) as answer:  # noqa: S310 - a fixed address
            return 0 if answer.status == 200 else 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
