import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import accounts.models
import entitlements.models.contract
from accounts.squashing import CreateModels, sql_of


class Migration(migrations.Migration):
    replaces = [
        ("entitlements", "0001_initial"),
        ("entitlements", "0002_counters_and_immutable_terms"),
        ("entitlements", "0003_invitations_and_top_ups"),
        ("entitlements", "0004_a_company_keeps_a_watcher_list"),
        ("entitlements", "0005_objectives"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_audit_events_are_append_only"),
        ("sla", "0002_events_and_versions_are_append_only"),
    ]

    operations = [
        BtreeGistExtension(),
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="TamTeam",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, unique=True)),
                        (
                            "members",
                            models.ManyToManyField(
                                blank=True, related_name="tam_teams", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="Customer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=120)),
                        ("slug", models.SlugField(max_length=60, unique=True)),
                        (
                            "timezone",
                            models.CharField(
                                default="America/New_York",
                                max_length=64,
                                validators=[accounts.models.validate_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "tam",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tam_customers",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="technical account manager",
                            ),
                        ),
                        (
                            "tam_team",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to="entitlements.tamteam",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name",),
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("name"),
                                name="a_company_name_is_used_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Plan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.SlugField(unique=True)),
                        ("name", models.CharField(max_length=80)),
                        ("audience", models.CharField(max_length=200)),
                        ("order", models.PositiveSmallIntegerField(unique=True)),
                        (
                            "offered_edition",
                            models.ForeignKey(
                                blank=True,
                                help_text="The edition a new contract gets and the public comparison shows.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="entitlements.edition",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("order",),
                    },
                ),
                migrations.CreateModel(
                    name="Edition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.SlugField(unique=True)),
                        ("name", models.CharField(max_length=120)),
                        ("audience", models.CharField(max_length=200)),
                        ("source", models.CharField(max_length=120)),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "premium_incidents_per_year",
                            models.PositiveIntegerField(blank=True, null=True),
                        ),
                        ("technical_contacts", models.PositiveIntegerField()),
                        ("break_fix_incidents", models.BooleanField()),
                        ("telephone_and_web_tickets", models.BooleanField()),
                        ("remote_assistance", models.BooleanField()),
                        (
                            "tam",
                            models.CharField(
                                choices=[
                                    ("none", "None"),
                                    ("team", "TAM team"),
                                    ("dedicated", "Dedicated TAM"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("monthly_incident_report", models.BooleanField()),
                        ("review_call_days_per_year", models.PositiveSmallIntegerField()),
                        ("health_checks_per_year", models.PositiveSmallIntegerField()),
                        ("private_patches", models.BooleanField()),
                        ("priority_escalation", models.CharField(max_length=10)),
                        ("expedited_database_release", models.BooleanField()),
                        ("phone_required_out_of_hours", models.BooleanField()),
                        (
                            "break_fix_terms",
                            models.CharField(
                                choices=[
                                    ("standard", "Standard Support"),
                                    ("contract", "The contract's own"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "business_calendar",
                            models.ForeignKey(
                                blank=True,
                                help_text="The business window outside which a phone call starts a 24x7 clock.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sla.calendar",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="editions",
                                to="entitlements.plan",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("plan__order", "-published_at", "key"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("phone_required_out_of_hours", False),
                                    ("business_calendar__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_call_rule_names_its_business_window",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Contract",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.CharField(max_length=20, unique=True)),
                        ("starts_on", models.DateField(verbose_name="first day")),
                        ("ends_on", models.DateField(verbose_name="last day")),
                        (
                            "zone",
                            models.CharField(
                                default="America/New_York",
                                max_length=64,
                                validators=[accounts.models.validate_zone],
                                verbose_name="calendar zone",
                            ),
                        ),
                        ("seat_limit", models.PositiveIntegerField(verbose_name="contact seats")),
                        ("seats_held", models.PositiveIntegerField(default=0, editable=False)),
                        ("signed_at", models.DateTimeField(blank=True, null=True)),
                        ("suspended_at", models.DateTimeField(blank=True, null=True)),
                        ("terminated_on", models.DateField(blank=True, null=True)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contracts",
                                to="entitlements.customer",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contracts",
                                to="entitlements.edition",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-starts_on", "number"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="a_contract_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("terminated_on__isnull", True),
                                    models.Q(
                                        ("terminated_on__gte", models.F("starts_on")),
                                        ("terminated_on__lte", models.F("ends_on")),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_contract_is_terminated_within_its_term",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("seats_held__lte", models.F("seat_limit"))),
                                name="a_contract_has_no_more_holders_than_seats",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(("signed_at__isnull", False)),
                                expressions=(
                                    ("customer", "="),
                                    (
                                        entitlements.models.contract.DateRange(
                                            "starts_on",
                                            django.db.models.functions.comparison.Coalesce(
                                                "terminated_on", "ends_on"
                                            ),
                                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                                inclusive_lower=True, inclusive_upper=True
                                            ),
                                        ),
                                        "&&",
                                    ),
                                ),
                                name="a_customer_has_one_contract_on_any_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SeverityDefinition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "severity",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Critical"), (2, "High"), (3, "Medium"), (4, "Low")],
                                unique=True,
                            ),
                        ),
                        ("name", models.CharField(max_length=20)),
                        ("means", models.TextField()),
                        (
                            "criteria",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200)
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("severity",),
                    },
                ),
                migrations.CreateModel(
                    name="ContractYear",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("is_unlimited", models.BooleanField(default=False)),
                        ("balance", models.IntegerField(default=0, editable=False)),
                        ("used", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="years",
                                to="entitlements.contract",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("contract", "starts_on"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("contract", "starts_on"), name="a_contract_year_starts_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_unlimited", True), ("balance__gte", 0), _connector="OR"
                                ),
                                name="a_bounded_balance_never_goes_below_zero",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="a_contract_year_ends_after_it_starts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Amendment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("upgrade", "Another plan edition"),
                                    ("extra_incidents", "Extra premium incidents"),
                                    ("extra_seats", "Extra contact seats"),
                                    ("zone", "Another calendar zone"),
                                    ("suspension", "Suspended"),
                                    ("resumption", "Suspension lifted"),
                                    ("termination", "Terminated"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("effective_on", models.DateField()),
                        ("amount", models.IntegerField(blank=True, null=True)),
                        ("zone", models.CharField(blank=True, max_length=64)),
                        ("before", models.JSONField(default=dict)),
                        ("reason", models.TextField()),
                        (
                            "recorded_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amendments",
                                to="entitlements.contract",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="entitlements.edition",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-recorded_at", "-pk"),
                    },
                ),
                migrations.CreateModel(
                    name="LedgerEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("grant", "Contract year opens"),
                                    ("debit", "Premium incident"),
                                    ("credit", "Credited back"),
                                    ("top_up", "Top-up"),
                                    ("expiry", "Expired with the year"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("amount", models.IntegerField()),
                        ("ticket_number", models.BigIntegerField(blank=True, null=True)),
                        ("reason", models.CharField(blank=True, max_length=300)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
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
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="entitlements.contractyear",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "debit")),
                                fields=("ticket_number",),
                                name="a_ticket_is_debited_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "credit")),
                                fields=("ticket_number",),
                                name="a_ticket_is_credited_back_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("amount", -1),
                                        ("kind", "debit"),
                                        ("ticket_number__isnull", False),
                                    ),
                                    models.Q(
                                        ("amount", 1),
                                        ("kind", "credit"),
                                        ("ticket_number__isnull", False),
                                    ),
                                    models.Q(("amount__gte", 0), ("kind__in", ["grant", "top_up"])),
                                    models.Q(("amount__lte", 0), ("kind", "expiry")),
                                    _connector="OR",
                                ),
                                name="a_ledger_entry_moves_the_right_way",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "is_manager",
                            models.BooleanField(default=False, verbose_name="company manager"),
                        ),
                        (
                            "sees_company",
                            models.BooleanField(
                                default=False, verbose_name="sees all tickets of the company"
                            ),
                        ),
                        ("caller_pin", models.CharField(blank=True, max_length=6)),
                        (
                            "joined_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("left_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="entitlements.customer",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "answers_at_night",
                            models.BooleanField(
                                db_default=True,
                                default=True,
                                verbose_name="may be called at night and at weekends",
                            ),
                        ),
                        (
                            "hears_of_all",
                            models.BooleanField(
                                default=False, verbose_name="gets a copy of each ticket"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("customer", "user__name"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "customer"),
                                name="a_person_belongs_to_a_company_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("caller_pin", ""), _negated=True),
                                fields=("customer", "caller_pin"),
                                name="a_caller_pin_names_one_person_of_a_company",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("company", models.CharField(max_length=120)),
                        ("name", models.CharField(max_length=120)),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        ("message", models.TextField(blank=True, max_length=4000)),
                        (
                            "requested_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("handled_at", models.DateTimeField(blank=True, null=True)),
                        ("outcome", models.TextField(blank=True, max_length=2000)),
                        (
                            "customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_requests",
                                to="entitlements.customer",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="entitlements.edition",
                            ),
                        ),
                        (
                            "handled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests",
                                to="entitlements.plan",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-requested_at", "-pk"),
                    },
                ),
                migrations.CreateModel(
                    name="SeatHolding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("held_from", models.DateTimeField()),
                        ("held_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="seat_holdings",
                                to="entitlements.contract",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "given_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="seat_holdings",
                                to="entitlements.membership",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("contract", "held_from", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("held_until__isnull", True)),
                                fields=("contract", "membership"),
                                name="a_contact_holds_one_seat_of_a_contract",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("held_until__isnull", True),
                                    ("held_until__gte", models.F("held_from")),
                                    _connector="OR",
                                ),
                                name="a_seat_is_given_before_it_is_taken_back",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceLevel",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "severity",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Critical"), (2, "High"), (3, "Medium"), (4, "Low")]
                            ),
                        ),
                        ("response_value", models.PositiveIntegerField(blank=True, null=True)),
                        (
                            "response_unit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("minutes", "minutes"),
                                    ("hours", "hours"),
                                    ("working_hours", "working hours"),
                                ],
                                max_length=16,
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sla.calendar",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_levels",
                                to="entitlements.edition",
                            ),
                        ),
                        (
                            "ladder",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sla.ladder",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("edition", "severity"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("edition", "severity"),
                                name="an_edition_promises_each_severity_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ladder__isnull", True),
                                        ("response_unit", ""),
                                        ("response_value__isnull", True),
                                    ),
                                    models.Q(
                                        ("ladder__isnull", False),
                                        (
                                            "response_unit__in",
                                            ["minutes", "hours", "working_hours"],
                                        ),
                                        ("response_value__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_target_has_a_unit_and_a_ladder",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        (
                            "is_manager",
                            models.BooleanField(default=False, verbose_name="company manager"),
                        ),
                        (
                            "sees_company",
                            models.BooleanField(
                                default=False, verbose_name="sees all tickets of the company"
                            ),
                        ),
                        (
                            "gives_seat",
                            models.BooleanField(default=False, verbose_name="technical contact"),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("sent_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        ("mailed_at", models.DateTimeField(blank=True, null=True)),
                        ("next_try_at", models.DateTimeField(blank=True, null=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations",
                                to="entitlements.customer",
                            ),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-invited_at", "-pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_try_at__isnull", False)),
                                fields=["next_try_at"],
                                name="invitation_next_try",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("customer"),
                                django.db.models.functions.text.Lower("email"),
                                condition=models.Q(
                                    ("accepted_at__isnull", True), ("withdrawn_at__isnull", True)
                                ),
                                name="an_address_has_one_open_invitation_to_a_company",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("accepted_at__isnull", True), ("accepted_by__isnull", True)
                                    ),
                                    models.Q(
                                        ("accepted_at__isnull", False),
                                        ("accepted_by__isnull", False),
                                        ("withdrawn_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_accepted_invitation_says_by_whom_and_is_not_withdrawn",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("accepted_at__isnull", True),
                                    ("accepted_at__lt", models.F("expires_at")),
                                    _connector="OR",
                                ),
                                name="an_invitation_is_accepted_before_it_expires",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("sent_at"))),
                                name="an_invitation_expires_after_it_is_sent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TopUpRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "amount",
                            models.PositiveSmallIntegerField(verbose_name="premium incidents"),
                        ),
                        ("reason", models.TextField(blank=True, max_length=2000)),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("granted", "Granted"),
                                    ("declined", "Declined"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                max_length=9,
                            ),
                        ),
                        ("answer", models.TextField(blank=True, max_length=2000)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "amendment",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="entitlements.amendment",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="top_up_requests",
                                to="entitlements.contract",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-asked_at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("outcome", "")),
                                fields=("contract",),
                                name="a_contract_has_one_open_top_up_request",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount__gte", 1), ("amount__lte", 1000)),
                                name="a_top_up_asks_for_one_to_a_thousand",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_at__isnull", True),
                                        ("answered_by__isnull", True),
                                        ("outcome", ""),
                                    ),
                                    models.Q(
                                        models.Q(("outcome", ""), _negated=True),
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_answered_top_up_says_when_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("amendment__isnull", False), ("outcome", "granted")),
                                    models.Q(
                                        models.Q(("outcome", "granted"), _negated=True),
                                        ("amendment__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_granted_top_up_names_its_amendment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("outcome", "declined"), _negated=True),
                                    models.Q(("answer", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_declined_top_up_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Objective",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "obligation",
                            models.CharField(
                                choices=[
                                    ("next_response", "Next response"),
                                    ("progress_notice", "Progress notice"),
                                    ("resolution", "Resolution"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("target", models.DurationField()),
                        (
                            "service_level",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objectives",
                                to="entitlements.servicelevel",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("service_level", "obligation"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("service_level", "obligation"),
                                name="a_level_has_each_objective_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("target__gt", datetime.timedelta(0))),
                                name="an_objective_takes_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("obligation", "first_response"), _negated=True),
                                name="the_contracts_clock_is_no_objective",
                            ),
                        ],
                    },
                ),
            ],
        ),
        *sql_of(
            "entitlements",
            "0002_counters_and_immutable_terms",
        ),
    ]
