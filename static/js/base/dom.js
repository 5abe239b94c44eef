// Find, make and read elements; no element is made from a string of HTML of our own.

/**
 * Return the element in `root` that the template promises; throw where it is missing.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [type]
 * @returns {T}
 */
export function get(root, selector, type = /** @type {any} */ (HTMLElement)) {
  const found = root.querySelector(selector)
  if (found instanceof type) return found
  throw new Error(`No ${selector} in the page`)
}

/**
 * Return a new element with attributes (true is an empty one, false and undefined are left out) and children.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | undefined>} [attributes]
 * @param {...(Node | string)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : String(value))
  }
  element.append(...children)
  return element
}

/**
 * Parse HTML that our own server has cleaned; the one function that turns a string into elements.
 * @param {string} html
 */
export function fragmentOf(html) {
  return document.createRange().createContextualFragment(html)
}

/**
 * Fill in `{name}` in a text.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole))
}

/**
 * Return the words in `data-word-<name>` of an element, filled in.
 * @param {Element} element
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 */
export function word(element, name, values = {}) {
  return fill(element.getAttribute(`data-word-${name}`) ?? "", values)
}

/**
 * Return `data-word-<name>-one` or `data-word-<name>-many`, whichever suits `n`.
 * @param {Element} element
 * @param {string} name
 * @param {number} n
 */
export function counted(element, name, n) {
  return word(element, `${name}-${n === 1 ? "one" : "many"}`, { n })
}
