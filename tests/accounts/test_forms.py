from django import forms

from accounts.errors import DomainError, InvalidInput
from accounts.forms import ZoneField, add_domain_error, zone_choices


class NameForm(forms.Form):
    name = forms.CharField()
    zone = ZoneField()


def filled() -> NameForm:
    form = NameForm({"name": "Northwind", "zone": "Europe/Berlin"})
    assert form.is_valid()
    return form


def test_a_refusal_stands_beside_the_field_it_names():
    form = filled()
    add_domain_error(form, InvalidInput("Taken.", field="name"))
    assert form.errors == {"name": ["Taken."]}
    assert form["name"].value() == "Northwind"


def test_a_refusal_without_a_field_of_the_form_stands_on_top():
    for field in (None, "edition"):
        form = filled()
        add_domain_error(form, DomainError("Not now.", field=field))
        assert form.non_field_errors() == ["Not now."]
        assert not form.is_valid()


def test_zones_are_offered_by_region_with_utc_for_everywhere():
    regions = dict(zone_choices())
    assert ("America/New_York", "New York") in regions["America"]
    assert regions["Everywhere"] == [("UTC", "UTC")]
    assert "Etc" not in regions


def test_a_zone_that_does_not_exist_is_refused():
    form = NameForm({"name": "Northwind", "zone": "Mars/Olympus"})
    assert "Select a valid choice" in form.errors["zone"][0]
