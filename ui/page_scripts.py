"""Hold the scripts that pages run: all are constants, and browsers are told to run no other."""

from __future__ import annotations

WATCH = """<style>.st-key-widget-again { display: none; }</style><script>
if (!window.atlasWatch) {
  const state = "data-test-connection-state";
  const page = document.querySelector("[" + state + "]");
  let lost = false;
  window.atlasWatch = new MutationObserver(() => {
    const here = page.getAttribute(state) === "CONNECTED";
    if (here && lost) {
      // Once more later: what was under way may still arrive and overtake the first answer.
      for (const wait of [500, 4000]) {
        setTimeout(() => document.querySelector(".st-key-widget-again button")?.click(), wait);
      }
    }
    lost = !here;
  });
  if (page) window.atlasWatch.observe(page, { attributes: true, attributeFilter: [state] });
}
</script>"""
"""Asks for the page again when its connection is back."""

REMEMBER = """<script>
try { sessionStorage.setItem("atlas.wanted", location.href); } catch (error) { /* not kept */ }
</script>"""
"""Keeps the address that was asked for while a person signs in."""

COME_BACK = """<script>
try {
  const wanted = sessionStorage.getItem("atlas.wanted");
  sessionStorage.removeItem("atlas.wanted");
  if (wanted && wanted !== location.href && new URL(wanted).origin === location.origin) {
    location.replace(wanted);
  }
} catch (error) { /* not kept */ }
</script>"""
"""Opens the address that was asked for before a person signed in."""

SCRIPTS = (WATCH, REMEMBER, COME_BACK)
