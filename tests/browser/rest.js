/* Tell in a page, for tests, whether it is at rest: the server has answered all that the page
 * asked for, what it sent is drawn, and no map is about to do anything.
 *
 * `atlasRest.holds()` is looked at by whoever waits; `atlasRest.asked` grows with each request. */
(() => {
  "use strict";
  const { rerun, begun, finished, early } = NUMBERS;
  const QUIET_MS = 400;
  if (window.top !== window) return;
  const still = new CSSStyleSheet();
  /* Streamlit's skeleton would shimmer in every frame until the page is there: a third of a load's work. */
  still.replaceSync("[data-testid='stSkeleton'] { animation: none !important; }");
  document.adoptedStyleSheets = [still];
  const Plain = window.WebSocket;
  const rest = { asked: 0, answered: 0, runs: 0, holds: () => !waitsFor(), told: waitsFor };
  let run = { covers: 0, isSure: true };

  /* The outermost fields of a protocol buffer by their numbers, with the values of numbers. */
  function fields(bytes) {
    const found = new Map();
    let at = 0;
    function number() {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        value += (bytes[at] & 127) * 2 ** shift;
        at += 1;
        if (bytes[at - 1] < 128) return value;
      }
    }
    while (at < bytes.length) {
      const tag = number();
      const kind = tag % 8;
      found.set(Math.floor(tag / 8), kind === 0 ? number() : null);
      if (kind === 1) at += 8;
      else if (kind === 5) at += 4;
      else if (kind === 2) {
        const length = number();
        at += length;
      }
    }
    return found;
  }

  const within = (value) => value instanceof ArrayBuffer ? new Uint8Array(value)
    : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);

  function maps() {
    return [...document.querySelectorAll("iframe[src*='/atlas/frame/']")]
      .filter((frame) => !frame.closest(".atlas-first-map"))
      .map((frame) => frame.contentDocument);
  }

  /* What Streamlit loads only when it is needed: charts, tables, fonts. */
  function isLoaded() {
    return document.fonts.status === "loaded" && !document.querySelector("[data-testid='stSkeleton']")
      && [...document.querySelectorAll("[data-testid='stVegaLiteChart']")]
        .every((chart) => chart.querySelector("canvas, svg"));
  }

  /* A part that opens or slides into place: a list in it would shut, a click meet something else. */
  function isMoving() {
    return document.getAnimations().some((one) => one.playState === "running"
      && one.effect.getComputedTiming().endTime !== Infinity);
  }

  /* What a page waits for, in a word; nothing when it is at rest. */
  function waitsFor() {
    const app = document.querySelector("[data-test-script-state]");
    if (!app) return "the page";
    const { testScriptState: state, testConnectionState: connection } = app.dataset;
    if (state !== "notRunning" || connection !== "CONNECTED") return `${state} ${connection}`;
    if (rest.asked !== rest.answered) return `an answer: ${rest.asked} asked, ${rest.answered} answered`;
    for (const map of maps()) {
      if (!map || !map.body || !map.body.dataset.atlasReady) return "a map";
      if (map.documentElement.dataset.atlasBusy) return map.documentElement.dataset.atlasBusy;
    }
    if (isMoving()) return "a movement";
    return isLoaded() ? "" : "a chart, a table or a font";
  }

  /* A run answers what was asked before it began. Of two requests that were under way then, the
   * server may answer each by a run of its own, or both by this one: only what follows tells. */
  function begin() {
    rest.runs += 1;
    run = { covers: rest.asked, isSure: rest.asked - rest.answered < 2 };
  }

  function end({ covers, isSure }) {
    if (isSure) rest.answered = covers;
    else {
      const { runs } = rest;
      setTimeout(() => { if (runs === rest.runs) rest.answered = covers; }, QUIET_MS);
    }
  }

  window.WebSocket = class extends Plain {
    constructor(address, protocols) {
      super(address, protocols);
      if (!String(address).includes("/_stcore/stream")) return;
      rest.asked += 1;
      this.stream = true;
      this.isNew = true;
      this.addEventListener("message", async ({ data }) => {
        const bytes = within(data instanceof Blob ? await data.arrayBuffer() : data);
        const told = fields(bytes);
        if (told.has(begun)) begin();
        if (!told.has(finished)) return;
        /* The page takes a message in after it was heard, and draws after that. */
        const ended = run;
        if (told.get(finished) === early) rest.answered = Math.max(rest.answered, rest.asked - 1);
        else requestAnimationFrame(() => setTimeout(() => end(ended)));
      });
    }

    send(message) {
      if (this.stream && typeof message !== "string" && fields(within(message)).has(rerun)) {
        /* What a page asks for first was counted as it connected. */
        if (!this.isNew) rest.asked += 1;
        this.isNew = false;
      }
      super.send(message);
    }
  };
  window.atlasRest = rest;
})();
