"""One node on a free port of this machine, which ends with the process that started it, however that ends."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.search_server.certificates import ADMINISTRATOR, Certificates, certificates_in

HEAP = "512m"
_UP_SECONDS_MAX = 180
_USER = 61234
"""Under which the node runs when the tests run as root, as whom it refuses to; nobody else needs to have it."""
_LOG4J = """status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""
_SHORT_LIFE = "-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1\n"
"""A node that lives for minutes does not win back the processor time in which Java would optimise it."""
_MEMORY_BYTES_MIN = 2_000_000_000
_UNTIL_ALONE = '"$@" & cat > /dev/null; kill -TERM 0'
"""Run the node until standard input ends, which it does when the tests are killed too; then end the whole group."""


def java() -> str:
    """Return the path of Java; empty when there is none."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else shutil.which("java") or ""


@dataclass(frozen=True, slots=True)
class SecureNode:
    """A node with users and TLS; `user` may do anything."""

    url: str
    user: str
    password: str
    ca_file: Path


@contextmanager
def running_secure_node(home: Path) -> Iterator[SecureNode]:
    """Start a node with users and TLS, whose certificate names localhost only, and give it once it answers.

    Args:
        home: the unpacked server.
    """
    with tempfile.TemporaryDirectory(prefix="pushcart-es-ca-") as name:
        made = certificates_in(Path(name))
        with running_node(home, certificates=made) as url:
            yield SecureNode(
                url=url.replace("http://127.0.0.1", "https://localhost"),
                user=ADMINISTRATOR,
                password=made.password,
                ca_file=made.ca_file,
            )


@contextmanager
def running_node(home: Path, *, certificates: Certificates | None = None) -> Iterator[str]:
    """Start a node and give its address once it answers.

    Args:
        home: the unpacked server.
        certificates: None: without users and TLS.
    """
    with tempfile.TemporaryDirectory(prefix="pushcart-es-", dir=_quick_folder()) as name:
        folder = Path(name)
        port = _free_port()
        _configure(folder, home=home, port=port, certificates=certificates)
        if certificates is not None:
            _keep_password(folder, home=home, password=certificates.password)
        with (folder / "console.log").open("wb") as log:
            node = subprocess.Popen(
                ["sh", "-c", _UNTIL_ALONE, "sh", *_as_another_user(_command(home, folder))],
                cwd=home,
                env=_environment(folder),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            _wait_until_up(port, node=node, log=folder / "console.log", certificates=certificates)
            yield f"http://127.0.0.1:{port}"
        finally:
            assert node.stdin is not None
            node.stdin.close()
            node.wait(timeout=60)
            _wait_until_down(port)


def _quick_folder() -> str | None:
    """Return a folder in memory, if there is one: each new index makes the node wait for the disk several times."""
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _MEMORY_BYTES_MIN
    return str(memory) if is_roomy else None


def _command(home: Path, folder: Path, *words: str, tool: str = "server") -> list[str]:
    """Return what Elasticsearch's own bin/elasticsearch and its tools would run, which the trimmed server no longer has."""
    options = {
        "cli.name": tool,
        "cli.script": f"{home}/bin/elasticsearch",
        "cli.libs": f"lib/tools/{tool}-cli",
        "es.path.home": home,
        "es.path.conf": folder / "config",
        "es.distribution.type": "tar",
    }
    classes = f"{home}/lib/*:{home}/lib/cli-launcher/*"
    defined = [f"-D{name}={value}" for name, value in options.items()]
    return [java(), "-Xms4m", "-Xmx64m", *defined, "-cp", classes, "org.elasticsearch.launcher.CliToolLauncher", *words]


def _as_another_user(command: list[str]) -> list[str]:
    if os.getuid() != 0:
        return command
    return ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", *command]


def _configure(folder: Path, *, home: Path, port: int, certificates: Certificates | None) -> None:
    folder.chmod(0o755)
    config = folder / "config"
    for part in ("config/jvm.options.d", "data", "logs", "tmp"):
        (folder / part).mkdir(parents=True)
    settings = {
        "cluster.name": "pushcart-test",
        "node.name": "node1",
        "path.data": folder / "data",
        "path.logs": folder / "logs",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": _free_port(),
        "discovery.type": "single-node",
        "node.store.allow_mmap": "false",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        "action.destructive_requires_name": "false",
        "xpack.security.enabled": "false",
        "xpack.security.autoconfiguration.enabled": "false",
    }
    if certificates is not None:
        settings |= certificates.copy_to(config)
    shipped = [path for path in (home / "config").iterdir() if path.is_file()]
    for path in shipped:
        shutil.copy2(path, config / path.name)
    (config / "elasticsearch.yml").write_text("".join(f"{name}: {value}\n" for name, value in settings.items()))
    (config / "log4j2.properties").write_text(_LOG4J)
    (config / "jvm.options").write_text(f"-Xms{HEAP}\n-Xmx{HEAP}\n{_SHORT_LIFE}-Djava.io.tmpdir=${{ES_TMPDIR}}\n")
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, _USER, _USER)


def _keep_password(folder: Path, *, home: Path, password: str) -> None:
    """Put the first password of the administrator where the node looks for it."""
    words = ("add", "--force", "--stdin", "bootstrap.password")  # --force: makes the file too
    command = _as_another_user(_command(home, folder, *words, tool="keystore"))
    kept = {"cwd": home, "env": _environment(folder), "check": True, "capture_output": True}
    subprocess.run(command, input=password, text=True, **kept)


def _environment(folder: Path) -> dict[str, str]:
    dropped = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "ES_JAVA_OPTS", "JDK_JAVA_OPTIONS", "CLASSPATH"}
    return {name: value for name, value in os.environ.items() if name not in dropped} | {
        "HOME": str(folder / "tmp"),
        "ES_TMPDIR": str(folder / "tmp"),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_JAVA_HOME": str(Path(java()).resolve().parent.parent),
    }


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_until_up(port: int, *, node: subprocess.Popen[bytes], log: Path, certificates: Certificates | None) -> None:
    health = "/_cluster/health?wait_for_status=yellow&timeout=5s"
    address, context = f"http://127.0.0.1:{port}{health}", None
    headers = {}
    if certificates is not None:
        address, context = f"https://localhost:{port}{health}", ssl.create_default_context(cafile=certificates.ca_file)
        headers["Authorization"] = certificates.authorization()
    request = urllib.request.Request(address, headers=headers)
    deadline = time.monotonic() + _UP_SECONDS_MAX
    while time.monotonic() < deadline and node.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=15, context=context) as answer:
                if not json.loads(answer.read())["timed_out"]:
                    return
        except (urllib.error.URLError, OSError, ValueError):
            time.sleep(0.5)
    raise RuntimeError(f"Elasticsearch did not come up: {log.read_text(errors='replace')[-2000:]}")


def _wait_until_down(port: int) -> None:
    """Wait until nobody writes into the folder any more."""
    for _ in range(120):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.5)
