// What somebody types is kept: in the browser at once, on the server a moment later; both survive a reload.
import { get } from "base/dom.js"

const PAUSE = 1_500
const LISTS = ["files", "sources"]

/**
 * The fields of a form, kept for one person and one place.
 * @typedef {Record<string, any>} Fields
 */

/** The kept copies of one draft. */
export class DraftStore {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {object} options
   * @param {string} options.place as in "thread:7"
   * @param {string} options.viewer who types: after a session that expired the draft stays, and the next may be another
   * @param {(at: Date) => void} [options.onSaved] called when the server has it
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} [options.storage]
   */
  constructor({ place, viewer, onSaved, storage = localStorage }) {
    this.place = place
    this.key = `cop-draft:${viewer}:${place}`
    this.onSaved = onSaved
    this.storage = storage
  }

  /**
   * Return the kept fields to put in a form that has the `current` ones. There are none where the form has a text:
   * what the server rendered (its own draft, or a refused post) is newer.
   * @param {Fields} current
   * @returns {Fields}
   */
  restore(current) {
    const kept = this.storage.getItem(this.key)
    if (!kept || current.body) return {}
    const fields = JSON.parse(kept)
    if (!fields.body) delete fields.reply_to // a reply without a text was dropped
    return fields
  }

  /**
   * Keep these fields in the browser, and after a pause in typing on the server.
   * @param {Fields} fields
   */
  keep(fields) {
    this.storage.setItem(this.key, JSON.stringify(fields))
    this.stop()
    this.#timer = setTimeout(() => this.#send(fields), PAUSE)
  }

  /** Drop the copy in the browser; the server drops its own when the text is posted. */
  clear() {
    this.stop()
    this.storage.removeItem(this.key)
  }

  /** Send nothing more. */
  stop() {
    clearTimeout(this.#timer)
  }

  /** @param {Fields} fields */
  async #send(fields) {
    try {
      const response = await fetch(`/api/v1/drafts/${this.place}`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ fields }),
      })
      if (response.ok) this.onSaved?.(new Date())
    } catch {
      // The copy in the browser remains; the next change sends again.
    }
  }
}

/** A form whose fields are kept while somebody types. */
export class Draft {
  #form
  #names
  #store

  /**
   * @param {string} place as in "thread:7"
   * @param {HTMLFormElement} form
   * @param {string[]} names of the fields that are kept
   * @param {(at: Date) => void} [onSaved] called when the server has the draft
   */
  constructor(place, form, names, onSaved) {
    const viewer = get(document, "[data-viewer]").dataset.viewer ?? ""
    this.#form = form
    this.#names = names
    this.#store = new DraftStore({ place, viewer, onSaved })
    form.addEventListener("input", this.keep)
    this.#restore()
  }

  keep = () => this.#store.keep(this.#fields())

  clear() {
    this.#store.clear()
  }

  close() {
    this.#store.stop()
    this.#form.removeEventListener("input", this.keep)
  }

  #fields() {
    const data = new FormData(this.#form)
    const value = (/** @type {string} */ name) => (LISTS.includes(name) ? data.getAll(name) : (data.get(name) ?? ""))
    return Object.fromEntries(this.#names.map((name) => [name, value(name)]))
  }

  #restore() {
    const current = this.#fields()
    const fields = this.#store.restore(current)
    if (!Object.keys(fields).length) return
    for (const [name, value] of Object.entries(fields)) {
      const field = this.#form.elements.namedItem(name)
      if (field && "value" in field && !Array.isArray(value)) field.value = value
    }
    this.#form.dispatchEvent(new CustomEvent("cop:restored", { bubbles: true }))
  }
}
