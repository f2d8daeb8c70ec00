"""A file chosen for a note says so, and is not offered to the answer."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

NAME = "an_upload_is_for_a_ticket_or_a_form_of_a_new_one"


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("entitlements", "0001_squashed_0005_objectives"),
        ("tickets", "0043_who_waited_in_vain_is_missed"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="fileupload", name=NAME),
        migrations.AddConstraint(
            model_name="fileupload",
            constraint=models.CheckConstraint(
                condition=Q(ticket__isnull=False, customer=None, kind__in=("", "note"))
                | Q(ticket=None, customer__isnull=False, kind__in=["filing", "release", "service"]),
                name=NAME,
            ),
        ),
    ]
