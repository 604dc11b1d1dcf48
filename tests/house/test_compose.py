"""The container files, as far as no engine is needed; tests/containers runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.settings import PREFIX, Settings
from tests.house.house import PACKAGES, ROOT, tracked_files

COMPOSED = ("docker-compose.yml", "compose.laptop.yml")
ONCE = {"search-users": "done or failed", "harvest": "one round"}
"""Services without a health check, and why."""
_REQUIRED = re.compile(r"\$\{([A-Z_]+):\?([^}]+)\}")
_NAMED = re.compile(r"(?<!\$)\$\{?([A-Z_]+)")
_DIGEST = "(@sha256:[0-9a-f]{64})?"
"""What containers/pin.sh adds to the name of an image."""
_EXACT = re.compile(rf"(.+:v?\d+\.\d+\.\d+|postgres:\d+\.\d+-[a-z]+){_DIGEST}")
_SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|KEY")
_BIN = Path(sys.executable).parent


def read(name: str) -> str:
    """Return the text of a file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def services(name: str = COMPOSED[0]) -> dict[str, dict[str, Any]]:
    """Return the services of a compose file, with what they share put in."""
    return dict(yaml.safe_load(read(name))["services"])


def is_ours(service: dict[str, Any]) -> bool:
    """Say whether a service runs the image that is built here."""
    return str(service["image"]).startswith("pushcart:")


EVERY = [(name, service) for name in COMPOSED for service in services(name)]


@pytest.mark.parametrize(
    "command",
    [
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", *COMPOSED],
        ["hadolint", "--failure-threshold", "style", "Dockerfile"],
        ["shellcheck", *(str(path) for path in tracked_files() if path.suffix == ".sh"), ".ci/run"],
    ],
    ids=lambda command: command[0],
)
def test_a_linter_finds_nothing(command: list[str]) -> None:
    ended = subprocess.run([_BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize(("name", "service"), EVERY)
def test_a_service_is_pinned_confined_and_reached_from_this_machine_only(name: str, service: str) -> None:
    has = services(name)[service]
    assert _EXACT.fullmatch(has["image"]), has["image"]
    assert has.get("user") or is_ours(has), "runs as root, unless the image says otherwise"
    assert str(has.get("user", "")).split(":")[0] not in ("0", "root")
    assert has["cap_drop"] == ["ALL"]
    assert has["security_opt"] == ["no-new-privileges:true"]
    assert has["mem_limit"] == has["memswap_limit"], "as much swap again"
    assert has["pids_limit"] <= 4096
    assert has["logging"]["options"]["max-size"] == "10m"
    assert "ulimits" not in has, "an engine that may not raise them would not start it"
    assert has.get("read_only") or service == "search"
    assert [port for port in has.get("ports", []) if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize(("name", "service"), EVERY)
def test_it_is_known_of_each_service_whether_it_lives(name: str, service: str) -> None:
    has = services(name)[service]
    check = has.get("healthcheck", {})
    if service in ONCE:
        assert "test" not in check
        assert check.get("disable") or not is_ours(has), "the image's own check asks for a port that this has not"
    else:
        assert "disable" not in check, "`up --wait` fails"
        assert "start_period" in check or (is_ours(has) and "--start-period" in read("Dockerfile"))
        assert has["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", COMPOSED)
def test_our_image_has_the_number_of_our_version_and_is_built_once_and_here(name: str) -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    ours = {service: has for service, has in services(name).items() if is_ours(has)}
    assert len(ours) >= 2
    assert {has["image"] for has in ours.values()} == {f"pushcart:{version}"}
    assert {service for service, has in ours.items() if "build" in has} == {"pages"}
    assert {service: has["pull_policy"] for service, has in ours.items()} == {
        service: "build" if service == "pages" else "never" for service in ours
    }


def test_services_wait_for_what_they_need() -> None:
    for service in ("pages", "harvester"):
        assert {need: how["condition"] for need, how in services()[service]["depends_on"].items()} == {
            "records": "service_healthy",
            "search-users": "service_completed_successfully",
        }
    assert services()["search-users"]["depends_on"] == {"search": {"condition": "service_healthy"}}


def test_what_holds_the_records_and_the_index_is_on_no_network_that_leads_out() -> None:
    assert yaml.safe_load(read(COMPOSED[0]))["networks"]["inside"]["internal"] is True
    for service in ("search", "search-users", "records"):
        assert services()[service]["networks"] == ["inside"]
        assert "ports" not in services()[service]


def test_the_pages_have_no_way_out_but_what_harvests_and_what_sends_have() -> None:
    networks = yaml.safe_load(read(COMPOSED[0]))["networks"]
    assert networks["readers"]["driver_opts"] == {"com.docker.network.bridge.enable_ip_masquerade": "false"}
    assert services()["pages"]["networks"] == ["inside", "readers"]
    for service in ("harvester", "alerts"):
        assert services()[service]["networks"] == ["inside", "outside"]


@pytest.mark.parametrize(("name", "service"), EVERY)
def test_no_password_has_a_default(name: str, service: str) -> None:
    for variable, value in services(name)[service].get("environment", {}).items():
        if _SECRET.search(variable):
            assert _REQUIRED.fullmatch(value), variable


def test_every_variable_is_in_the_example_without_a_value_and_in_the_page() -> None:
    text = read(COMPOSED[0])
    required = {name for name, _ in _REQUIRED.findall(text)}
    named = set(_NAMED.findall(text))
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE))
    assert required == {
        "RECORDS_PASSWORD",
        "ELASTIC_PASSWORD",
        "SEARCHING_PASSWORD",
        "INDEXING_PASSWORD",
        "PUSHCART_CONTACT",
    }
    assert named == example.keys()
    assert set(example.values()) == {""}
    page, explained = read("docs/running.md"), read(".env.example")
    assert [name for name in named if not re.search(rf"^# .+\n(?:[A-Z_]+=\n)*{name}=", explained, re.MULTILINE)] == []
    assert {said for _, said in _REQUIRED.findall(text)} == {"see docs/running.md, In containers"}
    assert "## In containers" in page


@pytest.mark.parametrize(("name", "service"), EVERY)
def test_every_setting_of_ours_exists(name: str, service: str) -> None:
    given = services(name)[service].get("environment", {})
    real = {PREFIX + each.name.upper() for each in fields(Settings)}
    assert {each for each in given if each.startswith(PREFIX)} - real == set()


def test_the_users_have_the_roles_of_the_page() -> None:
    offered = [json.loads(each) for each in re.findall(r"```json\n(.+?)```", read("docs/elasticsearch.md"), re.DOTALL)]
    roles = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "containers/roles").iterdir()}
    assert roles == {"pushcart_search": offered[0], "pushcart_index": offered[1]}
    users = {
        service: services()[service]["environment"]["PUSHCART_ELASTICSEARCH_USER"] for service in ("pages", "harvester")
    }
    assert users == {"pages": "pushcart_search", "harvester": "pushcart_index"}


