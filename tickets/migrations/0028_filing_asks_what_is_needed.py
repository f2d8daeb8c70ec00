"""Products are retired, administrators ask questions, and releases and services have facts."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0002_counters_and_immutable_terms"),
        ("tickets", "0027_an_answer_and_a_note_have_one_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DatabaseBuild",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=40, unique=True)),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-published_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="DatabaseRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        choices=[
                            ("false_positive", "False alarm: something clean is detected"),
                            ("false_negative", "Missed: malware is not detected"),
                        ],
                        max_length=14,
                    ),
                ),
                ("build", models.CharField(max_length=40)),
                ("built_on", models.DateField(blank=True, null=True)),
                ("detected_where", models.CharField(max_length=200)),
                ("detected_how", models.CharField(blank=True, max_length=200)),
                (
                    "hashes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), blank=True, default=list
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FieldValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.CharField(max_length=1000)),
            ],
            options={
                "ordering": ("field__order", "field"),
            },
        ),
        migrations.CreateModel(
            name="FilingField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, unique=True)),
                ("label", models.CharField(max_length=80)),
                (
                    "ticket_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("premium", "Premium incident"),
                            ("break_fix", "Break/fix"),
                            ("database_release", "Anti-virus database release"),
                            ("service", "Service request"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("choice", "One of a list"),
                            ("number", "Number"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list
                    ),
                ),
                ("help_text", models.CharField(blank=True, max_length=200)),
                ("is_required", models.BooleanField(default=False)),
                ("is_shown", models.BooleanField(default=True)),
                ("is_searchable", models.BooleanField(default=False)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("order", "pk"),
            },
        ),
        migrations.CreateModel(
            name="ServiceRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("question", "Question"),
                            ("remote_assistance", "Remote assistance"),
                            ("health_check", "Health check"),
                            ("review_call", "Review call"),
                            ("private_patch", "Private patch"),
                        ],
                        max_length=17,
                    ),
                ),
                ("suits", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="draft",
            name="a_draft_is_of_a_ticket_or_of_filing_one",
        ),
        migrations.RemoveConstraint(
            model_name="draft",
            name="one_draft_of_a_new_ticket_a_company",
        ),
        migrations.AddField(
            model_name="product",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="product",
            name="retired_versions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list
            ),
        ),
        migrations.AlterField(
            model_name="draft",
            name="kind",
            field=models.CharField(
                choices=[
                    ("answer", "Answer"),
                    ("note", "Internal note"),
                    ("reply", "Customer's reply"),
                    ("filing", "New ticket"),
                    ("release", "New database release request"),
                    ("service", "New service request"),
                ],
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("customer__isnull", False),
                        ("kind__in", ["filing", "release", "service"]),
                        ("ticket", None),
                    ),
                    models.Q(
                        models.Q(("kind__in", ["filing", "release", "service"]), _negated=True),
                        ("customer", None),
                        ("ticket__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_draft_is_of_a_ticket_or_of_filing_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("customer__isnull", False)),
                fields=("author", "customer", "kind"),
                name="one_draft_of_a_new_ticket_a_company",
            ),
        ),
        migrations.AddField(
            model_name="databasebuild",
            name="told_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="databaserelease",
            name="ticket",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="database_release",
                to="tickets.ticket",
            ),
        ),
        migrations.AddField(
            model_name="fieldvalue",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="field_values",
                to="tickets.ticket",
            ),
        ),
        migrations.AddField(
            model_name="filingfield",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fields",
                to="tickets.product",
            ),
        ),
        migrations.AddField(
            model_name="fieldvalue",
            name="field",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="values",
                to="tickets.filingfield",
            ),
        ),
        migrations.AddField(
            model_name="servicerequest",
            name="ticket",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="service_request",
                to="tickets.ticket",
            ),
        ),
        migrations.AddConstraint(
            model_name="filingfield",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "choice"), _negated=True),
                    models.Q(("choices", []), _negated=True),
                    _connector="OR",
                ),
                name="a_choice_has_something_to_choose",
            ),
        ),
        migrations.AddConstraint(
            model_name="fieldvalue",
            constraint=models.UniqueConstraint(
                fields=("ticket", "field"), name="a_question_has_one_answer"
            ),
        ),
    ]
