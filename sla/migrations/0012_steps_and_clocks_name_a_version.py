import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = ("sla_ladderversion", "sla_ladderstep")


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0011_ladders_begin_their_versions"),
        ("accounts", "0002_audit_events_are_append_only"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="ladderstep", name="a_ladder_orders_its_steps_once"),
        migrations.AlterModelOptions(name="ladderstep", options={"ordering": ("version", "order")}),
        migrations.RemoveField(model_name="ladderstep", name="ladder"),
        migrations.RemoveField(model_name="clock", name="ladder"),
        migrations.AlterField(
            model_name="ladderstep",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="sla.ladderversion",
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="ladder_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clocks",
                to="sla.ladderversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.UniqueConstraint(
                fields=("version", "order"), name="a_ladder_orders_its_steps_once"
            ),
        ),
        migrations.AlterField(
            model_name="ladderstep",
            name="audience",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("assignee", "Assignee, else the duty engineers"),
                        ("duty_engineers", "Duty engineers"),
                        ("duty_lead", "Duty lead"),
                        ("tam", "The customer's TAM or TAM team"),
                        ("support_manager", "Support manager"),
                        ("customer_manager", "The customer's own manager"),
                    ],
                    max_length=20,
                )
            ),
        ),
        migrations.AlterField(
            model_name="ladderstep",
            name="action",
            field=models.CharField(
                choices=[
                    ("tell", "Tell"),
                    ("raise", "Tell and raise in the queue"),
                    ("reassign", "Tell, raise, and give to an engineer on duty"),
                    ("page", "Page: tell at once, past quiet hours, and by webhook"),
                ],
                default="tell",
                max_length=8,
            ),
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION portal_refuse_change()",
                f"DROP TRIGGER append_only ON {table}",
            )
            for table in APPEND_ONLY
        ),
    ]
