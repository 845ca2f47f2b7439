/* Speak with the page around the frame, in the messages of Streamlit's components: it sends
 * the view to show and its theme, and hears what a person did on the map. A view that follows
 * a change comes sooner over a connection of the frame's own, where there is one. */
import { begin, end } from "../../layers/web/assets/page.js";

const THEME = { "--background-color": "backgroundColor", "--text-color": "textColor",
  "--primary-color": "primaryColor", "--secondary-background-color": "secondaryBackgroundColor" };
const WAIT_MS = 1000;
const MOST_TRIES = 6;
const REHEARSAL_MS = 250;

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

/* The page has answered in part, so that the answer comes soon. Once that is painted, it is
 * asked for what it has left. */
function tellLeft() {
  begin("asking");
  requestAnimationFrame(() => setTimeout(askForRest));
}

function askForRest() {
  window.dispatchEvent(new Event("atlas-left"));
  end("asking");
}

/* At its first answer a page makes styles for it, and the browser styles all of the page anew.
 * It is asked for an empty one when nothing else is to be done, not by a person's first click. */
function rehearse() {
  begin("asking");
  const idle = window.requestIdleCallback || setTimeout;
  setTimeout(() => idle(askForRest), REHEARSAL_MS);
}

/* The whole view of what has changed since `held`: a key without a value, and a layer named by its
 * id alone, are as they were. */
function whole(entries, held) {
  const layers = new Map((held.layers || []).map((layer) => [layer.id, layer]));
  const view = Object.fromEntries(entries.map(([key, value = held[key]]) => [key, value]));
  if (view.layers) view.layers = view.layers.map((layer) => layers.get(layer) || layer);
  return view;
}

/* Views of one session, which come by two ways: none is shown after a later one. */
class Live {
  constructor(address, accept) {
    this.address = address;
    this.accept = accept;
    this.turn = 0;
    this.tries = 0;
    this.connect();
  }

  connect() {
    this.later = null;
    const address = new URL(this.address, window.location.href);
    address.protocol = address.protocol.replace("http", "ws");
    this.socket = new WebSocket(address);
    this.socket.addEventListener("open", () => { this.tries = 0; });
    let held = {};
    this.socket.addEventListener("message", ({ data }) => {
      const { turn, view } = JSON.parse(data);
      held = whole(view, held);
      this.take(turn, held);
    });
    this.socket.addEventListener("close", () => {
      this.tries += 1;
      this.later = this.ended || this.tries > MOST_TRIES ? null
        : setTimeout(() => this.connect(), WAIT_MS * 2 ** (this.tries - 1));
    });
  }

  /* The page has spoken: one more try, where none is under way. */
  wake() {
    if (this.later || this.socket.readyState !== WebSocket.CLOSED) return;
    this.connect();
  }

  take(turn, view) {
    if (turn < this.turn) return;
    this.turn = turn;
    this.accept(view);
  }

  end() {
    this.ended = true;
    clearTimeout(this.later);
    this.socket.close();
  }
}

/* Tell what a person did on the map. */
export function report(value) {
  tell("setComponentValue", { value, dataType: "json" });
}

/* Call `show` with each view that is another than the one before. */
export function listen(show) {
  const sheet = document.head.appendChild(document.createElement("style"));
  let shown = "";
  let live = null;
  let left = 0;
  function accept(view) {
    const text = JSON.stringify(view);
    if (text === shown) return;
    const first = !shown;
    shown = text;
    show(view).then(tellDrawn).then(() => { if (first && live) rehearse(); });
  }
  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== window.parent || origin !== window.location.origin) return;
    if (data?.type !== "streamlit:render") return;
    if (data.theme) take(data.theme, sheet);
    const { view, live: from } = data.args;
    if (live && (!from || from.address !== live.address)) {
      live.end();
      live = null;
    }
    if (from && !live) live = new Live(from.address, accept);
    if (from?.left && from.left !== left) {
      left = from.left;
      tellLeft();
    }
    if (live) {
      live.wake();
      live.take(from.turn, view);
    } else accept(view);
  });
  tell("componentReady", { apiVersion: 1 });
}