def test_the_image_gets_every_package_and_the_packages_that_the_settings_ask_for() -> None:
    dockerfile, let_through = read("Dockerfile"), read(".dockerignore").splitlines()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    assert {f"COPY {package} {package}" for package in PACKAGES} <= set(dockerfile.splitlines())
    assert {f"!{source}" for source in sources} == {line for line in let_through if line.startswith("!")}
    assert [source for source in sources if not (ROOT / source).exists()] == []
    pins = set(re.findall(r"^([a-z0-9-]+)==", read("requirements-server.lock"), re.MULTILINE))
    assert {"elasticsearch", "psycopg", "psycopg-binary", "setuptools"} <= pins


def test_the_image_is_made_from_exact_versions_and_does_not_run_as_root() -> None:
    dockerfile = read("Dockerfile")
    bases = set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE))
    assert len(bases) == 1
    assert re.fullmatch(rf"python:3\.\d+\.\d+-slim-[a-z]+{_DIGEST}", bases.pop())
    assert re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE) == ["10001"]


def test_the_image_can_back_up_the_database_of_the_compose_file() -> None:
    (client,) = re.findall(r"postgresql-client-(\d+)", read("Dockerfile"))
    (server,) = re.findall(r"^postgres:(\d+)\.", services()["records"]["image"])
    assert int(client) >= int(server), "pg_dump refuses a newer server"


def test_elasticsearch_is_of_the_version_that_the_tests_run_on() -> None:
    from tests.search_server.finding import VERSION

    images = {services()[service]["image"] for service in ("search", "search-users")}
    assert {each.partition("@")[0] for each in images} == {f"docker.elastic.co/elasticsearch/elasticsearch:{VERSION}"}


def test_elasticsearch_asks_who_you_are_and_has_half_of_its_memory_as_heap() -> None:
    search = services()["search"]
    assert search["environment"]["xpack.security.enabled"] == "true"
    assert search["environment"]["ES_JAVA_OPTS"] == "-Xms1g -Xmx1g"
    assert search["mem_limit"] == "2g"


def test_images_are_pinned_to_digests_by_one_command_that_may_be_repeated(tmp_path: Path) -> None:
    digest = "sha256:" + "5e" * 32
    for name in ("Dockerfile", COMPOSED[0]):
        (tmp_path / name).write_text(read(name), encoding="utf-8")
    (tmp_path / "docker").write_text(f'#!/bin/sh\n[ "$1" = pull ] || echo name@{digest}\n')
    (tmp_path / "docker").chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for _ in range(2):
        subprocess.run([ROOT / "containers/pin.sh", tmp_path], env=environment, check=True, capture_output=True)
        pinned = yaml.safe_load((tmp_path / COMPOSED[0]).read_text())["services"]
        assert {has["image"] for has in pinned.values()} == {
            has["image"] if is_ours(has) else f"{has['image'].partition('@')[0]}@{digest}"
            for has in services().values()
        }
        bases = re.findall(r"^FROM (\S+)", (tmp_path / "Dockerfile").read_text(), re.MULTILINE)
        assert [base.count(digest) for base in bases] == [1, 1]
