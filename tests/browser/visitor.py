"""Somebody at a browser, who notices what is wrong with each page they come to."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from tests.browser.stack import Person

# WCAG 2.2 AA and axe's own best practices. Of what is in order axe describes each element, too: a
# megabyte a page, which took longer to write down and to fetch than the page to judge.
AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
FIND_VIOLATIONS = "async (options) => (await axe.run(document, options)).violations"
# The browser tells of every policy violation; the page's console would name only some.
REPORT_CSP = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("CSP " + event.violatedDirective + " " + event.blockedURI));
"""
# The browser logs each refused form as an error; the refusal itself is in `_receive`. And htmx logs
# the question that was on its way when the page was left; one that fails it names otherwise.
NO_PROBLEM = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")
AT_SIGN_IN = re.compile("/accounts/login/")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@dataclass
class Visitor:
    """One person's browser window. `problems` collects what no page should show."""

    base_url: str
    context: BrowserContext
    page: Page
    script: bool = True
    problems: list[str] = field(default_factory=list)
    checked: set[str] = field(default_factory=set)
    expects_refusal: bool = False

    @classmethod
    def arrive(
        cls,
        browser: Browser,
        base_url: str,
        *,
        viewport: dict[str, int] | None = None,
        dark: bool = False,
        script: bool = True,
    ) -> "Visitor":
        """Open a window of one's own, with no cookies."""
        context = browser.new_context(
            base_url=base_url,
            viewport=viewport or DESK,  # type: ignore[arg-type]  # a plain dict of two numbers
            color_scheme="dark" if dark else "light",
            timezone_id="America/New_York",
            locale="en-US",
            java_script_enabled=script,
        )
        context.add_init_script(REPORT_CSP)
        context.set_default_timeout(15_000)
        visitor = cls(base_url, context, context.new_page(), script)
        visitor.page.on("console", visitor._hear)
        visitor.page.on("pageerror", lambda error: visitor.problems.append(f"script: {error}"))
        visitor.page.on("response", visitor._receive)
        return visitor

    def sign_in(self, person: Person) -> None:
        """Sign in through the form, as everybody does."""
        self.page.goto("/accounts/login/")
        self._send_password(person)

    def lose_session(self) -> None:
        """End the session behind the page that is open, as a night does; its parts are refused."""
        self.expects_refusal = True
        self.settle()
        for cookie in self.context.cookies():
            if "session" in cookie["name"]:
                self.context.clear_cookies(name=cookie["name"])

    def sign_in_again(self, person: Person) -> None:
        """Sign in where sending something without a session has led; it is kept on the way."""
        self.page.wait_for_url(AT_SIGN_IN)
        expect(self.page.get_by_text("What you entered is kept: sign in to go on.")).to_be_visible()
        self._send_password(person)

    def _send_password(self, person: Person) -> None:
        self.page.locator("#id_login").fill(person.email)
        self.page.locator("#id_password").fill(person.password)
        self.page.locator("#id_password").press("Enter")
        self.page.wait_for_url(lambda url: not AT_SIGN_IN.search(url))

    def visit(self, path: str) -> Page:
        """Go to a page, which must be there, and look at it closely."""
        self.settle()
        answer = self.page.goto(path)
        if answer is not None and answer.status >= 400:
            self.problems.append(f"{path} answered {answer.status}")
        self.look()
        return self.page

    def look(self) -> None:
        """Check the page as it is now: title, one heading, accessibility, no sideways scroll."""
        self.settle()
        where = self.page.url.removeprefix(self.base_url)
        if not self.page.title().strip():
            self.problems.append(f"{where} has no title")
        headings = self.page.locator("h1").count()
        if headings != 1:
            self.problems.append(f"{where} has {headings} h1")
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            self.problems.append(f"{where} scrolls sideways by {wide} px")
        self.problems += [f"{where} {finding}" for finding in self.axe()]

    def settle(self) -> None:
        """Wait until nothing is on its way: a form is let go only once the portal answers."""
        expect(self.page.locator("form[data-reaching], form[data-sending]")).to_have_count(0)
        self.page.wait_for_load_state()

    def axe(self) -> list[str]:
        """Accessibility findings of the page, a line each; none where no script runs.

        axe waits for timers, which such a page has not; the same page is judged with script.
        """
        if not self.script:
            return []
        self.page.evaluate(AXE_SCRIPT)
        found: list[dict[str, Any]] = self.page.evaluate(FIND_VIOLATIONS, AXE_OPTIONS)
        return [
            f"axe {rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]}"
            for rule in found
            for node in rule["nodes"][:3]
        ]

    def links(self) -> list[str]:
        """Paths of the portal that the page links to."""
        found: list[str] = self.page.eval_on_selector_all(
            "a[href]", "links => links.map(link => link.getAttribute('href'))"
        )
        absolute = [urljoin(self.page.url, one) for one in found if not one.startswith("#")]
        return [
            one.removeprefix(self.base_url) for one in absolute if one.startswith(self.base_url)
        ]

    def leave(self) -> None:
        """Close the window; whatever was wrong on the way fails the story."""
        self.context.close()
        assert not self.problems, "\n".join(self.problems)

    def forget_lost_network(self) -> None:
        """Drop what the console said of requests that could not be sent: it was to be so."""
        lost = ("Failed to fetch", "htmx:sendError")
        self.problems = [one for one in self.problems if not any(word in one for word in lost)]

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(NO_PROBLEM):
            self.problems.append(f"console: {said.text}")

    def _receive(self, answer: Response) -> None:
        if answer.status >= 500 or (answer.status >= 400 and not self.expects_refusal):
            self.problems.append(f"{answer.request.method} {answer.url} answered {answer.status}")
