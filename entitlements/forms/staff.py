"""People who work for the vendor."""

from django import forms

from accounts.choices import Role
from accounts.forms import ZoneField


class RolesForm(forms.Form):
    """What a staff member may do; roles add up."""

    roles = forms.MultipleChoiceField(
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Without a role they have no access to customers' matters.",
    )


class StaffMemberForm(forms.Form):
    """Somebody new on our side."""

    name = forms.CharField(max_length=120, error_messages={"required": "Give the person’s name."})
    email = forms.EmailField(
        label="E-mail address",
        help_text="They sign in with it. A password is set through “Forgot your password”.",
        error_messages={
            "required": "Give an e-mail address.",
            "invalid": "Write the whole address, such as name@company.com.",
        },
    )
    zone = ZoneField()
    roles = forms.MultipleChoiceField(
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )
