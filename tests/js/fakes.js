// What the tests use in place of a browser: storage, and lists of elements with the few properties that place.js uses.

// The page was made for person 4.
globalThis.document = { querySelector: () => ({ getAttribute: () => "4" }), dispatchEvent() {} }

/** Storage as in a browser: its own keys are what it holds. */
export class FakeStorage {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null
  }

  setItem(key, value) {
    this[key] = String(value)
  }

  removeItem(key) {
    delete this[key]
  }
}

/** An element of a list: an id, data-seq and data-changed. */
export class FakeElement extends EventTarget {
  parent = null

  constructor(id, dataset = {}, text = "") {
    super()
    this.id = id
    this.dataset = Object.fromEntries(Object.entries(dataset).map(([name, value]) => [name, String(value)]))
    this.text = text
  }

  get previousElementSibling() {
    return this.parent.children[this.parent.children.indexOf(this) - 1] ?? null
  }

  contains() {
    return false // the keyboard focus is a matter for the browser tests
  }

  replaceWith(other) {
    const { parent } = this
    parent.children.splice(parent.children.indexOf(this), 1, other)
    other.parent = parent
    this.parent = null
  }
}

/** A list of elements; it is the only one in its document. */
export class FakeList {
  children = []

  constructor(...elements) {
    for (const element of elements) this.insertBefore(element, null)
    globalThis.document = {
      ...globalThis.document,
      activeElement: null,
      getElementById: (id) => this.children.find((element) => element.id === id) ?? null,
    }
  }

  get lastElementChild() {
    return this.children.at(-1) ?? null
  }

  get ids() {
    return this.children.map(({ id }) => id)
  }

  insertBefore(element, before) {
    this.children.splice(before ? this.children.indexOf(before) : this.children.length, 0, element)
    element.parent = this
  }
}

/** Wait until what was started has gone as far as it can without a timer. */
export async function settle() {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}
