"""The database refuses to change or delete an audit row."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: rows are neither changed nor deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""

TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON accounts_auditevent
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION portal_refuse_change()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER append_only ON accounts_auditevent"),
    ]
