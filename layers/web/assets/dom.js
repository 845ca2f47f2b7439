/* Make elements of the page and of its drawings. All text is set as text, never as markup. */
const SVG = "http://www.w3.org/2000/svg";

export function element(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (parent) parent.appendChild(node);
  return node;
}

export function div(className, text, parent) {
  const node = document.createElement("div");
  node.className = className;
  if (text) node.textContent = text;
  if (parent) parent.appendChild(node);
  return node;
}

let serial = 0;

/* An id that nothing else on the page has. */
export function freshId(stem) {
  serial += 1;
  return `atlas-${stem}-${serial}`;
}
