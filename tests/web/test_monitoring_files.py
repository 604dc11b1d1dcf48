"""deploy/monitoring: rules and dashboard ask for metrics that exist, and the rules fire when they should."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from alerts.checking.audit import AuditReport, keep_report
from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import open_store
from tests.house.house import ROOT
from tests.web.library import settings_in
from web import app as application
from web.app import make_app

FOLDER = ROOT / "deploy" / "monitoring"
RULES = FOLDER / "pushcart.rules.yml"
_NAME = re.compile(r"\b(?:pushcart|process)_[a-z_]+\b")
_SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))["panels"]
    return [each for each in found if each["type"] != "row"]


def expressions() -> list[str]:
    return [rule["expr"] for rule in rules()] + [each["expr"] for panel in panels() for each in panel["targets"]]


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return the names that a site exposes, with the names of their labels."""
    settings = replace(settings_in(tmp_path_factory.mktemp("exposed")), metrics_address="127.0.0.1:9")
    now = datetime.now(UTC)
    with open_store(settings) as store:
        store.runs.save(HarvestRun("wiego", now, now, RunState.FINISHED, Verdict.told("")))
    keep_report(AuditReport(at=now), settings.data_dir)
    with pytest.MonkeyPatch.context() as patch:
        registry = CollectorRegistry()
        patch.setattr(application, "CollectorRegistry", lambda: registry)
        client = TestClient(make_app(settings))
        client.get("/")
        text = generate_latest(registry).decode()
    return names_of(text)


def names_of(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for suffix in _SUFFIXES.get(family.type, ("",)):
            found.setdefault(f"{family.name}{suffix}", set())
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_metric_of_rules_and_dashboard_is_exposed(exposed: dict[str, set[str]]) -> None:
    asked = {name for each in expressions() for name in _NAME.findall(each)}
    assert len(asked) > 20
    assert asked - exposed.keys() == set()


def test_every_label_that_is_selected_by_or_summed_by_is_exposed(exposed: dict[str, set[str]]) -> None:
    known = set().union(*exposed.values()) | {"job"}
    selected = {name for each in expressions() for name in re.findall(r"[{,]\s*([a-z_]+)\s*(?:=~|=)", each)}
    summed = {
        name for each in expressions() for names in re.findall(r"by \(([^)]*)\)", each) for name in names.split(", ")
    }
    told = {
        name for rule in rules() for text in rule["annotations"].values() for name in re.findall(r"labels\.(\w+)", text)
    }
    assert (selected | summed | told) - known == set()


def test_every_rule_says_what_to_do(exposed: dict[str, set[str]]) -> None:
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    for rule in rules():
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["action"]
        assert rule["labels"]["severity"] in ("critical", "warning", "info")


def promtool(*arguments: str | Path) -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip(
            "SKIPPED: there is no promtool here, so the rules are not checked; Debian's package `prometheus` has it"
        )
    ended = subprocess.run([found, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


def test_promtool_accepts_configuration_and_rules() -> None:
    assert f"{len(rules())} rules found" in promtool("check", "rules", RULES)
    promtool("check", "config", FOLDER / "prometheus.yml")


FIRING = {
    "PushcartDown": ({'up{job="pushcart"}': "0x20"}, "15m"),
    "PushcartPartDown": ({'pushcart_up{part="index"}': "0x20"}, "15m"),
    "PushcartErrors": (
        {
            'pushcart_http_requests_total{status="503"}': "0+6x60",
            'pushcart_http_requests_total{status="200"}': "0+100x60",
        },
        "50m",
    ),
    "PushcartSlow": (
        {
            'pushcart_search_seconds_bucket{kind="search",le="2.5"}': "0+1x60",
            'pushcart_search_seconds_bucket{kind="search",le="5"}': "0+10x60",
            'pushcart_search_seconds_bucket{kind="search",le="+Inf"}': "0+10x60",
        },
        "50m",
    ),
    "PushcartIndexBehind": ({"pushcart_index_lag_seconds": "4000x30"}, "20m"),
    "PushcartIndexUnfit": ({"pushcart_index_fits": "0x90"}, "80m"),
    "PushcartNotHarvesting": ({'pushcart_harvest_end_timestamp_seconds{source="wiego"}': "0x14000"}, "13000m"),
    "PushcartSourceBroken": ({'pushcart_harvest_good{source="wiego"}': "0x3000"}, "2900m"),
    "PushcartWaiting": ({'pushcart_queue{queue="tag"}': "5x800"}, "750m"),
    "PushcartDiskFull": ({"pushcart_disk_free_bytes": "5x30", "pushcart_disk_bytes": "100x30"}, "20m"),
    "PushcartAlertsLate": ({'pushcart_alerts_oldest_waiting_seconds{kind="message"}': "4000x30"}, "20m"),
    "PushcartAlertsFailed": ({'pushcart_alerts_messages{state="failed"}': "0+1x60"}, "50m"),
    "PushcartAlertsMissed": ({"pushcart_alerts_last_audit_good": "0x5"}, "3m"),
}
"""Series (from, or from+step, x times) a minute apart by which each rule fires, and when."""


def test_every_rule_fires_on_what_it_is_for_and_on_nothing_else(tmp_path: Path) -> None:
    assert FIRING.keys() == {rule["alert"] for rule in rules()}
    well = [
        {"series": name, "values": "1x120"} for name in ('up{job="pushcart"}', "pushcart_up", "pushcart_index_fits")
    ]
    tests = list(rule_tests())
    quiet = [{"eval_time": "60m", "alertname": rule["alert"], "exp_alerts": []} for rule in rules()]
    tests.append({"interval": "1m", "input_series": well, "alert_rule_test": quiet})
    files = {"rule_files": [str(RULES)], "evaluation_interval": "5m"}
    path = tmp_path / "tests.yml"
    path.write_text(yaml.safe_dump(files | {"tests": tests}), encoding="utf-8")
    promtool("test", "rules", path)


def rule_tests() -> Iterator[dict[str, Any]]:
    for name, (series, at) in FIRING.items():
        asked = {"expr": f'count(ALERTS{{alertname="{name}",alertstate="firing"}})', "eval_time": at}
        yield {
            "interval": "1m",
            "input_series": [{"series": each, "values": values} for each, values in series.items()],
            "promql_expr_test": [asked | {"exp_samples": [{"labels": "{}", "value": 1}]}],
        }


def test_the_address_in_the_example_is_a_setting_that_is_accepted() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    (target,) = config["scrape_configs"][0]["static_configs"][0]["targets"]
    assert Settings(metrics_address=target).metrics_address == target
