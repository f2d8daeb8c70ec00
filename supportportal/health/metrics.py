"""The figures for Prometheus, in its text format.

Read from the database at each scrape: with several web processes, each keeping counters of its
own, a scrape would hear one of them.
"""

import hmac
from collections.abc import Iterable, Iterator
from datetime import timedelta
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from sla.models import Clock, Heartbeat
from sla.querysets import Lag
from supportportal.health.checks import examine
from supportportal.health.outbox import OutboxFigures, outbox_figures
from supportportal.health.watch import WatchFigures, watch_figures


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures to a program that may read them; to others there is no such page."""
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(PortalCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class PortalCollector(Collector):
    """Asks the portal when it is asked. Without the database only the checks are told."""

    def collect(self) -> Iterator[Metric]:
        checks = examine()
        works = GaugeMetricFamily(
            "portal_check_ok", "Whether a part works: 1 or 0.", labels=["check"]
        )
        for check in checks:
            works.add_metric([check.key], float(check.is_ok))
        yield works
        if checks[0].is_ok:
            yield from _watch_metrics(watch_figures())
            yield from _outbox_metrics(outbox_figures())

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: registering must not ask the database."""
        return []


def _may_read(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return hmac.compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
    # Behind the proxy everybody has the proxy's address.
    if not settings.METRICS_NETWORKS or "X-Forwarded-For" in request.headers:
        return False
    address = ip_address(request.META["REMOTE_ADDR"])
    return any(address in network for network in settings.METRICS_NETWORKS)


def _watch_metrics(figures: WatchFigures) -> Iterator[Metric]:
    age = Heartbeat.objects.age_of(Heartbeat.WATCH)
    if age is not None:
        yield _gauge("portal_watch_age_seconds", "Since the watch last looked.", _seconds(age))
    lag = GaugeMetricFamily(
        "portal_watch_lag_seconds",
        "How long after their time steps were recorded; quantile 1 is the longest.",
        labels=["span", "quantile"],
    )
    count = GaugeMetricFamily("portal_watch_steps", "Steps recorded in a span.", labels=["span"])
    for span, found in figures.lag.items():
        count.add_metric([span], found.count)
        for quantile, value in _quantiles(found):
            if value is not None:
                lag.add_metric([span, quantile], _seconds(value))
    yield lag
    yield count
    yield _gauge(
        "portal_watch_backlog", "Clocks with a step due and not recorded.", figures.backlog.count
    )
    yield _gauge(
        "portal_watch_backlog_age_seconds",
        "How long the oldest of them waits.",
        _seconds(figures.backlog.age),
    )
    yield _gauge("portal_clocks_set_aside", "Clocks on which acting failed.", figures.set_aside)
    yield _gauge("portal_clocks_running", "Clocks owed an answer.", Clock.objects.running().count())


def _outbox_metrics(figures: OutboxFigures) -> Iterator[Metric]:
    mail, digests = figures.mail, figures.digests
    yield _gauge("portal_mail_backlog", "Mails neither sent nor given up.", mail.count)
    yield _gauge("portal_mail_backlog_age_seconds", "Age of the oldest.", _seconds(mail.age))
    yield _gauge("portal_mail_given_up_day", "Mails given up in the last day.", mail.given_up)
    yield _gauge("portal_digest_held", "Notices held for a digest.", digests.held)
    yield _gauge("portal_digest_late", "Of them, those whose digest is late.", digests.late)
    families = {
        "backlog": "Calls neither delivered nor given up, of webhooks that are on.",
        "backlog_age_seconds": "Age of the oldest of them.",
        "given_up_day": "Calls given up in the last day.",
        "failing": "Webhooks whose last try failed.",
        "turned_off": "Webhooks turned off because they failed.",
    }
    gauges = {
        name: GaugeMetricFamily(f"portal_webhook_{name}", words, labels=["owner"])
        for name, words in families.items()
    }
    for owner, found in figures.programs.items():
        values: tuple[float, ...] = (
            found.waiting.count,
            _seconds(found.waiting.age),
            found.waiting.given_up,
            found.failing,
            found.turned_off,
        )
        for name, value in zip(families, values, strict=True):
            gauges[name].add_metric([owner], value)
    yield from gauges.values()


def _quantiles(lag: Lag) -> list[tuple[str, timedelta | None]]:
    return [("0.5", lag.p50), ("0.95", lag.p95), ("0.99", lag.p99), ("1", lag.longest)]


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _seconds(span: timedelta) -> float:
    return span.total_seconds()
