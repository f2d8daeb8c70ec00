from knowledge.models.article import Article, ArticleDraft, ArticleVersion
from knowledge.models.image import ArticleImage
from knowledge.models.vote import ArticleVote

__all__ = ["Article", "ArticleDraft", "ArticleImage", "ArticleVersion", "ArticleVote"]
