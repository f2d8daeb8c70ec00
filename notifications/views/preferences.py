"""How the reader is told by e-mail."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from notifications.forms import MailPreferencesForm
from notifications.operations.preferences import choose_mail, preferences_of


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def mail_preferences(request: SignedInRequest) -> HttpResponse:
    """Show how the reader is told by e-mail, and save what they choose."""
    user = request.user
    status = HTTPStatus.OK
    if request.method == "POST":
        form = MailPreferencesForm(request.POST, user=user)
        if form.is_valid():
            try:
                choose_mail(user, by=user, **form.chosen)
            except DomainError as error:
                add_domain_error(form, error)
            else:
                messages.success(request, _("Saved. It holds from the next notice on."))
                return redirect("mail_preferences")
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        initial = MailPreferencesForm.initial_of(preferences_of(user))
        form = MailPreferencesForm(initial=initial | kept_initial(request), user=user)
    context = {
        "base": "base_staff.html" if user.is_staff_member else "base_customer.html",
        "form": form,
    }
    return render(request, "notifications/mail_preferences.html", context, status=status)
