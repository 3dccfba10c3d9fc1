"""`make check`: everything that can be said of the code without running its tests.

Runs every check even if one fails, so that one run tells all. Needs no database.
"""

import os
import subprocess
import sys
from pathlib import Path

VENDORED = Path("static/vendor")
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

CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "--quiet"],
    "lint": ["-m", "ruff", "check", "--quiet"],
    "architecture": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "migrations": ["-W", NO_DATABASE, "manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "templates": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "compose": [
        *["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"],
        "docker-compose.yml",
    ],
}


def passes(name: str, arguments: list[str]) -> bool:
    return report(name, [sys.executable, *arguments], folder=Path())


def vendored_files_are_unchanged() -> bool:
    """Against their checksums, and no file without one."""
    listed = (VENDORED / "CHECKSUMS.sha256").read_text().splitlines()
    names = {line.split(maxsplit=1)[1].lstrip("*./") for line in listed}
    found = {str(path.relative_to(VENDORED)) for path in VENDORED.rglob("*") if path.is_file()}
    if unlisted := found - names - {"CHECKSUMS.sha256"}:
        print(f"Vendored files without a checksum: {sorted(unlisted)}")
    command = ["sha256sum", "--check", "--quiet", "CHECKSUMS.sha256"]
    return report("vendored files", command, folder=VENDORED) and not unlisted


def report(name: str, command: list[str], *, folder: Path) -> bool:
    environment = {**os.environ, **PRODUCTION}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    passed = done.returncode == 0
    print(f"{'ok  ' if passed else 'FAIL'} {name}", flush=True)
    if not passed:
        print(done.stdout + done.stderr)
    return passed


def main() -> None:
    results = [passes(name, arguments) for name, arguments in CHECKS.items()]
    results.append(vendored_files_are_unchanged())
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
