"""Take the pictures of the web chat: `python docs/take_screenshot.py`.

It needs the packages playwright and Pillow and a Chromium on the machine; nothing is downloaded.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from qa_bot import QABot
from qa_bot.web.page import open_page

FOLDER = Path(__file__).parent
QUESTION = "中方如何看待朝鲜半岛局势？"
#: An invented town and invented people: nobody real is given words they did not say.
BRIEFING = """title: 示例市地铁三号线建设情况新闻发布会

2024年7月12日上午，示例市人民政府新闻办公室举行新闻发布会。
主持人李明：
各位记者，大家好，欢迎参加今天的发布会。
示例日报记者：
请问地铁三号线什么时候通车？
示例市交通局局长赵远航：
全线轨道已经铺通，目前正在联调联试，计划年底前开通初期运营。
示例电视台记者：
沿线的公交线路会不会调整？
赵远航：
会。我们将在开通前一个月公布接驳方案，公开征求市民意见。
"""


def main() -> None:
    """Write `chat.png` (a question and its source), `filters.png` and `adding.png`."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    chat, address = open_page(QABot.open(tempfile.mkdtemp(), FOLDER.parent / "seeds"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, prepare in (("chat", _ask), ("filters", _filter), ("adding", _preview)):
            page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
            page.goto(address)
            expect(page.locator("#qa-send")).to_be_visible()
            prepare(page)
            page.mouse.move(0, 0)
            _save(page, FOLDER / f"{name}.png")
            page.close()
        browser.close()
    chat.close(verbose=False)


def _ask(page: Page) -> None:
    page.get_by_role("button", name=QUESTION).click()
    citation = page.locator(".qa-citation").first
    citation.locator(".qa-open").click()
    expect(page.locator("#qa-mark")).to_have_text(citation.locator("blockquote").inner_text())
    page.locator("#qa-chat [role=log]").evaluate("log => log.scrollTo(0, 0)")


def _filter(page: Page) -> None:
    page.get_by_role("button", name="筛选").first.click()
    outlet = page.get_by_role("combobox", name="提问媒体")
    outlet.fill("路透社")
    outlet.press("Enter")
    outlet.press("Escape")
    since = page.get_by_label("起始日期")
    since.fill("2018")
    since.blur()
    expect(page.locator(".qa-sign")).to_contain_text("2018年起")
    page.get_by_role("button", name=QUESTION).click()
    expect(page.locator("#qa-chat .qa-filtered-out")).to_be_visible()


def _preview(page: Page) -> None:
    page.get_by_role("button", name="添加记录").click()
    page.locator("#qa-file input[type=file]").set_input_files(
        {"name": "2024-07-12-三号线.txt", "mimeType": "text/plain", "buffer": BRIEFING.encode()}
    )
    expect(page.locator(".qa-preview")).to_be_visible()
    page.get_by_role("button", name="加入记录").focus()


def _save(page: Page, path: Path) -> None:
    page.screenshot(path=path, animations="disabled")
    Image.open(path).quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
