"""Files arrive in pieces, and say what the scanner and their sender say of them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0004_a_company_keeps_a_watcher_list"),
        ("tickets", "0029_answers_are_found"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
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
            ],
            options={
                "ordering": ("begun_at", "key"),
            },
        ),
        migrations.AddField(
            model_name="attachment",
            name="is_sample",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="attachment",
            name="scan_note",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="attachment",
            name="scan_state",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="attachment",
            name="sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="kind",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_sample", True), _negated=True),
                    ("scan_state", "not_scanned"),
                    _connector="OR",
                ),
                name="a_sample_is_never_scanned",
            ),
        ),
        migrations.AddField(
            model_name="fileupload",
            name="customer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="entitlements.customer",
            ),
        ),
        migrations.AddField(
            model_name="fileupload",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="file_uploads",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="fileupload",
            name="ticket",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.AddIndex(
            model_name="fileupload",
            index=models.Index(fields=["expires_at"], name="upload_expires_at"),
        ),
        migrations.AddConstraint(
            model_name="fileupload",
            constraint=models.CheckConstraint(
                condition=models.Q(("received__lte", models.F("size"))),
                name="no_more_arrives_than_was_announced",
            ),
        ),
        migrations.AddConstraint(
            model_name="fileupload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finished_at__isnull", True), ("received", models.F("size")), _connector="OR"
                ),
                name="an_upload_is_finished_when_all_is_here",
            ),
        ),
        migrations.AddField(
            model_name="fileupload",
            name="sending",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="uploads",
                to="tickets.sending",
            ),
        ),
        migrations.AddField(
            model_name="sendingfile",
            name="is_sample",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="sending",
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
    ]
