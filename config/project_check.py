"""`make check`: everything that can be said of the code without running its tests.

Runs every check even if one fails, so that one run tells all. Needs no database.
"""

import os
import subprocess
import sys
from pathlib import Path

VENDORED = Path("static/vendor")
CHECKSUMS = VENDORED / "CHECKSUMS.sha256"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "PALMAPPEN_MODE": "production",
    "DEBUG": "false",
    "SECRET_KEY": "long-and-varied-as-check-deploy-wants-it-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "palmappen.example.org",
    "SITE_URL": "https://palmappen.example.org",
    "DATABASE_URL": "postgresql://palmappen_app@localhost:1/palmappen",
    "DATABASE_OWNER_URL": "",
    "PRIVATE_ROOT": "/srv/palmappen",
    "EMAIL_URL": "submission://user:password@mail.example.org",
    "DEFAULT_FROM_EMAIL": "palmappen@example.org",
    "CELERY_BROKER_URL": "redis://localhost:6379/0",
}
# makemigrations also wants to ask the database whether its history agrees; there is none here.
NO_DATABASE = "ignore:Got an error checking a consistent migration history"

PYTHON = sys.executable
CHECKS = {
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--output-format=concise"],
    "lint": [PYTHON, "-m", "ruff", "check", "--output-format=concise"],
    "architecture": [str(Path(PYTHON).with_name("lint-imports"))],
    "migrations": [
        *[PYTHON, "-W", NO_DATABASE],
        *["manage.py", "makemigrations", "--check", "--dry-run"],
    ],
    "deployment": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "templates": [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"],
    "docker-compose.yml": [
        *[PYTHON, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"],
        "docker-compose.yml",
    ],
    "vendored files": ["sha256sum", "--check", "--quiet", str(CHECKSUMS)],
}


def vendored_files_have_checksums() -> bool:
    names = {line.split(maxsplit=1)[1].lstrip("*") for line in CHECKSUMS.read_text().splitlines()}
    found = {str(path) for path in VENDORED.rglob("*") if path.is_file()}
    unlisted = sorted(found - names - {str(CHECKSUMS)})
    return report("vendored files are listed", passed=not unlisted, output="\n".join(unlisted))


def passes(name: str, command: list[str]) -> bool:
    environment = {**os.environ, **PRODUCTION}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return report(name, passed=done.returncode == 0, output=done.stdout + done.stderr)


def report(name: str, *, passed: bool, output: str) -> bool:
    print(f"{'ok  ' if passed else 'FAIL'} {name}", flush=True)
    if not passed:
        print(output, flush=True)
    return passed


def main() -> None:
    results = [passes(name, command) for name, command in CHECKS.items()]
    results.append(vendored_files_have_checksums())
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
