"""What DNS says of the domain that mail comes from: SPF, DKIM and DMARC. Needs the extra `dns` (checkdmarc)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from alerts.checking.doctor import Check, Health
from corpus.messages import gettext

SECONDS_MAX = 5.0
"""How long one question to DNS may take."""


def check_dns(domain: str, *, selector: str = "", resolver: Any = None) -> tuple[Check, ...]:
    """Check SPF, DKIM and DMARC of a domain.

    Args:
        domain: that mail comes from.
        selector: of DKIM, under which the relay signs; empty: DKIM is not looked for.
        resolver: of dnspython; None: that of this machine.
    """
    try:
        from checkdmarc.dmarc import check_dmarc
        from checkdmarc.spf import check_spf
        from dns.exception import DNSException, Timeout
        from dns.resolver import NXDOMAIN, NoAnswer, NoNameservers, NoResolverConfiguration, Resolver
    except ImportError:
        text = gettext("SPF, DKIM and DMARC are not checked: install the extra `dns` (pip install 'pushcart[dns]').")
        return (Check("dns", Health.SKIPPED, text),)
    try:
        asked = resolver or Resolver()
        asked.timeout = asked.lifetime = SECONDS_MAX
        asked.resolve(domain, "SOA", raise_on_no_answer=False)
    except NXDOMAIN:
        return (Check("dns", Health.FAILED, gettext("The domain {domain} does not exist.", domain=domain)),)
    except (Timeout, NoNameservers, NoResolverConfiguration, OSError) as error:
        text = gettext(
            "DNS does not answer, so {domain} could not be checked: {answer}",
            domain=domain,
            answer=str(error)[:200],
        )
        return (Check("dns", Health.SKIPPED, text),)
    spf: Mapping[str, Any] = check_spf(domain, resolver=asked, timeout=SECONDS_MAX, retries=0)
    dmarc: Mapping[str, Any] = check_dmarc(domain, resolver=asked, timeout=SECONDS_MAX, retries=0)
    checks = [_of_record("spf", spf), _of_record("dmarc", dmarc)]
    if not selector:
        text = gettext("DKIM is not checked: give the selector under which your relay signs with --dkim-selector.")
        return (*checks, Check("dkim", Health.SKIPPED, text))
    name = f"{selector}._domainkey.{domain}"
    try:
        answers = asked.resolve(name, "TXT")
        record = " ".join(b"".join(each.strings).decode(errors="replace") for each in answers)
    except (NXDOMAIN, NoAnswer):
        record = ""
    except DNSException as error:
        return (*checks, Check("dkim", Health.SKIPPED, f"{name}: {error}"[:200]))
    return (*checks, _dkim(name, record))


def _of_record(name: str, found: Mapping[str, Any]) -> Check:
    warnings: Sequence[str] = [str(each) for each in found.get("warnings") or ()]
    if not found.get("valid"):
        return Check(name, Health.FAILED, str(found.get("error") or gettext("There is no record.")))
    record = str(found.get("record") or "")
    if warnings:
        return Check(name, Health.WARNING, f"{record}  {' '.join(warnings)}")
    return Check(name, Health.GOOD, record)


def _dkim(name: str, record: str) -> Check:
    tags = dict(part.strip().split("=", 1) for part in record.split(";") if "=" in part)
    if not record or "p" not in tags:
        return Check("dkim", Health.FAILED, gettext("{name} has no DKIM key.", name=name))
    if not tags["p"].strip():
        return Check("dkim", Health.FAILED, gettext("The key {name} has been revoked.", name=name))
    return Check("dkim", Health.GOOD, gettext("{name} has a key.", name=name))
