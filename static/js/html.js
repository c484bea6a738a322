/** Elements of the server's own markup. It escapes what people wrote; nothing else is ever passed in here. */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

/** Makes an element: element("li", {class: "day"}, "Today"). */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Sets an attribute only where that changes something, so that observers and animations stay quiet. */
export function setAttribute(target, name, value) {
  if (value === null) target.removeAttribute(name);
  else if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("../icons/sprite.svg", import.meta.url).href;

/** An icon of the sprite, silent to screen readers: icon("smile", "icon-small"). */
export function icon(name, classes = "") {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", `icon ${classes}`.trim());
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}
