"""Counters that the database keeps itself, and rows it refuses to change.

Each counter's trigger updates the one row that owns it, which takes that row's lock: two
transactions at the limit wait for each other there, and the check constraint refuses the second.
"""

from django.db import migrations

SEATS = """
CREATE FUNCTION entitlements_count_seats() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') AND OLD.held_until IS NULL THEN
        UPDATE entitlements_contract SET seats_held = seats_held - 1 WHERE id = OLD.contract_id;
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') AND NEW.held_until IS NULL THEN
        UPDATE entitlements_contract SET seats_held = seats_held + 1 WHERE id = NEW.contract_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_seats AFTER INSERT OR UPDATE OR DELETE ON entitlements_seatholding
    FOR EACH ROW EXECUTE FUNCTION entitlements_count_seats();
"""
NO_SEATS = """
DROP TRIGGER count_seats ON entitlements_seatholding;
DROP FUNCTION entitlements_count_seats();
"""

LEDGER = """
CREATE FUNCTION entitlements_sum_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE entitlements_contractyear
       SET balance = balance + NEW.amount,
           used = used + CASE NEW.kind WHEN 'debit' THEN 1 WHEN 'credit' THEN -1 ELSE 0 END
     WHERE id = NEW.year_id;
    RETURN NULL;
END $$;
CREATE TRIGGER sum_ledger AFTER INSERT ON entitlements_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION entitlements_sum_ledger();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON entitlements_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NO_LEDGER = """
DROP TRIGGER append_only ON entitlements_ledgerentry;
DROP TRIGGER sum_ledger ON entitlements_ledgerentry;
DROP FUNCTION entitlements_sum_ledger();
"""

TERMS = """
CREATE FUNCTION entitlements_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE published timestamptz;
BEGIN
    IF TG_TABLE_NAME = 'entitlements_edition' THEN
        published := OLD.published_at;
    ELSE
        SELECT published_at INTO published FROM entitlements_edition
         WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.edition_id ELSE OLD.edition_id END;
    END IF;
    IF published IS NOT NULL THEN
        RAISE EXCEPTION 'a published edition is immutable: publish another edition instead'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER immutable_once_published BEFORE UPDATE OR DELETE ON entitlements_edition
    FOR EACH ROW EXECUTE FUNCTION entitlements_refuse_published();
CREATE TRIGGER immutable_once_published BEFORE INSERT OR UPDATE OR DELETE
    ON entitlements_servicelevel
    FOR EACH ROW EXECUTE FUNCTION entitlements_refuse_published();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON entitlements_amendment
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NO_TERMS = """
DROP TRIGGER append_only ON entitlements_amendment;
DROP TRIGGER immutable_once_published ON entitlements_servicelevel;
DROP TRIGGER immutable_once_published ON entitlements_edition;
DROP FUNCTION entitlements_refuse_published();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0001_initial"),
        ("accounts", "0002_audit_events_are_append_only"),
    ]

    operations = [
        migrations.RunSQL(SEATS, NO_SEATS),
        migrations.RunSQL(LEDGER, NO_LEDGER),
        migrations.RunSQL(TERMS, NO_TERMS),
    ]
