"""Pictures in articles."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import knowledge.models.image


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0002_versions_are_kept_and_found"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleImage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        default=knowledge.models.image.random_key, max_length=32, unique=True
                    ),
                ),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="images",
                        to="knowledge.article",
                    ),
                ),
            ],
            options={
                "ordering": ("added_at", "pk"),
            },
        ),
    ]
