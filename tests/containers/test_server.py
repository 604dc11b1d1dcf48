"""docker-compose.yml from nothing: up, used, limited, killed, restarted, stopped, made anew with its volumes kept."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.composed import Composed, docker, new_settings, wait_until
from tests.containers.conftest import running

pytestmark = [pytest.mark.containers, pytest.mark.timeout(1800)]
LASTING = ("search", "records", "pages", "harvester")
DIFFERENCES = """
services:
  pages: {ports: !override ["127.0.0.1::8000"]}
  mail: {ports: !override ["127.0.0.1::8025"]}
  alerts: {env_file: !override [FOLDER/alerts.env]}
"""
OFFICE = """
slug = "office"
name = "A Statistics Office"
homepage = "http://samples.pushcart.example/"
protocol = "listing"
start = ["http://samples.pushcart.example/publications"]
connect_to = "127.0.0.1:8001"
[listing]
links = "ol.publications h2"
[polite]
delay_seconds = 0.0
allow_private = true
"""


@pytest.fixture(scope="module")
def site(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    folder = tmp_path_factory.mktemp("server")
    (folder / "alerts.env").write_text("PUSHCART_SMTP_PORT=1025\nPUSHCART_SMTP_SECURITY=none\n")
    mail = {"PUSHCART_SMTP_HOST": "mail", "PUSHCART_MAIL_FROM": "alerts@example.org", "HARVEST_EVERY_SECONDS": "30"}
    composed = Composed(
        "docker-compose.yml",
        folder,
        differences=DIFFERENCES.replace("FOLDER", str(folder)),
        settings=new_settings() | mail,
    )
    with running(composed):
        composed.type("build", "--quiet")
        composed.type("up", "--detach", "--wait")
        yield composed


def test_up_waits_until_everything_is_healthy_and_the_users_are_made(site: Composed) -> None:
    assert site.states() == dict.fromkeys(LASTING, "healthy") | {"search-users": "exited 0"}


@pytest.mark.parametrize("service", LASTING)
def test_a_container_has_the_limits_of_the_file_and_no_rights(site: Composed, service: str) -> None:
    has = site.inspect(service)["HostConfig"]
    assert has["Memory"] == has["MemorySwap"] > 0
    assert 0 < has["PidsLimit"] <= 4096
    assert has["CapDrop"] == ["ALL"]
    assert has["ReadonlyRootfs"] or service == "search"
    status = site.type("exec", "-T", service, "cat", "/proc/self/status").stdout
    assert re.search(r"^CapEff:\s0+$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\s1$", status, re.MULTILINE)
    assert not re.search(r"^Uid:\s0", status, re.MULTILINE)


def test_who_takes_more_memory_than_the_limit_is_killed_and_nobody_else(site: Composed) -> None:
    before = site.inspect("pages")["State"]["Pid"]
    greedy = "held = [bytearray(b'x' * 2**24) for _ in range(80)]"
    assert site.type("exec", "-T", "pages", "python", "-c", greedy, ok=False).returncode == 137
    assert site.inspect("pages")["State"]["Pid"] == before


def test_who_starts_processes_without_end_meets_the_limit(site: Composed) -> None:
    many = """
import threading
stop = threading.Event()
try:
    for number in range(2000):
        threading.Thread(target=stop.wait, daemon=True).start()
except RuntimeError:
    print(number)
stop.set()
"""
    assert 300 < int(site.type("exec", "-T", "pages", "python", "-c", many).stdout) < 512
    site.get("/healthz")


@pytest.mark.parametrize("service", ["records", "pages", "harvester"])
def test_nothing_can_be_written_beside_what_is_kept(site: Composed, service: str) -> None:
    refused = site.type("exec", "-T", service, "touch", "/opt/new", "/usr/new", "/etc/new", ok=False)
    assert refused.stderr.count("Read-only file system") == 3, refused.stderr
    site.type("exec", "-T", service, "touch", "/tmp/new")


def test_the_pages_have_no_way_to_the_internet(site: Composed) -> None:
    reach = "import socket; socket.create_connection(('1.1.1.1', 443), timeout=4); print('reached')"
    if "reached" not in site.type("exec", "-T", "harvester", "python", "-c", reach, ok=False).stdout:
        pytest.skip("this machine has no way to the internet, so it cannot be told apart")
    assert "reached" not in site.type("exec", "-T", "pages", "python", "-c", reach, ok=False).stdout
    begun = time.monotonic()
    ask = "import socket; socket.getaddrinfo('example.org', 443)"
    assert site.type("exec", "-T", "pages", "python", "-c", ask, ok=False).returncode == 1
    assert time.monotonic() - begun < 5, "names are waited for"


def test_documents_that_are_added_are_found_on_the_published_port(site: Composed, papers: Path) -> None:
    run = ("run", "--rm", "-T", "--volume", f"{papers}:/papers:ro", "harvester", "pushcart", "add", "/papers")
    site.type(*run)
    assert site.found("") == len(list(papers.iterdir()))


def test_the_pages_may_read_the_index_and_not_write_it(site: Composed) -> None:
    refused = site.type("exec", "-T", "pages", "pushcart", "index", "--rebuild", ok=False)
    assert refused.returncode == 1
    assert "may not do this" in " ".join(refused.stderr.split())


def test_a_source_of_ones_own_is_harvested_by_the_next_round(site: Composed, tmp_path: Path) -> None:
    site.type("exec", "-T", "--detach", "harvester", "python", "-m", "demo")
    site.type("exec", "-T", "harvester", "mkdir", "-p", "/data/sources")
    (tmp_path / "office.toml").write_text(OFFICE)
    (tmp_path / "office.toml").chmod(0o644)
    site.type("cp", tmp_path / "office.toml", "harvester:/data/sources/office.toml")
    site.type("exec", "-T", "harvester", "pushcart", "sources", "check")
    before = site.found("")
    wait_until(
        lambda: site.found("") > before + 20, seconds=300, otherwise=lambda: site.type("logs", "harvester").stdout
    )


def test_mail_that_confirms_an_alert_arrives(site: Composed) -> None:
    site.profiles = ("alerts", "dev")
    site.type("up", "--detach", "--wait")
    ask = """
