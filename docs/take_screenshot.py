"""Take the picture of the web chat for the README: `python docs/take_screenshot.py`.

It needs the packages playwright and Pillow and a Chromium on the machine; nothing is downloaded.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from qa_bot import QABot
from qa_bot.web.page import build_page, serve

PICTURE = Path(__file__).parent / "chat.png"
QUESTION = "中方如何看待朝鲜半岛局势？"


def main() -> None:
    """Ask one question, open one of its sources and write `chat.png`."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    chat = build_page(QABot.open())
    address = serve(chat, "127.0.0.1", None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        page.goto(address)
        page.get_by_role("button", name=QUESTION).click()
        citation = page.locator(".qa-citation").first
        citation.locator(".qa-open").click()
        expect(page.locator("#qa-mark")).to_have_text(citation.locator("blockquote").inner_text())
        page.mouse.move(0, 0)
        page.locator("#qa-chat [role=log]").evaluate("log => log.scrollTo(0, 0)")
        page.screenshot(path=PICTURE, animations="disabled")
        browser.close()
    chat.close(verbose=False)
    Image.open(PICTURE).quantize(128, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
