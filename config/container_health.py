"""Asks the web server inside its own container whether it is well; the exit code is the answer."""

import os
import sys
import urllib.error
import urllib.request


def main() -> None:
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].lstrip(".")
    request = urllib.request.Request(
        "http://127.0.0.1:8000/helse/?format=text", headers={"Host": host}
    )
    try:
        urllib.request.urlopen(request, timeout=7)
    except (urllib.error.URLError, TimeoutError) as error:
        sys.exit(f"Not well: {error}")


if __name__ == "__main__":
    main()
