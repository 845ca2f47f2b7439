"""The picture of the map goes to the clipboard, and where a browser forbids it the tool says so."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from data.text import LANGUAGES, say

COPIED_PICTURE = """async () => {
  const [item] = await navigator.clipboard.read();
  const blob = await item.getType("image/png");
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_print_map_is_on_the_clipboard(atlas, language):
    atlas.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    atlas.open(f"lang={language}")
    tool = atlas.map.locator(".atlas-tool-copy")
    expect(tool).to_have_attribute("aria-label", say("toolbar.copy", language))
    tool.click()
    expect(tool).to_have_attribute("aria-label", say("toolbar.copied", language), timeout=30_000)
    content = base64.b64decode(atlas.page.evaluate(COPIED_PICTURE))
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    assert max(picture.size) == 2400
    colors = picture.resize((200, 200)).getcolors(200 * 200)
    assert len(colors) > 500


def test_where_browsers_forbid_it_the_tool_says_what_to_do(atlas):
    atlas.page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined })"
    )
    atlas.open("lang=en")
    tool = atlas.map.locator(".atlas-tool-copy")
    tool.click()
    expect(tool).to_have_attribute("aria-label", say("toolbar.copy_not_here", "en"))
