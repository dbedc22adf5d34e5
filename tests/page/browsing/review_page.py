"""The page as its visitor handles it: by labels, roles and what is on screen."""

import json

from playwright.sync_api import expect

expect.set_options(timeout=15_000)

EXAMPLE = {"vendor": "cafe-uno", "author": "Ada", "stars": 5, "title": "Très bon", "text": "great ☕"}


class ReviewPage:
    def __init__(self, page, port):
        self.page = page
        self.origin = f"http://127.0.0.1:{port}"
        self.complaints = []  # of the browser: errors of scripts, violations of the policy
        self.expected = ()  # what a console line may hold in this test
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, message):
        if message.type in ("error", "warning") and not any(text in message.text for text in self.expected):
            self.complaints.append(message.text)

    def expect_failures(self, *texts):
        """The browser itself logs each answer of 400 and above, and each lost connection."""
        self.expected = texts

    def go(self, path="/"):
        return self.page.goto(self.origin + path)

    def wait_until_live(self):
        """News came in: the lanes are drawn, and all of them are read."""
        expect(self.connection).to_have_text("Live")
        expect(self.page.locator("#lanes > [data-state=running]")).to_have_count(6)

    @property
    def connection(self):
        return self.page.locator("#connection")

    @property
    def journey(self):
        return self.page.locator("#journey")

    @property
    def result(self):
        return self.page.locator("#result")

    def fill(self, vendor=None, author=None, stars=None, title=None, text=None):
        for label, value in (("Vendor id", vendor), ("Your name", author), ("Title", title)):
            if value is not None:
                self.page.get_by_label(label).fill(value)
        if text is not None:
            self.page.get_by_role("textbox", name="Review").fill(text)
        if stars is not None:
            star = self.page.get_by_role("radio", name=f"{stars} star")
            self.page.locator("label").filter(has=star).click()  # what one sees; the radio button itself is hidden
            expect(star).to_be_checked()

    def send(self):
        self.page.get_by_role("button", name="Send review").click()

    def write(self, **changes):
        self.fill(**{**EXAMPLE, **changes})
        self.send()

    def expect_stored(self):
        expect(self.journey).to_have_attribute("data-state", "stored")

    def facts(self):
        """{name: text} of every number that the journey shows."""
        return self.journey.evaluate(
            "root => Object.fromEntries([...root.querySelectorAll('[data-fact]')]"
            ".map((each) => [each.dataset.fact, each.textContent]))"
        )

    def math(self):
        """{line: text} of the worked-out partition."""
        return self.journey.evaluate(
            "root => Object.fromEntries([...root.querySelectorAll('.line')]"
            ".map((each) => [each.children[0].textContent, each.children[1].textContent]))"
        )

    def lane(self, partition):
        """{fact: number} of one lane."""
        lane = self.page.locator(f"#lanes > [data-partition='{partition}']")
        return {name: int(lane.locator(f"[data-fact={name}]").inner_text().replace(",", "")) for name in ("end", "stored", "lag")}

    def error_of(self, field):
        return self.page.locator(f"#{field}-error")

    def violations(self):
        """What axe-core finds, as text."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return json.dumps(
            [[each["id"], each["help"], [node["html"][:200] for node in each["nodes"]]] for each in found], indent=1
        ) if found else ""

    def is_wider_than_screen(self):
        return self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
