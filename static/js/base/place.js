// Puts server-rendered things where they belong: once each, in the order of their place, the newest text winning.

const number = (element, name) => Number(element.dataset[name] ?? 0)

// Each top-level element carries an id, data-seq (its position) and data-changed (its last change).
export function placeAll(target, fragment) {
  const placed = []
  for (const element of [...fragment.children]) {
    const there = element.id && document.getElementById(element.id)
    if (there) {
      if (number(there, "changed") > number(element, "changed")) continue
      there.replaceWith(element)
    } else {
      insert(target, element)
    }
    placed.push(element)
    element.dispatchEvent(new CustomEvent("cop:placed", { bubbles: true, detail: { again: Boolean(there) } }))
  }
  return placed
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
