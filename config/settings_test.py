"""Settings of the tests. tests/conftest.py points the database at its server."""

import os
import tempfile

EMBEDDED = "postgresql://palmappen_app@embedded/palmappen"
FILES = tempfile.TemporaryDirectory(prefix="palmappen-test-files-")  # gone with the process
os.environ["PALMAPPEN_MODE"] = "test"
os.environ.setdefault("DATABASE_URL", EMBEDDED)
os.environ["SECRET_KEY"] = "only-for-tests"  # noqa: S105
os.environ["ALLOWED_HOSTS"] = "testserver,localhost"
os.environ |= {"SITE_URL": "http://testserver", "PRIVATE_ROOT": FILES.name}
os.environ["EMAIL_URL"] = "memory:"
os.environ["DEFAULT_FROM_EMAIL"] = "palmappen@example.org"
os.environ["CELERY_BROKER_URL"] = "memory://"

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # else every test client reads all static files anew
