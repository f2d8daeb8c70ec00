"""How mail comes to the reader."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.resource import Resource
from notifications.choices import Topic
from notifications.operations.preferences import choose_mail, preferences_of
from notifications.serializers import MailPreferencesInput, MailPreferencesOutput


class MailPreferences(Resource):
    """The reader's own choices."""

    @extend_schema(operation_id="mail_preferences_read", responses=MailPreferencesOutput)
    def get(self, request: Request) -> Response:
        """Read how each topic comes, when the digest comes, and the quiet hours."""
        return Response(MailPreferencesOutput(preferences_of(self.reader)).data)

    @extend_schema(
        operation_id="mail_preferences_choose",
        request=MailPreferencesInput,
        responses=MailPreferencesOutput,
    )
    def put(self, request: Request) -> Response:
        """Choose; holds from the next notice on."""
        values = self.read_body(MailPreferencesInput)
        before = preferences_of(self.reader)
        kept = {topic: before.reach_of(topic) for topic in Topic if topic.value in before.choices}
        chosen = choose_mail(
            self.reader, by=self.reader, reaches=kept | values.pop("topics"), **values
        )
        chosen.user = self.reader
        return Response(MailPreferencesOutput(chosen).data)
