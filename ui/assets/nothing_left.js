/* Where the filters leave nothing, say so on the map, with a button for each way out. */
import { div } from "../../layers/web/assets/dom.js";
import { L } from "../../layers/web/assets/leaflet_global.js";

function show(toolbar, spec) {
  const state = spec.toolbar.empty || null;
  if (toolbar.emptyCard) toolbar.emptyCard.remove();
  toolbar.emptyCard = null;
  if (!state) return;
  const card = div("atlas-card atlas-empty", "", toolbar.atlas.map.getContainer());
  card.setAttribute("role", "status");
  L.DomEvent.disableClickPropagation(card);
  div("atlas-card-title", state.text, card);
  const row = div("atlas-card-row", "", card);
  for (const [facet, words] of state.ways) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => toolbar.request({ do: "clear", facet }));
    row.appendChild(button);
  }
  toolbar.emptyCard = card;
}

export const nothingLeftControl = { start() {}, show };
