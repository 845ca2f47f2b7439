"""Draw the page again when the browser has its server back after the connection was lost.

An answer that was under way is lost with the connection, and Streamlit takes the parts of the
page that it was for away. Nobody else asks for them, so the page does, by a button nobody sees.
"""

from __future__ import annotations

import streamlit as st

from ui.state import Session, distrust_address

_KEY = "widget.again"
_WATCH = """<style>.st-key-widget-again { display: none; }</style><script>
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


def draw_on_return(session: Session) -> None:
    """Watch the connection of the page."""
    with st.container(key="again"):
        st.html(_WATCH, unsafe_allow_javascript=True)
        st.button(session.say("app.name"), key=_KEY, on_click=distrust_address)
