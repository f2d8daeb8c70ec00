import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import tickets.models.attachment
import tickets.urgency
from accounts.squashing import CreateModels, sql_of


class Migration(migrations.Migration):
    replaces = [
        ("tickets", "0001_initial"),
        ("tickets", "0002_number_sequence_and_append_only_timeline"),
        ("tickets", "0003_the_queue_order_stands_on_the_row"),
        ("tickets", "0004_fill_the_queue_order"),
        ("tickets", "0005_indexes_of_the_queue"),
        ("tickets", "0006_a_deadline_is_reassessed"),
        ("tickets", "0007_customer_escalations"),
        ("tickets", "0008_open_escalations_are_kept"),
        ("tickets", "0009_the_rank_knows_escalated_accounts"),
        ("tickets", "0010_indexes_of_the_new_rank"),
        ("tickets", "0011_policy_replays"),
        ("tickets", "0012_escalations_are_acknowledged"),
        ("tickets", "0013_drafts_are_kept"),
        ("tickets", "0014_tags_and_watchers_of_ours"),
        ("tickets", "0015_index_of_tags"),
        ("tickets", "0016_last_looks"),
        ("tickets", "0017_canned_answers"),
        ("tickets", "0018_links_and_merges"),
        ("tickets", "0019_saved_views"),
        ("tickets", "0020_outbreaks"),
        ("tickets", "0021_words_of_tickets_are_kept"),
        ("tickets", "0022_bulk_reassessment_and_overdue_words"),
        ("tickets", "0023_sendings_are_held"),
        ("tickets", "0024_ratings_and_arranged_calls"),
        ("tickets", "0025_measures_of_tickets"),
        ("tickets", "0026_articles_made_from_tickets"),
        ("tickets", "0027_an_answer_and_a_note_have_one_key"),
        ("tickets", "0028_filing_asks_what_is_needed"),
        ("tickets", "0029_answers_are_found"),
        ("tickets", "0030_files_arrive_in_pieces"),
        ("tickets", "0031_a_file_waits_for_one_form"),
        ("tickets", "0032_objectives_have_clocks"),
        ("tickets", "0033_a_question_is_asked_of_several_kinds"),
        ("tickets", "0034_samples_are_removed_after_their_time"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_audit_events_are_append_only"),
        ("entitlements", "0004_a_company_keeps_a_watcher_list"),
        ("knowledge", "0002_versions_are_kept_and_found"),
        ("sla", "0012_steps_and_clocks_name_a_version"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Product",
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
                            "versions",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), default=list
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "retired_versions",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40), blank=True, default=list
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("order", "name"),
                    },
                ),
                migrations.CreateModel(
                    name="Ticket",
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
                        ("number", models.BigIntegerField(editable=False, unique=True)),
                        (
                            "kind",
                            models.CharField(
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
                            "channel",
                            models.CharField(
                                choices=[
                                    ("portal", "Portal"),
                                    ("phone", "Phone"),
                                    ("email", "E-mail"),
                                    ("api", "API"),
                                ],
                                default="portal",
                                max_length=8,
                            ),
                        ),
                        ("subject", models.CharField(max_length=200)),
                        ("description", models.TextField()),
                        ("version", models.CharField(blank=True, max_length=40)),
                        (
                            "severity",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Critical"), (2, "High"), (3, "Medium"), (4, "Low")]
                            ),
                        ),
                        (
                            "asked_severity",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Critical"), (2, "High"), (3, "Medium"), (4, "Low")]
                            ),
                        ),
                        (
                            "criteria",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200),
                                blank=True,
                                default=list,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("in_progress", "In progress"),
                                    ("waiting_for_customer", "Waiting for customer"),
                                    ("waiting_for_lab", "Waiting for lab"),
                                    ("resolved", "Resolved"),
                                    ("closed", "Closed"),
                                ],
                                default="new",
                                max_length=20,
                            ),
                        ),
                        ("filed_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                        ("resolved_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("weight", models.PositiveSmallIntegerField(default=0)),
                        ("escalation_level", models.PositiveSmallIntegerField(default=0)),
                        ("escalated_at", models.DateTimeField(editable=False, null=True)),
                        ("submission_key", models.UUIDField(blank=True, editable=False, null=True)),
                        (
                            "assignee",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assigned_tickets",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "contract",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tickets",
                                to="entitlements.contract",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tickets",
                                to="entitlements.customer",
                            ),
                        ),
                        (
                            "debit",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="entitlements.ledgerentry",
                            ),
                        ),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tickets",
                                to="entitlements.edition",
                            ),
                        ),
                        (
                            "filed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="filed_tickets",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "follows",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follow_ups",
                                to="tickets.ticket",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tickets",
                                to="tickets.product",
                            ),
                        ),
                        (
                            "response_clock",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sla.clock",
                            ),
                        ),
                        (
                            "service_level",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tickets",
                                to="entitlements.servicelevel",
                            ),
                        ),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("answer_due_at", models.DateTimeField(editable=False, null=True)),
                        ("answer_at_risk_at", models.DateTimeField(editable=False, null=True)),
                        ("account_escalated_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "rank",
                            tickets.urgency.RankColumn(
                                db_persist=True,
                                expression=tickets.urgency.Numbers(
                                    models.Case(
                                        models.When(
                                            models.Q(("answer_due_at__isnull", True)),
                                            then=models.Value(1),
                                        ),
                                        default=models.Value(0),
                                    ),
                                    models.Case(
                                        models.When(
                                            models.Q(("state", "waiting_for_customer")),
                                            then=models.Value(1),
                                        ),
                                        default=models.Value(0),
                                    ),
                                    django.db.models.functions.comparison.Coalesce(
                                        tickets.urgency.Microseconds(models.F("escalated_at")),
                                        models.Value(9223372036854775807),
                                    ),
                                    django.db.models.functions.comparison.Coalesce(
                                        tickets.urgency.Microseconds(
                                            models.F("account_escalated_at")
                                        ),
                                        models.Value(9223372036854775807),
                                    ),
                                    models.F("severity"),
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("escalation_level"), "*", models.Value(-1)
                                    ),
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("weight"), "*", models.Value(-1)
                                    ),
                                    django.db.models.functions.comparison.Coalesce(
                                        tickets.urgency.Microseconds(models.F("answer_due_at")),
                                        models.Value(9223372036854775807),
                                    ),
                                    tickets.urgency.Microseconds(models.F("filed_at")),
                                    models.F("number"),
                                ),
                                output_field=django.contrib.postgres.fields.ArrayField(
                                    base_field=models.BigIntegerField()
                                ),
                            ),
                        ),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=40),
                                blank=True,
                                db_default=[],
                                default=list,
                            ),
                        ),
                        (
                            "watchers",
                            models.ManyToManyField(
                                blank=True,
                                related_name="watched_tickets",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "staff_watchers",
                            models.ManyToManyField(
                                blank=True,
                                related_name="desk_watched_tickets",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-number",),
                        "indexes": [
                            models.Index(
                                fields=["customer", "-filed_at"], name="ticket_customer_filed"
                            ),
                            models.Index(
                                condition=models.Q(("state", "resolved")),
                                fields=["resolved_at"],
                                name="ticket_resolved",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.search.SearchVector(
                                    "subject", "description", config="english"
                                ),
                                name="ticket_words",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.search.SearchVector(
                                    "subject", "description", config="english"
                                ),
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "new",
                                            "in_progress",
                                            "waiting_for_customer",
                                            "waiting_for_lab",
                                        ],
                                    )
                                ),
                                name="ticket_open_words",
                            ),
                            models.Index(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "new",
                                            "in_progress",
                                            "waiting_for_customer",
                                            "waiting_for_lab",
                                        ],
                                    )
                                ),
                                fields=[
                                    "rank",
                                    "answer_due_at",
                                    "answer_at_risk_at",
                                    "severity",
                                    "state",
                                    "assignee",
                                    "customer",
                                    "edition",
                                    "product",
                                ],
                                name="ticket_queue",
                            ),
                            models.Index(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "new",
                                            "in_progress",
                                            "waiting_for_customer",
                                            "waiting_for_lab",
                                        ],
                                    )
                                ),
                                fields=["assignee", "rank"],
                                name="ticket_desk",
                            ),
                            models.Index(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "new",
                                            "in_progress",
                                            "waiting_for_customer",
                                            "waiting_for_lab",
                                        ],
                                    )
                                ),
                                fields=["customer", "rank"],
                                name="ticket_customer_open",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "new",
                                            "in_progress",
                                            "waiting_for_customer",
                                            "waiting_for_lab",
                                        ],
                                    )
                                ),
                                fields=["tags"],
                                name="ticket_open_tags",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("debit__isnull", False), ("kind", "premium")),
                                    models.Q(
                                        models.Q(("kind", "premium"), _negated=True),
                                        ("debit__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_premium_incident_has_exactly_one_debit",
                            ),
                            models.UniqueConstraint(
                                fields=("submitted_by", "submission_key"),
                                name="a_form_sent_twice_files_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("severity__gte", 1), ("severity__lte", 4)),
                                name="a_severity_is_one_of_four",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("resolved_at__isnull", False), ("state", "resolved")),
                                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                                    models.Q(
                                        ("closed_at__isnull", True),
                                        (
                                            "state__in",
                                            [
                                                "new",
                                                "in_progress",
                                                "waiting_for_customer",
                                                "waiting_for_lab",
                                            ],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_ended_ticket_says_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Note",
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
                        ("body", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("submission_key", models.UUIDField(blank=True, editable=False, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("at", "pk"),
                        "indexes": [models.Index(fields=["ticket", "at"], name="note_thread")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("submission_key__isnull", False)),
                                fields=("author", "submission_key"),
                                name="a_note_sent_twice_is_kept_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
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
                        ("body", models.TextField()),
                        ("from_staff", models.BooleanField()),
                        ("qualified", models.BooleanField(default=False)),
                        ("overturned_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("portal", "Portal"),
                                    ("phone", "Phone"),
                                    ("email", "E-mail"),
                                    ("api", "API"),
                                ],
                                default="portal",
                                max_length=8,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("submission_key", models.UUIDField(blank=True, editable=False, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("at", "pk"),
                        "indexes": [models.Index(fields=["ticket", "at"], name="message_thread")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("qualified", False), ("from_staff", True), _connector="OR"
                                ),
                                name="only_staff_answers_are_qualified",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("submission_key__isnull", False)),
                                fields=("author", "submission_key"),
                                name="a_message_sent_twice_is_kept_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
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
                            "file",
                            models.FileField(
                                max_length=200, upload_to=tickets.models.attachment.storage_key
                            ),
                        ),
                        ("name", models.CharField(max_length=255)),
                        ("content_type", models.CharField(blank=True, max_length=100)),
                        ("size", models.PositiveBigIntegerField()),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("uploaded_at", models.DateTimeField()),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="tickets.message",
                            ),
                        ),
                        (
                            "note",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="tickets.note",
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="tickets.ticket",
                            ),
                        ),
                        ("is_sample", models.BooleanField(default=False)),
                        ("scan_note", models.CharField(blank=True, max_length=200)),
                        (
                            "scan_state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Being scanned"),
                                    ("clean", "Scanned, clean"),
                                    ("refused", "Refused"),
                                    ("not_scanned", "Not scanned"),
                                ],
                                default="not_scanned",
                                max_length=11,
                            ),
                        ),
                        ("removed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ("uploaded_at", "pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("message__isnull", True),
                                    ("note__isnull", True),
                                    _connector="OR",
                                ),
                                name="a_file_hangs_on_a_message_or_a_note",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("is_sample", True), _negated=True),
                                    ("scan_state", "not_scanned"),
                                    _connector="OR",
                                ),
                                name="a_sample_is_never_scanned",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("removed_at__isnull", True),
                                    models.Q(("file", ""), ("is_sample", True)),
                                    _connector="OR",
                                ),
                                name="only_a_sample_is_removed_and_leads_to_no_file_then",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TicketEvent",
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
                                    ("filed", "Filed"),
                                    ("taken", "Taken"),
                                    ("assigned", "Assigned"),
                                    ("released", "Put back in the queue"),
                                    ("answered", "Answered"),
                                    ("customer_wrote", "Customer wrote"),
                                    ("noted", "Internal note written"),
                                    ("severity_changed", "Severity changed"),
                                    ("severity_contested", "Severity contested"),
                                    ("reassessed", "Deadline re-assessed"),
                                    ("called", "Phone call logged"),
                                    ("escalated", "Escalation step reached"),
                                    ("acknowledged", "Escalation acknowledged"),
                                    ("missed", "Deadline passed"),
                                    ("excused", "Missed deadline excused"),
                                    ("overturned", "Qualified answer overturned"),
                                    ("help_requested", "Escalated by the customer"),
                                    ("help_answered", "Customer's escalation answered"),
                                    ("help_handed_over", "Customer's escalation handed over"),
                                    ("help_ended", "Customer's escalation ended"),
                                    ("help_overdue", "Promised word to the customer overdue"),
                                    ("state_changed", "State changed"),
                                    ("resolved", "Resolved"),
                                    ("closed", "Closed"),
                                    ("reopened", "Reopened"),
                                    ("followed_up", "Followed up by another ticket"),
                                    ("tagged", "Tags changed"),
                                    ("watched", "Watched by one of us"),
                                    ("unwatched", "No longer watched by one of us"),
                                    ("copied", "Somebody gets copies"),
                                    ("uncopied", "Somebody gets no more copies"),
                                    ("linked", "Linked to another ticket"),
                                    ("unlinked", "No longer linked to another ticket"),
                                    ("merged", "Merged into another ticket"),
                                    ("merged_in", "Another ticket was merged into it"),
                                    ("unmerged", "Merge undone"),
                                    ("unmerged_from", "Merge of another ticket undone"),
                                    ("split", "A message became a ticket of its own"),
                                    ("file_refused", "A file was refused by the scanner"),
                                    ("sample_marked", "A file was marked as a malware sample"),
                                    ("sample_fetched", "A malware sample was downloaded"),
                                    (
                                        "sample_removed",
                                        "A malware sample was deleted after its time",
                                    ),
                                    ("joined_outbreak", "Joined an outbreak"),
                                    ("left_outbreak", "Left an outbreak"),
                                    ("rated", "Rated by the customer"),
                                    ("call_arranged", "Call arranged"),
                                    ("call_moved", "Call moved"),
                                    ("call_cancelled", "Call cancelled"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("reason", models.TextField(blank=True)),
                        ("details", models.JSONField(default=dict)),
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
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("at", "pk"),
                        "indexes": [
                            models.Index(fields=["ticket", "at"], name="event_timeline"),
                            django.contrib.postgres.indexes.BrinIndex(
                                autosummarize=True,
                                fields=["at"],
                                name="event_at",
                                pages_per_range=16,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CustomerEscalation",
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
                        ("reason", models.TextField()),
                        ("asked_at", models.DateTimeField()),
                        ("owned_at", models.DateTimeField(null=True)),
                        ("next_word_at", models.DateTimeField()),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "ended_how",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("solved", "What was asked for is done"),
                                    ("agreed", "Agreed with the customer"),
                                    ("withdrawn", "Withdrawn by the customer"),
                                    ("closed", "The ticket was closed"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("end_reason", models.TextField(blank=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="asked_escalations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
                                to="entitlements.customer",
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
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="owned_escalations",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
                                to="tickets.ticket",
                            ),
                        ),
                        ("overdue_told_for", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ("-asked_at", "-pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=["next_word_at"],
                                name="escalation_open",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("ticket",),
                                name="a_ticket_is_escalated_once_at_a_time",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("ended_at__isnull", True), ("ticket__isnull", True)
                                ),
                                fields=("customer",),
                                name="an_account_is_escalated_once_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("ended_how", "")),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        (
                                            "ended_how__in",
                                            ["solved", "agreed", "withdrawn", "closed"],
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_ended_escalation_says_how",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("owned_at__isnull", True), ("owner__isnull", True)),
                                    models.Q(("owned_at__isnull", False), ("owner__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_owned_escalation_says_since_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EscalationAnswer",
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
                        ("body", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("next_word_at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "escalation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="tickets.customerescalation",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("escalation", "at", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="PolicyReplay",
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
                        ("question", models.CharField(max_length=120)),
                        ("policy", models.JSONField()),
                        ("since", models.DateTimeField()),
                        ("until", models.DateTimeField()),
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
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("by",),
                                name="a_person_has_one_replay_under_way",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReplayCount",
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
                        (
                            "was",
                            models.CharField(
                                choices=[
                                    ("met", "Met"),
                                    ("missed", "Missed"),
                                    ("excused", "Excused"),
                                    ("open", "Still open"),
                                    ("none", "No promised time"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "would",
                            models.CharField(
                                choices=[
                                    ("met", "Met"),
                                    ("missed", "Missed"),
                                    ("excused", "Excused"),
                                    ("open", "Still open"),
                                    ("none", "No promised time"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("tickets", models.PositiveIntegerField()),
                        ("was_steps", models.PositiveIntegerField()),
                        ("would_steps", models.PositiveIntegerField()),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="entitlements.plan",
                            ),
                        ),
                        (
                            "replay",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="counts",
                                to="tickets.policyreplay",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("replay", "plan", "severity", "was", "would"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("replay", "plan", "severity", "was", "would"),
                                name="a_replay_counts_each_outcome_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReplayFlip",
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
                            "was",
                            models.CharField(
                                choices=[
                                    ("met", "Met"),
                                    ("missed", "Missed"),
                                    ("excused", "Excused"),
                                    ("open", "Still open"),
                                    ("none", "No promised time"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "would",
                            models.CharField(
                                choices=[
                                    ("met", "Met"),
                                    ("missed", "Missed"),
                                    ("excused", "Excused"),
                                    ("open", "Still open"),
                                    ("none", "No promised time"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("was_due_at", models.DateTimeField(null=True)),
                        ("would_due_at", models.DateTimeField(null=True)),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "replay",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="flips",
                                to="tickets.policyreplay",
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("replay", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("replay", "ticket"), name="a_replay_flips_a_ticket_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
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
                        ("fields", models.JSONField()),
                        ("form", models.UUIDField()),
                        ("revision", models.UUIDField(default=uuid.uuid4)),
                        ("saved_at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="entitlements.customer",
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-saved_at",),
                        "indexes": [models.Index(fields=["saved_at"], name="draft_saved_at")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ticket__isnull", False)),
                                fields=("author", "ticket", "kind"),
                                name="one_draft_a_ticket_and_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("customer__isnull", False),
                                        ("kind__in", ["filing", "release", "service"]),
                                        ("ticket", None),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("kind__in", ["filing", "release", "service"]),
                                            _negated=True,
                                        ),
                                        ("customer", None),
                                        ("ticket__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_draft_is_of_a_ticket_or_of_filing_one",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("customer__isnull", False)),
                                fields=("author", "customer", "kind"),
                                name="one_draft_of_a_new_ticket_a_company",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tag",
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
                        ("name", models.CharField(max_length=40, unique=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="TicketLook",
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
                        ("at", models.DateTimeField()),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="looks",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ticket", "person"), name="a_last_look_is_one"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CannedAnswer",
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
                        ("title", models.CharField(max_length=80)),
                        ("body", models.TextField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="canned_answers",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": (django.db.models.functions.text.Lower("title"), "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("title"),
                                models.F("owner"),
                                name="a_canned_title_is_used_once",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TicketLink",
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
                                    ("duplicate", "Duplicate of"),
                                    ("related", "Related to"),
                                    ("parent", "Part of"),
                                    ("merged", "Merged into"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_out",
                                to="tickets.ticket",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links_in",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("created_at", "pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("source", models.F("target")), _negated=True),
                                name="a_ticket_is_not_linked_to_itself",
                            ),
                            models.UniqueConstraint(
                                django.db.models.functions.comparison.Least("source", "target"),
                                django.db.models.functions.comparison.Greatest("source", "target"),
                                condition=models.Q(("kind", "merged"), _negated=True),
                                name="two_tickets_have_one_link",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "merged")),
                                fields=("source",),
                                name="a_ticket_is_merged_into_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TicketMerge",
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
                        ("at", models.DateTimeField()),
                        ("reason", models.TextField()),
                        ("state_before", models.CharField(max_length=20)),
                        (
                            "joined",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list
                            ),
                        ),
                        (
                            "joined_staff",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list
                            ),
                        ),
                        ("undone_at", models.DateTimeField(null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merges",
                                to="tickets.ticket",
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="tickets.ticket",
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("at", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at__isnull", True)),
                                fields=("source",),
                                name="a_ticket_has_one_standing_merge",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QueueView",
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
                        ("name", models.CharField(max_length=40)),
                        ("query", models.CharField(blank=True, max_length=1000)),
                        ("is_shared", models.BooleanField(default=False)),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="queue_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "opens_for",
                            models.ManyToManyField(
                                blank=True, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("owner", "name"), name="a_persons_views_have_names"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Outbreak",
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
                        ("title", models.CharField(max_length=200)),
                        ("summary", models.TextField()),
                        ("opened_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
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
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="owned_outbreaks",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-opened_at", "-pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at__isnull", True), ("ended_by__isnull", True)
                                    ),
                                    models.Q(
                                        ("ended_at__isnull", False), ("ended_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="an_ended_outbreak_says_by_whom",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Broadcast",
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
                        ("body", models.TextField()),
                        ("qualified", models.BooleanField()),
                        ("at", models.DateTimeField()),
                        ("submission_key", models.UUIDField(unique=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "outbreak",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="broadcasts",
                                to="tickets.outbreak",
                            ),
                        ),
                        (
                            "messages",
                            models.ManyToManyField(related_name="broadcasts", to="tickets.message"),
                        ),
                    ],
                    options={
                        "ordering": ("at", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="OutbreakTicket",
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
                        ("joined_at", models.DateTimeField()),
                        ("left_at", models.DateTimeField(null=True)),
                        (
                            "joined_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "outbreak",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="tickets.outbreak",
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="outbreak_parts",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("joined_at", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("left_at__isnull", True)),
                                fields=("ticket",),
                                name="a_ticket_is_in_one_outbreak",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TicketWords",
                    fields=[
                        (
                            "ticket",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="indexed",
                                serialize=False,
                                to="tickets.ticket",
                            ),
                        ),
                        ("words", django.contrib.postgres.search.SearchVectorField(editable=False)),
                        (
                            "staff_words",
                            django.contrib.postgres.search.SearchVectorField(
                                editable=False, null=True
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["words"], name="words_public"
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["staff_words"], name="words_of_staff"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BulkReassessment",
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
                        ("reason", models.TextField()),
                        ("moved", models.PositiveIntegerField(default=0)),
                        ("kept", models.PositiveIntegerField(default=0)),
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
                            "calendar",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sla.calendar",
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
                        (
                            "contract",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="entitlements.contract",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-began_at", "-pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("calendar__isnull", True), ("contract__isnull", False)
                                    ),
                                    models.Q(
                                        ("calendar__isnull", False), ("contract__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_bulk_reassessment_is_of_a_calendar_or_a_contract",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("calendar",),
                                name="a_calendar_is_reassessed_once_at_a_time",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("contract",),
                                name="a_contract_is_reassessed_once_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReassessmentLine",
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
                        ("shown_before", models.DateTimeField()),
                        ("shown_after", models.DateTimeField()),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("waiting", "To come"),
                                    ("moved", "Re-assessed"),
                                    ("kept", "Left as it was"),
                                ],
                                default="waiting",
                                max_length=7,
                            ),
                        ),
                        ("after", models.DateTimeField(null=True)),
                        ("why", models.CharField(blank=True, max_length=300)),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="tickets.bulkreassessment",
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("run", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "ticket"),
                                name="a_bulk_reassessment_names_a_ticket_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Sending",
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
                        ("body", models.TextField()),
                        ("qualified", models.BooleanField(default=False)),
                        ("then_waits", models.BooleanField(default=False)),
                        ("submission_key", models.UUIDField()),
                        ("pressed_at", models.DateTimeField()),
                        ("due_at", models.DateTimeField()),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sendings",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["due_at"], name="sending_due")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ("answer", "note"))),
                                name="only_answers_and_notes_are_held",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("qualified", False), ("kind", "answer"), _connector="OR"
                                ),
                                name="only_an_answer_is_held_as_qualified",
                            ),
                            models.UniqueConstraint(
                                fields=("author", "kind", "submission_key"),
                                name="what_is_sent_twice_is_held_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SendingFile",
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
                            "file",
                            models.FileField(
                                max_length=200, upload_to=tickets.models.attachment.storage_key
                            ),
                        ),
                        ("name", models.CharField(max_length=255)),
                        ("content_type", models.CharField(blank=True, max_length=100)),
                        ("size", models.PositiveBigIntegerField()),
                        (
                            "sending",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="tickets.sending",
                            ),
                        ),
                        ("is_sample", models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name="ArrangedCall",
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
                        ("starts_at", models.DateTimeField()),
                        ("minutes", models.PositiveSmallIntegerField(default=30)),
                        ("topic", models.CharField(max_length=200)),
                        ("how", models.CharField(max_length=300)),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("revision", models.PositiveSmallIntegerField(default=0)),
                        ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "arranged_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="arranged_calls",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("starts_at", "pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("minutes__gte", 10), ("minutes__lte", 240)),
                                name="a_call_takes_ten_minutes_to_four_hours",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rating",
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
                            "score",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Not well"), (2, "All right"), (3, "Well")]
                            ),
                        ),
                        ("comment", models.TextField(blank=True, max_length=2000)),
                        ("rated_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ratings",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("rated_at", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ticket", "by"), name="a_person_rates_a_ticket_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score__in", [1, 2, 3])),
                                name="a_rating_is_one_of_three",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeasureProgress",
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
                        ("measured_to", models.BigIntegerField(default=0)),
                        ("events_from", models.DateTimeField(null=True)),
                        ("measured_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("id", 1)), name="measuring_has_one_progress"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TicketMeasure",
                    fields=[
                        (
                            "ticket",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="measure",
                                serialize=False,
                                to="tickets.ticket",
                            ),
                        ),
                        (
                            "severity",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Critical"), (2, "High"), (3, "Medium"), (4, "Low")]
                            ),
                        ),
                        ("filed_at", models.DateTimeField()),
                        ("is_open", models.BooleanField()),
                        ("due_at", models.DateTimeField(null=True)),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("covered_seconds", models.PositiveIntegerField(null=True)),
                        ("is_excused", models.BooleanField(default=False)),
                        ("is_withdrawn", models.BooleanField(default=False)),
                        ("resolved_at", models.DateTimeField(null=True)),
                        ("reopenings", models.PositiveSmallIntegerField(default=0)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="entitlements.customer",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="entitlements.plan",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="tickets.product",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["filed_at"], name="measure_filed"),
                            models.Index(fields=["customer", "filed_at"], name="measure_customer"),
                            models.Index(
                                condition=models.Q(("is_open", True)),
                                fields=["filed_at"],
                                name="measure_backlog",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TicketArticle",
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
                        ("begun_at", models.DateTimeField()),
                        (
                            "article",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="origin",
                                to="knowledge.article",
                            ),
                        ),
                        (
                            "begun_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="made_articles",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("begun_at", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="DatabaseBuild",
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
                        ("label", models.CharField(max_length=40, unique=True)),
                        ("published_at", models.DateTimeField()),
                        (
                            "told_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
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
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                        (
                            "ticket",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="database_release",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="FilingField",
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
                        ("key", models.SlugField(max_length=40, unique=True)),
                        ("label", models.CharField(max_length=80)),
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
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fields",
                                to="tickets.product",
                            ),
                        ),
                        (
                            "ticket_kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("premium", "Premium incident"),
                                        ("break_fix", "Break/fix"),
                                        ("database_release", "Anti-virus database release"),
                                        ("service", "Service request"),
                                    ],
                                    max_length=16,
                                ),
                                blank=True,
                                default=list,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("order", "pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "choice"), _negated=True),
                                    models.Q(("choices", []), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_choice_has_something_to_choose",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FieldValue",
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
                        ("value", models.CharField(max_length=1000)),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="field_values",
                                to="tickets.ticket",
                            ),
                        ),
                        (
                            "field",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="values",
                                to="tickets.filingfield",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("field__order", "field"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ticket", "field"), name="a_question_has_one_answer"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceRequest",
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
                        (
                            "ticket",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_request",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="FileUpload",
                    fields=[
                        ("is_sample", models.BooleanField(default=False)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        (
                            "scan_state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Being scanned"),
                                    ("clean", "Scanned, clean"),
                                    ("refused", "Refused"),
                                    ("not_scanned", "Not scanned"),
                                ],
                                default="not_scanned",
                                max_length=11,
                            ),
                        ),
                        ("scan_note", models.CharField(blank=True, max_length=200)),
                        (
                            "key",
                            models.UUIDField(
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("name", models.CharField(max_length=255)),
                        ("content_type", models.CharField(blank=True, max_length=100)),
                        ("modified", models.BigIntegerField(null=True)),
                        ("size", models.PositiveBigIntegerField()),
                        ("received", models.PositiveBigIntegerField(default=0)),
                        ("stored_as", models.CharField(max_length=200, unique=True)),
                        ("begun_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="entitlements.customer",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="file_uploads",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="tickets.ticket",
                            ),
                        ),
                        (
                            "sending",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="uploads",
                                to="tickets.sending",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                blank=True,
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
                    ],
                    options={
                        "ordering": ("begun_at", "key"),
                        "indexes": [models.Index(fields=["expires_at"], name="upload_expires_at")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("received__lte", models.F("size"))),
                                name="no_more_arrives_than_was_announced",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("finished_at__isnull", True),
                                    ("received", models.F("size")),
                                    _connector="OR",
                                ),
                                name="an_upload_is_finished_when_all_is_here",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("customer", None), ("kind", ""), ("ticket__isnull", False)
                                    ),
                                    models.Q(
                                        ("customer__isnull", False),
                                        ("kind__in", ["filing", "release", "service"]),
                                        ("ticket", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_upload_is_for_a_ticket_or_a_form_of_a_new_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TicketObjective",
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
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "clock",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objective",
                                to="sla.clock",
                            ),
                        ),
                        (
                            "ticket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objectives",
                                to="tickets.ticket",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("ticket", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("ticket", "obligation"),
                                name="an_objective_runs_once_on_a_ticket",
                            )
                        ],
                    },
                ),
            ],
        ),
        *sql_of(
            "tickets",
            "0002_number_sequence_and_append_only_timeline",
            "0003_the_queue_order_stands_on_the_row",
            "0008_open_escalations_are_kept",
            "0009_the_rank_knows_escalated_accounts",
            "0021_words_of_tickets_are_kept",
            "0029_answers_are_found",
        ),
    ]
