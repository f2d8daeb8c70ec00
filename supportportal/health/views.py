"""The answers to probes, and the page for people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.choices import Role
from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from supportportal.health.checks import Check, examine
from supportportal.health.outbox import outbox_figures
from supportportal.health.watch import tickets_set_aside, watch_figures

# Who is told more than "ok" or "degraded".
READS_DETAILS = (Role.DUTY_LEAD, Role.SUPPORT_MANAGER, Role.ADMINISTRATOR)


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; nothing else is asked, so no other fault restarts it."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say whether everything works: 200 or 503. Details only for those who keep it running."""
    checks = examine()
    answer: dict[str, object] = {"status": "ok" if _are_ok(checks) else "degraded"}
    # Without the database nobody can be recognised.
    if checks[0].is_ok and _reads_details(request):
        answer["checks"] = {
            check.key: {"status": "ok" if check.is_ok else "failed", "detail": check.detail}
            for check in checks
        }
    return JsonResponse(answer, status=200 if _are_ok(checks) else 503)


@require_safe
@staff_only
@never_cache
def status(request: SignedInRequest) -> HttpResponse:
    """Show the checks to people. Raises: NotAllowed."""
    if not _reads_details(request):
        raise NotAllowed("Only duty leads, support managers and administrators see this page.")
    checks = examine()
    watch = watch_figures() if checks[0].is_ok else None
    return render(
        request,
        "supportportal/status.html",
        {
            "checks": checks,
            "is_ok": _are_ok(checks),
            "now": timezone.now(),
            "watch": watch,
            "outbox": outbox_figures() if checks[0].is_ok else None,
            "set_aside": tickets_set_aside() if watch and watch.set_aside else [],
        },
    )


def _are_ok(checks: list[Check]) -> bool:
    return all(check.is_ok for check in checks)


def _reads_details(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.has_role(*READS_DETAILS)
