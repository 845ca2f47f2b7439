/* Speak with the page around the frame, in the messages of Streamlit's components: it sends
 * the view to show and its theme, and hears what a person did on the map. */
(function () {
  "use strict";

  const THEME = { "--background-color": "backgroundColor", "--text-color": "textColor",
    "--primary-color": "primaryColor", "--secondary-background-color": "secondaryBackgroundColor" };

  function tell(type, content) {
    const message = { isStreamlitMessage: true, type: "streamlit:" + type, ...content };
    window.parent.postMessage(message, window.location.origin);
  }

  /* The colours of the page, as properties that style sheets and scripts here can read. */
  function take(theme, sheet) {
    const lines = Object.entries(THEME).filter(([, name]) => /^[#\w(),.% ]+$/.test(theme[name] || ""))
      .map(([property, name]) => property + ":" + theme[name]);
    const text = ":root{" + lines.join(";") + "}";
    if (sheet.textContent !== text) sheet.textContent = text;
  }

  /* Call `act` when the page has its server again after it was lost. */
  function onReturn(act) {
    const state = "data-test-connection-state";
    const page = window.parent.document.querySelector("[" + state + "]");
    if (!page) return;
    let lost = false;
    const look = () => {
      const here = page.getAttribute(state) === "CONNECTED";
      if (here && lost) act();
      lost = !here;
    };
    new MutationObserver(look).observe(page, { attributes: true, attributeFilter: [state] });
  }

  window.atlasBridge = {
    /* Call `show` with each view that is another than the one before. */
    listen(show) {
      const sheet = document.head.appendChild(document.createElement("style"));
      let shown = "";
      window.addEventListener("message", ({ source, origin, data }) => {
        if (source !== window.parent || origin !== window.location.origin) return;
        if (!data || data.type !== "streamlit:render") return;
        if (data.theme) take(data.theme, sheet);
        const view = JSON.stringify(data.args.view);
        if (view === shown) return;
        shown = view;
        show(data.args.view);
      });
      let last = {};
      let returns = 0;
      const send = () =>
        tell("setComponentValue", { value: { ...last, returns }, dataType: "json" });
      window.Streamlit = { setComponentValue: (value) => { last = value; send(); } };
      // An answer that was lost with the connection is asked for once more.
      onReturn(() => { returns += 1; send(); });
      tell("componentReady", { apiVersion: 1 });
    },
  };
})();
