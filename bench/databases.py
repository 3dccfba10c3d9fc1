"""Loaded databases in one temporary server, and processes that measure beside them."""

import json
import os
import subprocess
import sys
from pathlib import Path

from config.database import APPLICATION, OWNER, create_database, with_parts


class Database:
    """Empty but for the curriculum, then loaded with so many trainees, or «largest»."""

    def __init__(self, load: str, server: str, folder: str):
        print(f"Loading {load}", file=sys.stderr, flush=True)
        name = f"bench_{load}"
        self.files = Path(folder) / name
        create_database(server, name=name)
        url = with_parts(server, database=name)
        owner = self._environment(with_parts(url, user=OWNER))
        for command in (
            ["manage.py", "migrate", "--verbosity=0", "--skip-checks"],
            ["manage.py", "load_curriculum", "--verbosity=0"],
            ["-m", "bench.load", load],
            ["manage.py", "make_seal_key"],
        ):
            subprocess.run(
                [sys.executable, *command], env=owner, check=True, stdout=subprocess.DEVNULL
            )
        self.environment = self._environment(with_parts(url, user=APPLICATION))

    def _environment(self, database_url: str) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PALMAPPEN_MODE": "demo",
            "SECRET_KEY": "bench",
            "ALLOWED_HOSTS": "localhost",
            "SITE_URL": "http://localhost",
            "DATABASE_URL": database_url,
            "DATABASE_OWNER_URL": "",
            "CELERY_BROKER_URL": "memory://",
            "PRIVATE_ROOT": str(self.files),
            "EMAIL_URL": "memory:",
            "DEFAULT_FROM_EMAIL": "palmappen@example.org",
            "LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "ignore:No directory at",  # WhiteNoise: nothing is collected
        }

    def run(self, module: str, **environment: str) -> dict:
        """The last line that a program of its own prints."""
        done = subprocess.run(
            [sys.executable, "-m", module],
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"{module} gave up; its reason stands above.")
        return json.loads(done.stdout.splitlines()[-1])


class Measuring:
    """A process that stays, so that two databases can take turns."""

    def __init__(self, database: Database):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.measure"],
            env=database.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Measuring":
        return self

    def __exit__(self, *error) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, order: str):
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("The measuring process gave up; its reason stands above.")
        return json.loads(answer)
