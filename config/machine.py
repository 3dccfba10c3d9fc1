"""Makes this machine ready, then runs a Python module in the project's virtual environment.

    python3 config/machine.py [--for-tests] -m <module> [arguments]

Only the standard library: it runs before anything is installed, with whatever python3 there is.
"""

import ctypes
import hashlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK = CHECKOUT / "requirements" / "dev.txt"
OLDEST_PYTHON = (3, 11)
READABLE_BY_ALL = stat.S_IRGRP | stat.S_IROTH | stat.S_IXGRP | stat.S_IXOTH
LONGEST_SOCKET_FOLDER = 70  # a Unix socket's path holds 107 characters, ours adds up to 30

PANGO = ["libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"]
PANGO_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
FONT_PACKAGES = ["fontconfig", "fonts-dejavu-core"]
FONT_FOLDERS = [
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local" / "share" / "fonts",
    Path.home() / ".fonts",
]


def place() -> Path:
    """The folder that holds `.venv` and `var`: the checkout, unless it cannot be.

    As root PostgreSQL runs as another OS user, who must reach both, and the embedded server opens
    every parent folder to let it. We never change the mode of a folder we did not make: below a
    private folder both go to a public place of their own. Nor does anyone write in another's
    checkout: whoever comes second gets a place of their own.
    """
    mine = CHECKOUT.stat().st_uid == os.geteuid()
    short = len(str(CHECKOUT)) <= LONGEST_SOCKET_FOLDER
    reachable = os.geteuid() != 0 or all(is_public(p) for p in [CHECKOUT, *CHECKOUT.parents])
    if mine and short and reachable:
        return CHECKOUT
    name = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]
    if os.geteuid() == 0:
        return Path("/var/lib/palmappen-demo") / name
    return Path.home() / ".local" / "share" / "palmappen-demo" / name


def is_public(folder: Path) -> bool:
    return folder.stat().st_mode & READABLE_BY_ALL == READABLE_BY_ALL


def venv_python() -> Path:
    return place() / ".venv" / "bin" / "python"


def prepare(*, for_tests: bool) -> None:
    os.umask(0o022)
    if sys.version_info < OLDEST_PYTHON:
        stop(
            "PAL-mappen needs Python 3.11 or newer; this is {}.{}.\n"
            "Name a newer one: make PYTHON=python3.12 …".format(*sys.version_info)
        )
    if place() != CHECKOUT:
        print(f"Virtual environment and data are kept in {place()}", flush=True)
    make_venv()
    require(missing_for_pdf(), why="PDF reports need Pango and a font")
    if for_tests:
        install_for_tests()


def make_venv() -> None:
    """Installs the locked requirements, unless they are the ones installed last time."""
    venv = place() / ".venv"
    done = venv / "installed.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if venv_python().exists() and done.exists() and done.read_text() == wanted:
        return
    if not venv_works():
        if not has_ensurepip():
            require(["python3-venv"], why="Debian's Python lacks venv")
        print(f"Making the virtual environment {venv}", flush=True)
        venv.parent.mkdir(parents=True, exist_ok=True)
        run([sys.executable, "-m", "venv", "--clear", str(venv)])
    print("Installing the locked requirements; a minute or two the first time", flush=True)
    pip = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "-qq"]
    run([*pip, "install", "--no-deps", "--require-hashes", "--requirement", str(LOCK)])
    done.write_text(wanted)


def venv_works() -> bool:
    """A virtual environment dies when the Python it was made from is upgraded or removed."""
    return venv_python().exists() and succeeds([str(venv_python()), "-c", "import pip"])


def has_ensurepip() -> bool:
    return succeeds([sys.executable, "-c", "import ensurepip"])


def succeeds(command: list) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def missing_for_pdf() -> list:
    packages = [] if all(loads(library) for library in PANGO) else list(PANGO_PACKAGES)
    if not any(font for folder in FONT_FOLDERS for font in folder.rglob("*.[to]tf")):
        packages += FONT_PACKAGES
    return packages


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def require(packages: list, *, why: str) -> None:
    if packages and not apt_install(packages):
        stop(f"{why}. Install them, then try again:\n\n    {apt_command(packages)}\n")


def install_for_tests() -> None:
    """The browser and the broker. Tests that lack them are skipped and say so."""
    packages = [name for name in ["chromium", "redis-server"] if not shutil.which(name)]
    if packages and not apt_install(packages):
        print(f"Some tests will be skipped. To run them: {apt_command(packages)}", flush=True)


def apt_install(packages: list) -> bool:
    """Installs from Debian where we may: as root, with apt."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing from Debian: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "-qq", *packages]
    for command in [install, ["apt-get", "update", "-qq"], install]:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=2)
        if command is install and done.returncode == 0:
            return True
    return False


def apt_command(packages: list) -> str:
    return f"sudo apt-get install {' '.join(packages)}"


def run(command: list) -> None:
    if subprocess.run(command, stdin=subprocess.DEVNULL).returncode != 0:
        stop(f"This failed: {' '.join(command)}")


def stop(message: str) -> None:
    sys.exit(f"\n{message}")


def main(arguments: list) -> None:
    for_tests = arguments[:1] == ["--for-tests"]
    if for_tests:
        arguments = arguments[1:]
    prepare(for_tests=for_tests)
    os.chdir(CHECKOUT)
    if place() != CHECKOUT:
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # leave another's checkout as it was
    os.execv(venv_python(), [str(venv_python()), *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
