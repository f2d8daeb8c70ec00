"""The lock of a company: what changes its people, invitations and contracts goes one by one."""

from entitlements.models import Customer


def lock_customer(key: int) -> Customer:
    """Lock a company until the transaction ends, before anything else of it, and return it fresh.

    Two rows that exclude each other may wait for each other in a circle, and two managers think of
    the same colleague. Its key stays free: filing, which names the company, waits for nobody here.
    """
    return Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=key)
