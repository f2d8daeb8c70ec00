"""The public comparison of plans, as data."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.resource import Resource
from entitlements.calendar_versions import current_versions
from entitlements.models import Plan, SeverityDefinition
from entitlements.serializers.plan import ComparisonOutput


class Plans(Resource):
    """The plans on offer; nobody needs to sign in."""

    permission_classes = (AllowAny,)

    @extend_schema(operation_id="plans_list", responses=ComparisonOutput)
    def get(self, request: Request) -> Response:
        """List the plans on offer with all their terms, and what the severities mean."""
        plans = list(
            Plan.objects.filter(offered_edition__isnull=False)
            .select_related("offered_edition")
            .prefetch_related("offered_edition__service_levels__calendar")
        )
        versions = current_versions(
            level.calendar_id
            for plan in plans
            if plan.offered_edition is not None
            for level in plan.offered_edition.service_levels.all()
        )
        comparison = {"plans": plans, "severities": SeverityDefinition.objects.all()}
        return Response(ComparisonOutput(comparison, context={"versions": versions}).data)
