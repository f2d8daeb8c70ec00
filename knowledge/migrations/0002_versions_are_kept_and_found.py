"""The database refuses to change a version, and makes the words it is found by."""

from django.db import migrations

WORDS = """
CREATE FUNCTION knowledge_make_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := setweight(to_tsvector('english', NEW.title), 'A')
              || setweight(to_tsvector('english', NEW.summary), 'B')
              || setweight(to_tsvector('english', left(NEW.body, 100000)), 'C');
    RETURN NEW;
END $$;
CREATE TRIGGER words_of_new BEFORE INSERT ON knowledge_articleversion
    FOR EACH ROW EXECUTE FUNCTION knowledge_make_words();
"""
NO_WORDS = """
DROP TRIGGER words_of_new ON knowledge_articleversion;
DROP FUNCTION knowledge_make_words();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0001_articles"),
        ("accounts", "0002_audit_events_are_append_only"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON knowledge_articleversion "
            "FOR EACH ROW EXECUTE FUNCTION portal_refuse_change()",
            "DROP TRIGGER append_only ON knowledge_articleversion",
        ),
        migrations.RunSQL(WORDS, NO_WORDS),
    ]
