/* Draw an area on the map: each click is a point, Enter or a double click ends it. What was drawn
 * becomes a filter; until then it is in the browser alone. */
import { div } from "../../layers/web/assets/dom.js";
import { L } from "../../layers/web/assets/leaflet_global.js";
import { areaKm2, areaText, crosses, FORMS } from "./area_text.js";
import { button } from "./buttons.js";

const SLIP_PX = 6; /* Whoever moves a pressed pointer further drags the map. */
const LINE = { color: "#C2187A", weight: 2.2, dashArray: "8 3", fillOpacity: 0.08, interactive: false };
const USUAL_KM = 10;

class DrawArea {
  constructor(toolbar) {
    this.toolbar = toolbar;
    this.map = toolbar.atlas.map;
    this.km = USUAL_KM;
    this.toggle = toolbar.tool("area", () => (this.card ? this.close() : this.open()));
    toolbar.escapes.unshift(() => this.stop() || this.close());
    this.drawn = L.layerGroup().addTo(this.map);
    const container = this.map.getContainer();
    const options = { capture: true };
    container.addEventListener("pointerdown", (event) => { this.pressed = event; }, options);
    container.addEventListener("pointermove", (event) => this.hover(event), options);
    container.addEventListener("click", (event) => this.point(event), options);
    container.addEventListener("dblclick", (event) => this.take(event), options);
    document.addEventListener("keydown", (event) => this.steer(event), options);
  }

  show() {
    this.toggle.hidden = Boolean(this.toolbar.atlas.spec.toolbar.embedded);
    this.toggle.setAttribute("aria-pressed", String(Boolean(this.card)));
  }

  open() {
    this.card = div("atlas-card atlas-area", "", this.map.getContainer());
    this.card.setAttribute("role", "group");
    this.card.setAttribute("aria-label", this.toolbar.word("area"));
    L.DomEvent.disableClickPropagation(this.card);
    L.DomEvent.disableScrollPropagation(this.card);
    div("atlas-card-title", this.toolbar.word("area"), this.card);
    this.told = div("atlas-card-text", this.toolbar.word("area_choose"), this.card);
    this.told.setAttribute("role", "status");
    const row = div("atlas-card-row", "", this.card);
    this.buttons = Object.keys(FORMS).map((form) => this.choice(form, row));
    this.width = this.field(this.card);
    button("close", this.toolbar.word("close"), () => this.close(), this.card)
      .classList.add("atlas-area-close");
    this.buttons[0].focus();
    this.show();
  }

  choice(form, row) {
    const node = document.createElement("button");
    node.type = "button";
    node.textContent = this.toolbar.word("area_" + form);
    node.setAttribute("aria-pressed", "false");
    node.addEventListener("click", () => this.start(form));
    row.appendChild(node);
    return node;
  }

  field(parent) {
    const label = document.createElement("label");
    label.className = "atlas-card-text";
    label.textContent = this.toolbar.word("area_km");
    const field = document.createElement("input");
    Object.assign(field, { type: "number", min: 0.1, max: 500, step: "any", value: this.km });
    field.addEventListener("input", () => { if (field.validity.valid) this.km = Number(field.value) || this.km; });
    label.appendChild(field);
    label.hidden = true;
    parent.appendChild(label);
    return label;
  }

  start(form) {
    this.stop();
    this.drawn.clearLayers();
    this.form = form;
    this.points = [];
    this.map.doubleClickZoom.disable();
    this.map.getContainer().classList.add("atlas-drawing");
    Object.keys(FORMS).forEach((name, at) => {
      this.buttons[at].setAttribute("aria-pressed", String(name === form));
    });
    this.width.hidden = !FORMS[form].km;
    this.explain("area_how_" + form);
  }

  explain(word, more = "") {
    this.told.textContent = this.toolbar.word(word) + more;
  }

  /* A click that is a point of the area is none of the map's. */
  take(event) {
    if (!this.form || this.card.contains(event.target)) return false;
    if (event.target.closest(".leaflet-control, .atlas-lead, .atlas-bar")) return false;
    event.stopPropagation();
    event.preventDefault();
    return true;
  }

