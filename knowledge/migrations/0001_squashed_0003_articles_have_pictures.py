import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import knowledge.models.image
from accounts.squashing import CreateModels, sql_of


class Migration(migrations.Migration):
    replaces = [
        ("knowledge", "0001_articles"),
        ("knowledge", "0002_versions_are_kept_and_found"),
        ("knowledge", "0003_articles_have_pictures"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_audit_events_are_append_only"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="ArticleVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("summary", models.CharField(max_length=300)),
                        ("body", models.TextField()),
                        (
                            "products",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=80), blank=True, default=list
                            ),
                        ),
                        ("is_public", models.BooleanField(default=False)),
                        (
                            "plan_keys",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=50), blank=True, default=list
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("change", models.CharField(blank=True, max_length=200)),
                        ("published_at", models.DateTimeField()),
                        (
                            "words",
                            django.contrib.postgres.search.SearchVectorField(
                                editable=False, null=True
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="knowledge.article",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-number",),
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["words"], name="words_of_articles"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("article", "number"),
                                name="a_version_of_an_article_has_its_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("written_by", models.F("published_by")), _negated=True
                                ),
                                name="a_version_was_read_by_a_second",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("is_public", True), ("plan_keys", [])),
                                    models.Q(
                                        ("is_public", False),
                                        models.Q(("plan_keys", []), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_version_says_whom_it_is_for",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Article",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("slug", models.SlugField(max_length=80, unique=True)),
                        ("begun_at", models.DateTimeField()),
                        ("retired_at", models.DateTimeField(null=True)),
                        (
                            "begun_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "published",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="knowledge.articleversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-begun_at", "-pk"),
                    },
                ),
                migrations.CreateModel(
                    name="ArticleDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("summary", models.CharField(max_length=300)),
                        ("body", models.TextField()),
                        (
                            "products",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=80), blank=True, default=list
                            ),
                        ),
                        ("is_public", models.BooleanField(default=False)),
                        (
                            "plan_keys",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=50), blank=True, default=list
                            ),
                        ),
                        ("revision", models.PositiveIntegerField(default=1)),
                        ("written_at", models.DateTimeField()),
                        ("review_asked_at", models.DateTimeField(null=True)),
                        ("returned_because", models.CharField(blank=True, max_length=500)),
                        (
                            "article",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="draft",
                                to="knowledge.article",
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-written_at",),
                    },
                ),
                migrations.CreateModel(
                    name="ArticleVote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("helped", models.BooleanField()),
                        ("comment", models.TextField(blank=True, max_length=2000)),
                        ("at", models.DateTimeField()),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="votes",
                                to="knowledge.article",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="knowledge.articleversion",
                            ),
                        ),
                        (
                            "voter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("article", "voter"),
                                name="a_person_votes_once_on_an_article",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ArticleImage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                default=knowledge.models.image.random_key,
                                max_length=32,
                                unique=True,
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
            ],
        ),
        *sql_of(
            "knowledge",
            "0002_versions_are_kept_and_found",
        ),
    ]
