#!/usr/bin/env python3
"""Opens the HTML report in headless Chromium and checks what no parser can: page.py REPORT.html [FOLDER]

The console stays silent, nothing is asked of a network, nothing is clipped at the width of a desk or of a telephone, in
light and dark, the tables sort and filter, the page is whole without its script, and code that somebody puts into the page
does not run. Screenshots and the page on paper go to FOLDER. Skipped where Playwright or a browser is missing
(pip install playwright; playwright install chromium, or a Chromium in $PATH).
"""

import os
import shutil
import sys
import tempfile


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("skipped: Playwright is not installed")
        return
    page_file = os.path.abspath(sys.argv[1])
    folder = sys.argv[2] if len(sys.argv) == 3 else None
    with sync_playwright() as playwright:
        own = shutil.which("chromium") or shutil.which("google-chrome")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        try:
            browser = playwright.chromium.launch(executable_path=own, args=arguments)
        except Exception as error:  # which one depends on what is missing
            print(f"skipped: no browser starts: {str(error).splitlines()[0]}")
            return
        for name, width, scheme in [("desk", 1280, "light"), ("dark", 1280, "dark"), ("telephone", 390, "light")]:
            look(browser, page_file, folder, name, width, scheme)
        use(browser, page_file)
        without_script(browser, page_file)
        injected(browser, page_file)
        browser.close()
    print("the page holds up")


def opened(browser, page_file, **options):
    """A page, and the list into which everything goes that should not happen."""
    page = browser.new_context(**options).new_page()
    wrong = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if request.url != f"file://{page_file}" else None)
    page.goto(f"file://{page_file}")
    return page, wrong


def look(browser, page_file, folder, name, width, scheme):
    page, wrong = opened(browser, page_file, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name}: the page is wider than its window"
    clipped = page.evaluate(
        """[...document.querySelectorAll("body *")].filter((e) => !e.closest("svg") && e.clientWidth > 0
           && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === "hidden").length"""
    )
    assert clipped == 0, f"{name}: {clipped} elements are clipped"
    if folder:
        os.makedirs(folder, exist_ok=True)
        page.screenshot(path=os.path.join(folder, f"{name}.png"), full_page=True)
        if name == "desk":
            page.pdf(path=os.path.join(folder, "paper.pdf"), prefer_css_page_size=True)
    assert not wrong, wrong


def use(browser, page_file):
    page, wrong = opened(browser, page_file)
    for fold in ("Open all", "Close all"):
        button = page.get_by_role("button", name=fold)
        if button.count():
            button.click()
            assert page.evaluate("[...document.querySelectorAll('details')].map((d) => d.open)").count(fold == "Close all") == 0
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    for table in page.locator("table.filtered").all()[:3]:
        rows = table.locator("tbody tr:not([hidden])")
        first = rows.first.locator("th").inner_text()
        all_rows = rows.count()
        search = table.locator("xpath=../preceding-sibling::div[1]//input")
        search.fill(first)
        assert 1 <= rows.count() < all_rows
        search.fill("")
        head = table.locator("thead th").last
        for order in ("ascending", "descending"):
            head.locator("button").click()
            numbers = [int(text.replace(",", "")) for text in table.locator("tbody td:last-child").all_inner_texts()]
            assert numbers == sorted(numbers, reverse=order == "descending") and head.get_attribute("aria-sort") == order
    assert not wrong, wrong


def without_script(browser, page_file):
    page, wrong = opened(browser, page_file, java_script_enabled=False)
    assert page.locator("h1").count() == 1 and page.locator("button, input").count() == 0 and not wrong


def injected(browser, page_file):
    with tempfile.TemporaryDirectory() as folder:
        text = open(page_file, encoding="utf-8").read()
        path = os.path.join(folder, "page.html")
        code = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\"><footer>"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("<footer>", code, 1))
        page = browser.new_context().new_page()
        page.goto(f"file://{path}")
        page.wait_for_timeout(300)
        assert page.title() != "owned", "the policy lets foreign code run"


if __name__ == "__main__":
    main()
