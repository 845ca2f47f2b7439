/* Show the map of an address before the page around it has started.
 *
 * The page's own scripts are large, and only they can make the frame of the map. This one
 * comes first: it opens the same map page in a frame of its own, lays it where the map will
 * stand, and takes it away when the page's own map is drawn, or is not to come. Until then
 * it is a picture: nothing in it can be clicked or reached by the keyboard. */

const LATEST_MS = 30000;
/* Where the page's own style sheet puts the map, beside its panels or below their switches. */
const STYLE = ".atlas-first-map{position:fixed;z-index:1;top:3.75rem;bottom:0;left:288px;right:340px}" +
  ".atlas-first-map iframe{width:100%;height:100%;border:0;display:block}" +
  "@media(max-width:1250px){.atlas-first-map{top:6.95rem;left:0}}" +
  "@media(max-width:900px){.atlas-first-map{right:0}}" +
  "@media(min-width:3000px){.atlas-first-map{top:90px;left:432px;right:504px;overflow:hidden}" +
  ".atlas-first-map iframe{width:calc(100%/1.5);height:calc(100%/1.5);transform:scale(1.5);transform-origin:0 0}}";
const { frame: frameAddress, view: viewAddress } = document.querySelector("script[data-frame]").dataset;
const path = window.location.pathname;
const cover = document.createElement("div");
const frame = document.createElement("iframe");

function end() {
  cover.remove();
  watch.disconnect();
}

/* Another page was opened, or the page tells of a fault where the map would be. */
const watch = new MutationObserver(() => {
  if (window.location.pathname !== path || document.querySelector("[data-testid='stException']")) end();
});

function isDark(themes) {
  const chosen = Object.keys(window.localStorage).find((key) => key.startsWith("stActiveTheme-" + path));
  try {
    const name = JSON.parse(window.localStorage.getItem(chosen)).name;
    if (themes[name.toLowerCase()]) return name.toLowerCase() === "dark";
  } catch { /* Nothing was chosen. */ }
  return window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function draw({ view, themes }) {
  const page = frame.contentWindow;
  page.clusterAtlas.current.map.zoomControl.remove();
  page.postMessage({ type: "streamlit:render", args: { view }, theme: themes[isDark(themes) ? "dark" : "light"] },
    window.location.origin);
}

function begin() {
  const answer = fetch(viewAddress + window.location.search)
    .then((found) => (found.status === 200 ? found.json() : Promise.reject(found.status)));
  const ready = new Promise((resolve) => {
    window.addEventListener("message", ({ source, data }) => {
      if (source === frame.contentWindow && data && data.type === "streamlit:componentReady") resolve();
    });
  });
  Promise.all([answer, ready]).then(([found]) => draw(found)).catch(end);
  document.head.appendChild(document.createElement("style")).textContent = STYLE;
  cover.className = "atlas-first-map";
  cover.setAttribute("aria-hidden", "true");
  cover.inert = true;
  frame.src = frameAddress;
  frame.tabIndex = -1;
  cover.appendChild(frame);
  document.body.appendChild(cover);
  watch.observe(document.body, { childList: true, subtree: true });
  setTimeout(end, LATEST_MS);
  window.addEventListener("atlas-map-drawn", ({ detail }) => { if (detail !== frame) end(); });
}

if (new URLSearchParams(window.location.search).get("embed") !== "true") begin();
