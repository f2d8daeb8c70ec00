import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0008_steps_by_when_they_were_recorded"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClockAudit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "began_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("position", models.BigIntegerField(default=0)),
                ("last", models.BigIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("lease", models.UUIDField(editable=False, null=True)),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.TextField(blank=True)),
                ("night", models.DateField(null=True, unique=True)),
                ("differing", models.PositiveIntegerField(default=0)),
                ("raising", models.PositiveIntegerField(default=0)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-began_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="AuditFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=24)),
                ("stored", models.CharField(blank=True, max_length=80)),
                ("replayed", models.CharField(blank=True, max_length=300)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="sla.clock",
                    ),
                ),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="sla.clockaudit",
                    ),
                ),
            ],
            options={
                "ordering": ("audit", "pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="clockaudit",
            constraint=models.UniqueConstraint(
                django.db.models.lookups.IsNull(models.F("ended_at"), True),
                condition=models.Q(("ended_at__isnull", True)),
                name="one_audit_of_clocks_runs_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="auditfinding",
            constraint=models.UniqueConstraint(
                fields=("audit", "clock", "field"), name="an_audit_finds_a_difference_once"
            ),
        ),
    ]
