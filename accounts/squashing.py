"""What the squashed migrations are made of: an app's tables in one step, and its SQL as it was.

Django draws every model anew that is related to one that changes, after each operation. For a
hundred tables made one by one that was most of what an empty database waited for.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, RunSQL
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Create tables, whose models are drawn once, when all are known."""

    category = OperationCategory.ADDITION
    serialization_expand_args = ["models"]

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # What was drawn would be drawn again with each model; unset, it waits to be asked for.
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} models"


def sql_of(app_label: str, *names: str) -> Iterator[RunSQL]:
    """Give the SQL of the replaced migrations with these names, each in its order."""
    for name in names:
        replaced = import_module(f"{app_label}.migrations.{name}").Migration
        yield from (one for one in replaced.operations if isinstance(one, RunSQL))
