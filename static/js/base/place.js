// Puts things that the server rendered in a list: each once, in the order of their position, the newest version shown.
//
// A top-level element has an id, data-seq (its position) and, once it was changed, data-changed (its last change).

/**
 * Return the position of an element.
 * @param {HTMLElement} element
 */
export const seqOf = (element) => Number(element.dataset.seq ?? 0)

/**
 * Return the number of an element's last change: its position while nothing has changed.
 * @param {HTMLElement} element
 */
export const changeOf = (element) => Number(element.dataset.changed ?? element.dataset.seq ?? 0)

/**
 * Put the elements of `fragment` in `target`, and return those that were put there.
 * @param {Element} target
 * @param {ParentNode} fragment
 */
export function placeAll(target, fragment) {
  const placed = []
  for (const element of /** @type {HTMLElement[]} */ ([...fragment.children])) {
    const shown = element.id ? document.getElementById(element.id) : null
    if (shown) {
      if (changeOf(shown) > changeOf(element)) continue
      replace(shown, element)
    } else {
      insert(target, element)
    }
    placed.push(element)
    element.dispatchEvent(new CustomEvent("cop:placed", { bubbles: true, detail: { again: Boolean(shown) } }))
  }
  return placed
}

/**
 * Replace an element; the keyboard focus in it moves to the same control of the new one.
 * @param {HTMLElement} shown
 * @param {HTMLElement} element
 */
function replace(shown, element) {
  const focused = shown.contains(document.activeElement) ? document.activeElement : null
  shown.replaceWith(element)
  if (!focused) return
  const same = [...element.querySelectorAll(focused.localName)].find((other) => addressOf(other) === addressOf(focused))
  const focus = /** @type {HTMLElement | null} */ (same ?? element.querySelector("a, button"))
  focus?.focus({ preventScroll: true })
}

/** @param {Element} control */
function addressOf(control) {
  const form = "form" in control ? /** @type {HTMLButtonElement} */ (control).form : null
  return control.getAttribute("href") ?? control.getAttribute("formaction") ?? form?.getAttribute("action")
}

/**
 * Insert an element behind those that precede it; elements without a position do not count.
 * @param {Element} target
 * @param {HTMLElement} element
 */
function insert(target, element) {
  let before = null
  for (let sibling = target.lastElementChild; sibling; sibling = sibling.previousElementSibling) {
    const other = /** @type {HTMLElement} */ (sibling)
    if (other.dataset.seq === undefined) continue
    if (seqOf(other) < seqOf(element)) break
    before = other
  }
  target.insertBefore(element, before)
}
