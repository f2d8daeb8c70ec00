"""A person's own page: who they are, and the tokens of their programs."""

from http import HTTPStatus

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import TokenScope
from accounts.devices import end_device, end_other_devices, live_devices
from accounts.errors import DomainError
from accounts.forms import ProfileForm, TokenForm, add_domain_error
from accounts.kept_text import forget, kept_initial, page_of
from accounts.languages import keep_language, known_language
from accounts.models import ApiToken, Device, User
from accounts.operations import (
    choose_language,
    create_api_token,
    revoke_api_token,
    update_profile,
)
from accounts.requests import SignedInRequest

# Chosen and kept in the browser (static/js/theme.js); nothing chosen follows the device.
THEMES = (
    ("", gettext_noop("As the device")),
    ("light", gettext_noop("Light")),
    ("dark", gettext_noop("Dark")),
)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """Show a person their own page, and save what they change on it."""
    if request.method != "POST":
        return _page(request)
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            update_profile(request.user, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("profile")
    return _page(request, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@login_required
@never_cache
@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def make_api_token(request: SignedInRequest) -> HttpResponse:
    """Make a token and show its secret, this once.

    The password is asked for once more, and the form goes on from there: a token made at a desk
    left open would outlive the session.
    """
    form = TokenForm(request.POST, prefix="token")
    if not form.is_valid():
        return _page(request, token_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    token, secret = create_api_token(
        request.user,
        name=form.cleaned_data["name"],
        scope=TokenScope(form.cleaned_data["scope"]),
        days=form.cleaned_data["days"],
        by=request.user,
    )
    return _page(request, made=token, secret=secret)


@login_required
@require_POST
def end_api_token(request: SignedInRequest, key: int) -> HttpResponse:
    """End one of the person's own tokens, at once."""
    token = get_object_or_404(ApiToken, pk=key, user=request.user)
    revoke_api_token(token, by=request.user)
    messages.success(request, _("The token “%(name)s” is dead from now on.") % {"name": token.name})
    return redirect("profile")


@login_required
@require_POST
def end_one_device(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign one of the person's browsers out; their own is signed out by signing out."""
    device = get_object_or_404(Device.objects.select_related("user"), pk=pk, user=request.user)
    end_device(device, by=request.user)
    messages.success(request, _("%(device)s is signed out.") % {"device": device.said})
    return redirect("profile")


@login_required
@require_POST
def end_devices(request: SignedInRequest) -> HttpResponse:
    """Sign all other browsers of the person out."""
    besides = request.session.session_key
    count = end_other_devices(request.user, besides=besides, by=request.user)
    said = ngettext(
        "%(count)d other device signed out.", "%(count)d other devices signed out.", count
    )
    messages.success(
        request, said % {"count": count} if count else _("You are signed in nowhere else.")
    )
    return redirect("profile")


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a language: kept in the browser, and by the person who is signed in."""
    language = known_language(request.POST.get("language", ""))
    page = page_of(request)
    response = redirect("/" if page == request.path else page)
    if language:
        keep_language(response, language)
        if isinstance(request.user, User):
            choose_language(request.user, language=language, by=request.user)
    return response


@login_required
@require_POST
def forget_text(request: SignedInRequest) -> HttpResponse:
    """Let go of what was typed before somebody was signed out: they need it no more."""
    forget(request)
    page = page_of(request)
    return redirect("/" if page == request.path else page)


def closed(request: HttpRequest) -> HttpResponse:
    """Show nothing where a page of a library would stand. Raises: Http404."""
    raise Http404


def _page(
    request: SignedInRequest,
    *,
    form: ProfileForm | None = None,
    token_form: TokenForm | None = None,
    made: ApiToken | None = None,
    secret: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    user = request.user
    said = {"name": user.name, "title": user.title, "phone": user.phone, "zone": user.timezone}
    context = {
        "base": "base_staff.html" if user.is_staff_member else "base_customer.html",
        "form": form or ProfileForm(initial=said | kept_initial(request)),
        "token_form": token_form or TokenForm(prefix="token"),
        "tokens": user.api_tokens.filter(revoked_at__isnull=True, expires_at__gt=timezone.now()),
        "devices": live_devices(user),
        "this_session": request.session.session_key,
        "made": made,
        "secret": secret,
        "themes": THEMES,
    }
    return render(request, "accounts/profile.html", context, status=status)
