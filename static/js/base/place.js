// Puts server-rendered things where they belong: once each, in the order of their place, the newest text winning.

const number = (element, name) => Number(element.dataset[name] ?? 0)

// The seq of an element's last change: that of its position while nothing has changed.
export const changed = (element) => Number(element.dataset.changed ?? element.dataset.seq ?? 0)

// Each top-level element carries an id, data-seq (its position) and, once changed, data-changed (its last change).
export function placeAll(target, fragment) {
  const placed = []
  for (const element of [...fragment.children]) {
    const there = element.id && document.getElementById(element.id)
    if (there) {
      if (changed(there) > changed(element)) continue
      replace(there, element)
    } else {
      insert(target, element)
    }
    placed.push(element)
    element.dispatchEvent(new CustomEvent("cop:placed", { bubbles: true, detail: { again: Boolean(there) } }))
  }
  return placed
}

// Who stands on something in it with the keyboard stands on the same in the new one.
function replace(there, element) {
  const at = there.contains(document.activeElement) ? document.activeElement : null
  there.replaceWith(element)
  if (!at) return
  const leads = (one) => one.getAttribute("href") ?? one.form?.getAttribute("action")
  const same = [...element.querySelectorAll(at.localName)].find((one) => leads(one) === leads(at))
  const focus = same ?? element.querySelector("a, button")
  focus?.focus({ preventScroll: true })
}

function insert(target, element) {
  let before = null
  for (let sibling = target.lastElementChild; sibling; sibling = sibling.previousElementSibling) {
    if (sibling.dataset.seq === undefined) continue
    if (number(sibling, "seq") < number(element, "seq")) break
    before = sibling
  }
  target.insertBefore(element, before)
}

// Fragments come from our own server, cleaned there; the one place that turns a string into elements.
export function fragmentOf(html) {
  return document.createRange().createContextualFragment(html)
}
