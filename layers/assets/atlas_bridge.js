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

  /* Tell the page around, if it is ours, that the frame shows what it was sent. */
  function tellDrawn() {
    window.parent.dispatchEvent(new CustomEvent("atlas-map-drawn", { detail: window.frameElement }));
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
        show(data.args.view).then(tellDrawn);
      });
      window.Streamlit = {
        setComponentValue: (value) => tell("setComponentValue", { value, dataType: "json" }),
      };
      tell("componentReady", { apiVersion: 1 });
    },
  };
})();
