/* What first-timers see: an offer, and a short tour that can be left at any step. Where the
 * browser keeps no notes, the offer is made once for each visit. */
import { div } from "../../layers/web/assets/dom.js";
import { L } from "../../layers/web/assets/leaflet_global.js";

const NOTE = "atlas.tour";
const STEPS = [
  ["search", ".atlas-search", null],
  ["drill", ".atlas-trail ol", null],
  ["legend", ".atlas-legend", null],
  ["tools", ".atlas-bar", null],
  ["filters", null, ".st-key-folds, .st-key-filter-panel"],
  ["record", null, ".st-key-profile-panel"],
];

function seen() {
  try {
    return window.localStorage.getItem(NOTE) !== null;
  } catch {
    return false;
  }
}

function remember() {
  try {
    window.localStorage.setItem(NOTE, "done");
  } catch {
    /* A browser that keeps no notes. */
  }
}

function around(selector) {
  try {
    return [...window.parent.document.querySelectorAll(selector)]
      .find((node) => node.getClientRects().length) || null;
  } catch {
    return null;
  }
}

class Tour {
  constructor(toolbar) {
    this.toolbar = toolbar;
    toolbar.tool("tour", () => this.start());
    toolbar.escapes.unshift(() => this.end());
    this.offered = seen();
  }

  show() {
    if (this.offered) return;
    this.offered = true;
    this.open("tour_offer", "tour_offer_text", [
      ["tour_no", () => this.end()], ["tour_yes", () => this.start()]]);
  }

  start() {
    this.at = 0;
    this.step();
  }

  step() {
    const [name, inside, outside] = STEPS[this.at];
    const last = this.at === STEPS.length - 1;
    const actions = [["tour_skip", () => this.end()]];
    if (this.at) actions.push(["tour_back", () => this.go(-1)]);
    actions.push([last ? "tour_done" : "tour_next", () => (last ? this.end() : this.go(1))]);
    this.open("tour_" + name, "tour_" + name + "_text", last ? actions.slice(1) : actions);
    div("atlas-card-place", this.at + 1 + " / " + STEPS.length, this.card);
    this.spot = inside ? document.querySelector(inside) : around(outside);
    if (this.spot) this.spot.style.outline = "3px solid #D98A00";
    this.card.querySelector("button:last-of-type").focus();
  }

  go(by) {
    this.at += by;
    this.step();
  }

  open(title, text, actions) {
    this.close();
    this.card = div("atlas-card", "", this.toolbar.atlas.map.getContainer());
    L.DomEvent.disableClickPropagation(this.card);
    this.card.setAttribute("role", "dialog");
    this.card.setAttribute("aria-label", this.toolbar.word(title));
    div("atlas-card-title", this.toolbar.word(title), this.card);
    const words = div("atlas-card-text", this.toolbar.word(text), this.card);
    words.setAttribute("aria-live", "polite");
    const row = div("atlas-card-row", "", this.card);
    for (const [key, act] of actions) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = this.toolbar.word(key);
      button.addEventListener("click", act);
      row.appendChild(button);
    }
  }

  close() {
    if (this.spot) this.spot.style.outline = "";
    this.spot = null;
    if (this.card) this.card.remove();
    this.card = null;
  }

  end() {
    if (!this.card) return false;
    this.close();
    remember();
    return true;
  }
}

export const tourControl = {
  start(toolbar) { this.tour = new Tour(toolbar); },
  show() { this.tour.show(); },
};
