/* Runs before a page's own scripts: notes on one clock when a person clicked, and when what is
 * measured was last painted, in the page or in a frame of it. */
(() => {
  if (window !== window.top) return;
  const POLL_MS = 8;
  const speed = { clicked: 0, painted: 0, first: 0, own: 0, paints: 0,
    watched: "[data-testid='stText'], .leaflet-map-pane" };
  window.speed = speed;
  document.addEventListener("click", (event) => { speed.clicked = event.timeStamp; },
    { capture: true });

  /* The atlas tells when a frame has drawn its map: the page's own is the one that answers. */
  window.addEventListener("atlas-map-drawn", ({ detail }) => {
    if (detail.src.includes("/atlas/frame/")) speed.own = speed.own || performance.now();
  });

  let waiting = false;
  /* The first task after the next frame: what has been changed is on the screen. */
  function paint() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        waiting = false;
        speed.painted = performance.now();
        speed.first = speed.first || speed.painted;
        speed.paints += 1;
      };
      channel.port2.postMessage(0);
    });
  }

  function concerns(change, page) {
    const { target } = change;
    const node = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
    if (node && node.closest(speed.watched)) return !node.closest(".leaflet-tooltip-pane");
    /* The pane of a map is there before anything is drawn on it. */
    return !speed.watched.includes("leaflet") || page === document ? added(change) : false;
  }

  function added(change) {
    return [...change.addedNodes].some((one) => one.nodeType === Node.ELEMENT_NODE &&
      (one.matches(speed.watched) || one.querySelector(speed.watched)));
  }

  const observed = new WeakSet();
  function observe(page) {
    if (observed.has(page)) return;
    observed.add(page);
    new MutationObserver((changes) => { if (changes.some((change) => concerns(change, page))) paint(); }).observe(page, {
      childList: true, subtree: true, characterData: true, attributes: true,
      attributeFilter: ["d", "fill", "stroke", "fill-opacity"] });
  }

  observe(document);
  /* A frame gets its document when it has been fetched: looked for often, so none is missed. */
  setInterval(() => {
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentDocument) observe(frame.contentDocument);
    }
  }, POLL_MS);

  /* A map of WebGL changes no node: its drawing is what is seen. */
  for (const kind of [window.WebGLRenderingContext, window.WebGL2RenderingContext]) {
    for (const name of Object.getOwnPropertyNames(kind ? kind.prototype : {})) {
      if (!/^draw(Arrays|Elements)/.test(name)) continue;
      const draw = kind.prototype[name];
      kind.prototype[name] = function (...given) {
        paint();
        return draw.apply(this, given);
      };
    }
  }
})();
