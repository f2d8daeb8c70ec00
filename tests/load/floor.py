"""What no page can be faster than: a table of a page's rows and cells, drawn from memory."""

from django.http import HttpRequest, HttpResponse
from django.template import engines

ROWS, CELLS = 50, 11
TABLE = [[f"cell {row} {cell}" for cell in range(CELLS)] for row in range(ROWS)]
TEMPLATE = engines["django"].from_string(
    "<!doctype html><title>Floor</title><table>{% for row in table %}<tr>"
    "{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


def floor(request: HttpRequest) -> HttpResponse:
    """Draw the table: the server, the middleware and the template engine, and nothing else."""
    return HttpResponse(TEMPLATE.render({"table": TABLE}, request=None))
