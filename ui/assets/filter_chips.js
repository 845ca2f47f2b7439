/* What filters the map, at its head: a chip for each value, which a click takes away. */
import { div } from "../../layers/web/assets/dom.js";
import { L } from "../../layers/web/assets/leaflet_global.js";

function chip(toolbar, { field, value, label, words, told }) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = "atlas-chip";
  node.textContent = told;
  node.title = toolbar.word("drop_filter").replace("{filter}", () => `${label}: ${words}`);
  node.setAttribute("aria-label", node.title);
  node.addEventListener("click", () => toolbar.request({ do: "drop", field, value }));
  return node;
}

function show(toolbar, spec) {
  const { filters, answer } = spec.toolbar;
  toolbar.chips?.remove();
  toolbar.chips = null;
  if (!filters?.length) return;
  const card = div("atlas-chips", "", toolbar.lead);
  card.setAttribute("role", "group");
  card.setAttribute("aria-label", toolbar.word("filters"));
  L.DomEvent.disableClickPropagation(card);
  L.DomEvent.disableScrollPropagation(card);
  div("atlas-chips-answer", answer, card).setAttribute("role", "status");
  for (const filter of filters) card.appendChild(chip(toolbar, filter));
  toolbar.chips = card;
}

export const filterChipsControl = { start() {}, show };
