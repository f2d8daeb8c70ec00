"""What the scripts say by themselves, in the reader's language.

They hold their sentences in English and ask `inWords` (portal.js) for the reader's; `%1` and `%2`
stand for what they put in. Only pages in another language carry the table.
"""

from functools import cache

from django.utils.translation import gettext, gettext_noop, override

SENTENCES = (
    # portal.js
    gettext_noop("Larger than %1"),
    gettext_noop("The file is empty"),
    gettext_noop("More than %1 files"),
    gettext_noop("%1. Remove it to send."),
    gettext_noop("Remove the marked file first."),
    gettext_noop("Remove %1"),
    gettext_noop(
        "No connection: nothing was sent. What you typed is still here; send it again when you "
        "are back."
    ),
    gettext_noop("Copied"),
    # uploads.js
    gettext_noop("%1 (sample)"),
    gettext_noop("%1, sent so far"),
    gettext_noop("Pause %1"),
    gettext_noop("Go on with %1"),
    gettext_noop("%1 of %2"),
    gettext_noop("Paused at %1"),
    gettext_noop("Sending, %1"),
    gettext_noop("You are signed out. Sign in in another tab, then go on"),
    gettext_noop("It is no longer here. Remove it and choose it again"),
    gettext_noop("Connection lost at %1. It goes on by itself"),
    gettext_noop("%1, here"),
    gettext_noop("Send it as a malware sample"),
    gettext_noop("It is sent as soon as the file is here."),
    gettext_noop("It is sent as soon as %1 files are here."),
    gettext_noop("Not sent: go on with the marked file, or remove it."),
    # drafts.js
    gettext_noop("Not saved: you are signed out. Send it, then sign in: your words are kept."),
    gettext_noop("Not saved: no connection. Your words stay here."),
    gettext_noop("Not saved. Your words stay here."),
    gettext_noop("Draft saved %1"),
    gettext_noop("Draft saved %1, without the files"),
    gettext_noop("You wrote on this in another window at %1. What stands here is not saved."),
    gettext_noop("Keep what stands here"),
    gettext_noop("Show the other"),
    gettext_noop("This is the other window’s text."),
    gettext_noop("Back to mine"),
    gettext_noop("Words you typed here were not saved."),
    gettext_noop("Put them back"),
    gettext_noop("Forget them"),
    # sending.js, composer.js
    gettext_noop("Not sent: see above. Your text and files are still here."),
    gettext_noop("Not sent. Your text and files are still here; reload the page to see why."),
    gettext_noop("Sending, %1 of %2 MB"),
    gettext_noop(
        "You are signed out: nothing was sent. Sign in in another tab; your text and files are "
        "still here."
    ),
    gettext_noop("The connection was lost: nothing was sent. Your text and files are still here."),
    gettext_noop("Stopped: nothing was sent. Your text and files are still here."),
    gettext_noop("Sending…"),
    gettext_noop("No preview now. Your words are still here."),
    gettext_noop("Write"),
    gettext_noop("Preview"),
)


@cache
def script_words(language: str) -> dict[str, str]:
    """The sentences by their English; empty for English, which the scripts hold themselves."""
    if language == "en":
        return {}
    with override(language):
        return {sentence: gettext(sentence) for sentence in SENTENCES}
