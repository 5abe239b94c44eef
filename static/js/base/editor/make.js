// Builds elements; no part of the editor is made from a string of HTML.

/** A new element with these attributes (true is an empty one, false and undefined are left out) and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value)
  }
  element.append(...children)
  return element
}
