"""A portfolio on its way: exported, tampered with, and the owner's way into the tests' database."""

import copy
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import dj_database_url
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from config.database import OWNER, with_parts
from portfolio.models import Training
from portfolio.transfer import CONTENTS
from reports import services
from tests.factories import give_role, make_user


@dataclass(frozen=True)
class Zip:
    path: Path
    sha256: str

    @property
    def content(self) -> dict:
        with zipfile.ZipFile(self.path) as archive:
            return json.loads(archive.read(CONTENTS))

    @property
    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist() if name != CONTENTS}


def exported(training: Training) -> Zip:
    """As the doctor gets it: ordered, and made by a worker."""
    report = services.order_portfolio(training=training, by=training.trainee, key=uuid4())
    services.render_report(report.pk)
    report.refresh_from_db()
    return Zip(Path(report.file.path), report.sha256)


def rewritten(original: Zip, folder: Path, *, change: Callable[[dict], None]) -> Zip:
    content = copy.deepcopy(original.content)
    change(content)
    return zipped(folder, json.dumps(content).encode(), original.files)


def zipped(folder: Path, text: bytes, files: dict[str, bytes]) -> Zip:
    path = folder / f"{uuid4().hex}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(CONTENTS, text)
        for name, content in files.items():
            archive.writestr(name, content)
    return Zip(path, hashlib.sha256(path.read_bytes()).hexdigest())


@contextmanager
def owner_connection(superuser_url: str) -> Iterator[None]:
    """As where the command is run: what it writes, it writes as the owner of the tables."""
    application = dict(connection.settings_dict)
    owner = dj_database_url.parse(with_parts(superuser_url, user=OWNER, password="test"))
    connection.close()
    connection.settings_dict.update(owner)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(application)


def start_anew() -> None:
    """Another installation: the same national goals, one administrator, nothing else."""
    for name in stored_files():
        default_storage.delete(name)
    connection.ops.execute_sql_flush([])
    call_command("load_curriculum", verbosity=0)
    make_administrator()


def make_administrator() -> None:
    give_role(user=make_user(name="Drift", email="drift@example.org"), role="admin")


def stored_files() -> set[str]:
    folders = ("attachments", "documents")
    return {
        f"{folder}/{name}"
        for folder in folders
        if default_storage.exists(folder)
        for name in default_storage.listdir(folder)[1]
    }
