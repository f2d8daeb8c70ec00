"""The browsers somebody is signed in with: remembered at sign-in, ended by hand."""

from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.browsers import browser_words
from accounts.models import Device, User
from accounts.operations import record_change
from accounts.rate_limit import client_address

# Under which name a session keeps its key as it was when the device was last written.
SESSION_KEY = "device"


def remember_device(request: HttpRequest, user: User) -> Device:
    """Write down where somebody signs in, now that every step of it is done.

    Effects: one Device; those of the person whose session is gone are deleted.
    """
    if not request.session.session_key:
        request.session.save()
    key = request.session.session_key
    assert key is not None, "a saved session has a key"
    Device.objects.filter(user=user).exclude(session_key__in=_live_keys()).delete()
    device, _ = Device.objects.update_or_create(
        session_key=key,
        defaults={
            "user": user,
            "browser": browser_words(request.headers.get("User-Agent", "")),
            "address": client_address(request).partition("/")[0],
            "signed_in_at": timezone.now(),
        },
    )
    request.session[SESSION_KEY] = key
    return device


def follow_session(request: HttpRequest) -> None:
    """Keep a device with its session: confirming and a new password give it another key.

    Effects: the Device, only when the key is another.
    """
    known, key = request.session.get(SESSION_KEY), request.session.session_key
    if known and key and known != key:
        Device.objects.filter(session_key=known).update(session_key=key)
        request.session[SESSION_KEY] = key


def live_devices(user: User) -> list[Device]:
    """List where somebody is signed in, the newest first; one query."""
    return list(Device.objects.filter(user=user, session_key__in=_live_keys()))


@transaction.atomic
def end_device(device: Device, *, by: User) -> None:
    """Sign a browser out at once. Effects: its session and Device, one audit row."""
    _end([device])
    record_change("device signed out", device.user, by=by, changes={"device": [str(device), ""]})


@transaction.atomic
def end_other_devices(user: User, *, besides: str | None, by: User) -> int:
    """Sign all browsers of a person out but one, by its session's key, and say how many.

    Effects: sessions and Devices, one audit row when there were any.
    """
    devices = [one for one in live_devices(user) if one.session_key != besides]
    if devices:
        names = ", ".join(sorted(map(str, devices)))
        _end(devices)
        record_change("devices signed out", user, by=by, changes={"devices": [names, ""]})
    return len(devices)


def _end(devices: list[Device]) -> None:
    keys = [one.session_key for one in devices]
    Session.objects.filter(session_key__in=keys).delete()
    Device.objects.filter(session_key__in=keys).delete()


def _live_keys() -> models.QuerySet[Session, str]:
    return Session.objects.filter(expire_date__gt=timezone.now()).values_list(
        "session_key", flat=True
    )