  point(event) {
    if (!this.take(event)) return;
    const { clientX, clientY } = this.pressed || event;
    if (Math.hypot(event.clientX - clientX, event.clientY - clientY) > SLIP_PX) return;
    /* The second click of a double click stands where the first did. */
    if (event.detail > 1) {
      this.finish();
      return;
    }
    const { lat, lng } = this.map.mouseEventToLatLng(event);
    this.points.push([lat, lng]);
    if (this.points.length >= FORMS[this.form].most) this.finish();
    else this.preview(this.points);
  }

  hover(event) {
    if (!this.form || !this.points.length || event.pointerType === "touch") return;
    const { lat, lng } = this.map.mouseEventToLatLng(event);
    this.preview([...this.points, [lat, lng]]);
  }

  preview(points) {
    this.drawn.clearLayers();
    const [first] = points;
    const last = points[points.length - 1];
    if (this.form === "circle") {
      const metres = this.map.distance(first, last);
      this.drawn.addLayer(L.circle(first, { ...LINE, radius: metres }));
      this.explain("area_how_circle", ` ${this.length(metres)}`);
    } else if (this.form === "box") {
      this.drawn.addLayer(L.rectangle(L.latLngBounds([first, last]), LINE));
    } else if (this.form === "polygon") {
      this.drawn.addLayer(L.polygon(points, LINE));
      this.explain("area_how_polygon", ` ${this.size(points)}`);
    } else {
      this.drawn.addLayer(L.polyline(points, LINE));
      this.explain("area_how_" + this.form, ` ${this.along(points)}`);
    }
  }

  along(points) {
    const metres = points.slice(1)
      .reduce((sum, point, at) => sum + this.map.distance(points[at], point), 0);
    return this.length(metres);
  }

  size(points) {
    return this.toolbar.word("area_size").replace("{area}", areaKm2(points).toFixed(1));
  }

  length(metres) {
    return this.toolbar.word("area_length").replace("{km}", (metres / 1000).toFixed(1));
  }

  steer(event) {
    if (!this.form || event.target instanceof HTMLInputElement) return;
    if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) this.finish();
    else if (event.key === "Backspace" && this.points.length) {
      this.points.pop();
      this.drawn.clearLayers();
      if (this.points.length) this.preview(this.points);
    } else return;
    event.preventDefault();
  }

  finish() {
    const { form, points } = this;
    if (points.length < FORMS[form].least) return;
    if (form === "polygon" && crosses(points)) {
      this.explain("area_crosses");
      return;
    }
    if (form === "measure") {
      this.measured(points);
      return;
    }
    const km = form === "circle" ? this.map.distance(...points) / 1000 : this.km;
    if (form === "circle" && km < 0.1) {
      points.pop();
      return;
    }
    this.close();
    this.toolbar.request({ do: "area", area: areaText(form, points, km) });
  }

  /* Keep what was measured in sight until something else is drawn; it stays in the browser. */
  measured(points) {
    const words = [this.along(points), ...(points.length > 2 ? [this.size(points)] : [])].join(" · ");
    this.stop();
    this.drawn.addLayer(L.polyline(points, LINE));
    this.explain("area_measured", ` ${words}`);
  }

  /* Leave off drawing; tell whether there was something to leave off. */
  stop() {
    if (!this.form) return false;
    this.form = null;
    this.drawn.clearLayers();
    this.map.doubleClickZoom.enable();
    this.map.getContainer().classList.remove("atlas-drawing");
    for (const node of this.buttons) node.setAttribute("aria-pressed", "false");
    this.width.hidden = true;
    this.explain("area_choose");
    return true;
  }

  close() {
    if (!this.card) return false;
    this.stop();
    this.drawn.clearLayers();
    this.card.remove();
    this.card = null;
    this.show();
    this.toggle.focus();
    return true;
  }
}

export const drawAreaControl = {
  start(toolbar) { this.tool = new DrawArea(toolbar); },
  show() { this.tool.show(); },
};
