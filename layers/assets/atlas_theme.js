/* Follow the page's theme: a dark page has a dark map. Paper is always light. */
(function () {
  "use strict";

  let dark = null;
  let tones = null;

  /* The page tells its background; dark is what is darker than middle grey. */
  function isDark() {
    const color = getComputedStyle(document.documentElement).getPropertyValue("--background-color");
    const parts = color.trim().match(/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i);
    if (!parts) return false;
    const [red, green, blue] = parts.slice(1).map((part) => parseInt(part, 16));
    return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }

  function follow(desk) {
    const now = isDark();
    if (now === dark) return;
    dark = now;
    document.documentElement.dataset.atlasTheme = dark ? "dark" : "light";
    window.clusterAtlas.tones = dark ? tones : null;
    const atlas = desk.atlas;
    atlas.redraw();
    atlas.legend(atlas.spec);
    window.clusterAtlas.desk.controls.forEach((control) => {
      if (control.recolour && desk.found) control.recolour(desk);
    });
  }

  window.clusterAtlas.desk.controls.unshift({
    start(desk) {
      this.desk = desk;
      const watch = new MutationObserver(() => follow(desk));
      watch.observe(document.head, { childList: true, subtree: true, characterData: true });
    },
    show(desk, spec, found) {
      tones = found.dark;
      follow(desk);
    },
  });
})();
