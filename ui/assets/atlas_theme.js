/* Follow the page's theme: a dark page has a dark map. Paper is always light. */
(function () {
  "use strict";

  let dark = null;
  let tones = null;
  let stale = true;

  /* The page tells its background; dark is what is darker than middle grey. */
  function isDark() {
    const color = getComputedStyle(document.documentElement).getPropertyValue("--background-color");
    const parts = color.trim().match(/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i);
    if (!parts) return false;
    const [red, green, blue] = parts.slice(1).map((part) => parseInt(part, 16));
    return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }

  /* Take over the page's theme, and tell whether what is drawn has other colours now. */
  function take(known) {
    tones = known || tones;
    /* Asking for a style makes the browser work all of them out: only after a change. */
    if (stale) dark = isDark();
    stale = false;
    document.documentElement.dataset.atlasTheme = dark ? "dark" : "light";
    const before = window.clusterAtlas.tones;
    window.clusterAtlas.tones = dark ? tones : null;
    return Boolean(before) !== Boolean(window.clusterAtlas.tones);
  }

  function follow(atlas, known) {
    if (!take(known) || !atlas.spec) return;
    atlas.redraw();
    atlas.legend(atlas.spec);
    const { desk } = atlas;
    window.clusterAtlas.desk.controls.forEach((control) => {
      if (control.recolour && desk && desk.found) control.recolour(desk);
    });
  }

  /* A dark page sends its colours with the first view, so that nothing is light at first. */
  window.clusterAtlas.beforeDrawn = (spec) => take(spec.dark);
  window.clusterAtlas.desk.controls.unshift({
    start() {},
    show(desk, spec, found) { follow(desk.atlas, found.dark); },
  });
  new MutationObserver(() => {
    stale = true;
    if (window.clusterAtlas.current) follow(window.clusterAtlas.current);
  }).observe(document.head, { childList: true, subtree: true, characterData: true });
})();
