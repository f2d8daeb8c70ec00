import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

VERSION = "sla.ladderversion"


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0009_self_audit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LadderVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("reason", models.TextField(blank=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
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
                    "ladder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="sla.ladder",
                    ),
                ),
            ],
            options={"ordering": ("ladder", "-number")},
        ),
        migrations.AddConstraint(
            model_name="ladderversion",
            constraint=models.UniqueConstraint(
                fields=("ladder", "number"), name="a_ladder_numbers_its_versions_once"
            ),
        ),
        migrations.AddField(
            model_name="ladderstep",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to=VERSION,
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="ladder_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=VERSION,
            ),
        ),
        migrations.AddField(
            model_name="clock", name="ladder_from", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="clockevent",
            name="ladder_version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=VERSION,
            ),
        ),
        migrations.AlterField(
            model_name="clockevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("started", "Started"),
                    ("called", "Phone call logged"),
                    ("paused", "Paused"),
                    ("resumed", "Resumed"),
                    ("stopped", "Stopped"),
                    ("reassessed", "Re-assessed"),
                    ("overturned", "Answer overturned"),
                    ("missed", "Deadline passed"),
                    ("excused", "Excused"),
                    ("ladder_moved", "Put on another version of its ladder"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="steprecord",
            name="told",
            field=models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name="StepAcknowledgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgements",
                        to="sla.steprecord",
                    ),
                ),
            ],
            options={"ordering": ("record", "at", "pk")},
        ),
        migrations.AddConstraint(
            model_name="stepacknowledgement",
            constraint=models.UniqueConstraint(
                fields=("record", "person"), name="a_person_acknowledges_a_step_once"
            ),
        ),
    ]
