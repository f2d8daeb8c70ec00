from knowledge.models.article import Article, ArticleDraft, ArticleVersion
from knowledge.models.vote import ArticleVote

__all__ = ["Article", "ArticleDraft", "ArticleVersion", "ArticleVote"]
