"""What may help, while somebody still types what they are about to file."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from knowledge.searching import articles_like
from tickets.models import Product
from tickets.search.similar import solved_like
from tickets.views.company import place_of

OFFERED = 3


@never_cache
@require_safe
def filing_similar(request: HttpRequest) -> HttpResponse:
    """Offer solved tickets and articles that share the subject's words: a part of the page.

    Whoever is signed out gets nothing, as from the promise.
    Raises: Http404 for a company that is not the reader's.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    signed_in = cast("SignedInRequest", request)
    place = place_of(signed_in, request.GET.get("company", ""))
    if place is None:
        raise Http404
    words = request.GET.get("subject", "")[:200]
    key = request.GET.get("product", "")
    product = Product.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 18 else None
    customer, reader = place.membership.customer, signed_in.user
    context = {
        "tickets": solved_like(words, customer=customer, by=reader, product=product, most=OFFERED),
        "articles": articles_like(
            words, user=reader, product=product.name if product else "", most=OFFERED
        ),
    }
    return render(request, "tickets/filing_similar.html", context)