import json, urllib.request
body = {"channel": "email", "address": "rosa@example.org", "frequency": "at_once"}
request = urllib.request.Request("http://127.0.0.1:8000/api/v1/alerts?q=vendors", json.dumps(body).encode(),
    {"Content-Type": "application/json"})
print(urllib.request.urlopen(request).status)
"""
    assert site.type("exec", "-T", "pages", "python", "-c", ask).stdout.strip() == "202"
    look = "import urllib.request; print(urllib.request.urlopen('http://mail:8025/api/v1/messages').read().decode())"
    wait_until(
        lambda: "rosa@example.org" in site.type("exec", "-T", "pages", "python", "-c", look).stdout,
        seconds=120,
        otherwise=lambda: site.type("logs", "alerts").stdout,
    )
    site.type("exec", "-T", "alerts", "pushcart", "alerts", "doctor", "--offline")


@pytest.mark.parametrize("service", [*LASTING, "alerts", "mail"])
def test_a_container_whose_first_process_is_killed_comes_back(site: Composed, service: str) -> None:
    before = site.found("")
    site.kill(service)
    wait_until(lambda: site.inspect(service)["RestartCount"] == 1, seconds=120)
    site.wait_until_healthy()
    wait_until(lambda: site.get("/readyz")["status"] == "ok", seconds=120)
    assert site.found("") == before


def test_a_harvest_that_is_killed_does_not_end_the_loop(site: Composed) -> None:
    before = site.inspect("harvester")["State"]["Pid"]
    kill_all_but_the_loop = """
import os
for number in filter(str.isdigit, os.listdir('/proc')):
    name = open(f'/proc/{number}/comm').read().strip()
    if name in ('sleep', 'pushcart'):
        os.kill(int(number), 9)
"""
    site.type("exec", "-T", "harvester", "python", "-c", kill_all_but_the_loop)
    time.sleep(3)
    assert site.inspect("harvester")["State"]["Pid"] == before


def test_after_a_restart_of_all_everything_is_healthy_again(site: Composed) -> None:
    before = site.found("")
    site.type("restart")
    site.wait_until_healthy()
    wait_until(lambda: site.states()["search-users"].startswith("exited"), seconds=300)
    assert site.states()["search-users"] == "exited 0"
    wait_until(lambda: site.get("/readyz")["status"] == "ok", seconds=120)
    assert site.found("") == before


def test_a_changed_password_is_taken_by_the_next_up(site: Composed) -> None:
    before = site.found("")
    fresh = new_settings()
    site.settings |= {name: fresh[name] for name in ("ELASTIC_PASSWORD", "SEARCHING_PASSWORD", "INDEXING_PASSWORD")}
    site.type("up", "--detach", "--wait")
    assert site.found("") == before


def test_stopping_ends_each_service_in_time_and_in_order(site: Composed) -> None:
    site.type("stop")
    ended = {service: state for service, state in site.states().items() if state != "exited 0"}
    assert ended.keys() <= {"search"}, ended  # Java says 143 of a SIGTERM
    assert set(ended.values()) <= {"exited 143"}
    assert not any(site.inspect(service)["State"]["OOMKilled"] for service in LASTING)


def test_what_is_kept_is_there_when_everything_is_made_anew(site: Composed) -> None:
    site.type("up", "--detach", "--wait")
    before = site.found("")
    site.type("down")
    assert docker("ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={site.name}").stdout == ""
    site.type("up", "--detach", "--wait")
    assert site.found("") == before > 20
    assert "does not have" not in site.type("exec", "-T", "pages", "pushcart", "status").stdout


def test_a_backup_that_was_made_while_it_runs_comes_back_on_an_empty_machine(site: Composed, backups: Path) -> None:
    before = site.found("")
    lent = ("run", "--rm", "-T", "--volume")
    for _ in range(2):
        site.type(*lent, f"{backups}:/backup", "harvester", "pushcart", "backup", "/backup", "--keep", "1")
    assert len([each for each in backups.iterdir() if each.name.startswith("20")]) == 1
    site.type(*lent, f"{backups}:/backup:ro", "harvester", "pushcart", "verify", "/backup")
    site.type("down", "--volumes")
    site.settings |= new_settings()
    site.type(*lent, f"{backups}:/backup:ro", "harvester", "pushcart", "restore", "/backup")
    site.type("up", "--detach", "--wait")
    assert site.found("") == before > 20
    site.type("exec", "-T", "harvester", "pushcart", "verify")


def test_a_database_that_is_lost_comes_back_and_the_files_stay(site: Composed, backups: Path) -> None:
    before = site.found("")
    site.type("down")
    assert docker("volume", "rm", f"{site.name}_records").returncode == 0
    site.type("run", "--rm", "-T", "--volume", f"{backups}:/backup:ro", "harvester", "pushcart", "restore", "/backup")
    site.type("up", "--detach", "--wait")
    assert site.found("") == before
    site.type("exec", "-T", "harvester", "pushcart", "verify")
