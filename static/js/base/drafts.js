// What somebody types in a form is kept as a draft (base/draft-store.js), and is there again after a reload.
import { get, make } from "base/dom.js"
import { DraftStore } from "base/draft-store.js"

const LISTS = ["files", "sources"]
const TRIES = 8
const WAIT = 100 // between two looks at which pages are open

/** @typedef {import("base/draft-store.js").Fields} Fields */

/**
 * A form whose fields are kept while somebody types. Its field client_id has the id of the draft; data-revision and
 * data-writer say which stored revision the page shows, and data-refused that its text was sent and refused.
 */
export class Draft {
  #form
  #names
  #store
  #leaving = new AbortController()
  #touched = false

  /**
   * @param {string} place as in "thread:7"
   * @param {HTMLFormElement} form
   * @param {string[]} names of the fields that are kept
   * @param {import("base/draft-store.js").DraftHandlers} [on]
   */
  constructor(place, form, names, on = {}) {
    this.#form = form
    this.#names = names
    this.#store = new DraftStore({
      place,
      viewer: get(document, "[data-viewer]").dataset.viewer ?? "",
      id: this.#idField?.value,
      revision: Number(form.dataset.revision ?? 0),
      writer: form.dataset.writer,
      on: {
        ...on,
        renamed: (id) => {
          if (this.#idField) this.#idField.value = id
        },
        found: (record) => this.#apply(record),
        stored: (revision, writer) => Object.assign(form.dataset, { revision, writer }), // for a page that Turbo keeps
      },
    })
    if (this.#idField) this.#idField.value = this.#store.id
    const { signal } = this.#leaving
    form.addEventListener("input", this.keep, { signal })
    window.addEventListener("pagehide", () => this.#store.flush(), { signal })
    window.addEventListener("online", () => this.#store.retry(), { signal })
    document.addEventListener("visibilitychange", () => document.hidden && this.#store.flush(), { signal })
    if (form.contains(document.activeElement) && this.#changed) this.keep() // typed before this module was there
    this.#hold()
    this.#restore()
  }

  /** The id of the draft: what posts it sends it as client_id. */
  get id() {
    return this.#store.id
  }

  keep = () => {
    this.#touched = true
    this.#store.keep(this.#fields(), this.#titles())
  }

  /** Note that the text is being posted; return its id. */
  posting() {
    return this.#store.posting()
  }

  /** The fields that say, along with a text that is posted, which stored revision it replaces. */
  get replaces() {
    return this.#store.replaces
  }

  /** Send what the server lacks, and wait for it. */
  flush() {
    return this.#store.flush()
  }

  /**
   * Take note that the text was stored under this id; return whether the form is to be emptied.
   * @param {string} id
   */
  posted(id) {
    const emptied = this.#store.posted(id)
    if (emptied) this.#touched = false
    return emptied
  }

  /** Go on with the text as another draft, to be posted as a new one. */
  fork() {
    this.#store.fork()
  }

  /** Begin a new draft: the text was stored, or was handed on to what posts it. */
  clear() {
    this.#store.clear()
    this.#touched = false
  }

  /** Take note that posting failed, or that no answer came. */
  notPosted() {
    this.#store.notPosted()
  }

  /** Take note that another text was posted under this id. */
  otherPosted() {
    this.#store.otherPosted()
  }

  close() {
    this.#leaving.abort()
    this.#store.close()
  }

  get #idField() {
    return /** @type {HTMLInputElement | null} */ (this.#form.elements.namedItem("client_id"))
  }

  get #changed() {
    return this.#names.some((name) => {
      const field = this.#form.elements.namedItem(name)
      const typed = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === "text")
      return typed && field.value !== field.defaultValue
    })
  }

  /** @returns {Fields} */
  #fields() {
    const data = new FormData(this.#form)
    const value = (/** @type {string} */ name) => (LISTS.includes(name) ? data.getAll(name) : (data.get(name) ?? ""))
    return Object.fromEntries(this.#names.map((name) => [name, value(name)]))
  }

  /** Return the titles of the attached files by id. */
  #titles() {
    /** @type {NodeListOf<HTMLInputElement>} */
    const files = this.#form.querySelectorAll("input[name=files]")
    return Object.fromEntries(
      [...files].map((file) => [file.value, file.closest("li")?.querySelector("bdi")?.textContent ?? ""]),
    )
  }

  async #restore() {
    const open = await this.#openPages()
    if (this.#leaving.signal.aborted || this.#touched) return // what was typed meanwhile is newer
    const refused = "refused" in this.#form.dataset
    const chosen = new URLSearchParams(location.search).get("draft") ?? ""
    const record = this.#store.restore({ alive: (lock) => open.has(lock), chosen, filled: refused })
    if (record) this.#apply(record)
    else if (refused) this.keep()
    else this.#awaitClosed(this.#store.left.find((lock) => open.has(lock)))
  }

  /**
   * Take up what another page left once that page is closed: on a busy device the one before a reload ends late.
   * @param {string | undefined} lock
   */
  #awaitClosed(lock) {
    if (!lock) return
    const { signal } = this.#leaving
    navigator.locks
      .request(lock, { mode: "shared", signal }, () => {})
      .then(() => this.#restore())
      .catch(() => {}) // this page is left first
  }

  /** Hold a lock as long as this page is open. */
  #hold() {
    const closed = new Promise((done) => this.#leaving.signal.addEventListener("abort", done, { once: true }))
    navigator.locks?.request(this.#store.lock, () => closed) // not on a page without TLS
  }

  /** Return the locks of the pages that are open. */
  async #openPages() {
    const { locks } = navigator // not on a page without TLS
    if (!locks) return new Set()
    // The page before a reload holds its lock a moment longer.
    for (let n = 0; ; n++) {
      const { held = [] } = await locks.query()
      const open = new Set(held.map(({ name }) => name))
      if (n === TRIES || !this.#store.left.some((lock) => open.has(lock))) return open
      await new Promise((done) => setTimeout(done, WAIT))
    }
  }

  /** @param {import("base/draft-store.js").DraftRecord} record */
  #apply({ fields, titles = {} }) {
    for (const [name, value] of Object.entries(fields)) {
      if (name === "client_id" || (name === "reply_to" && !fields.body)) continue // a reply without a text was dropped
      const field = this.#form.elements.namedItem(name)
      if (Array.isArray(value)) this.#add(name, value, titles)
      else if (field && "value" in field) field.value = value
    }
    this.#form.dispatchEvent(new CustomEvent("cop:restored", { bubbles: true }))
  }

  /**
   * Add the files and sources of a draft that the form lacks.
   * @param {string} name
   * @param {string[]} values
   * @param {Record<string, string>} titles
   */
  async #add(name, values, titles) {
    const there = new FormData(this.#form).getAll(name)
    const missing = values.filter((value) => !there.includes(value))
    if (name !== "files") {
      this.#form.append(...missing.map((value) => make("input", { type: "hidden", name, value })))
    } else if (missing.length) {
      await import("documents/cop-upload.js")
      const upload = /** @type {import("documents/cop-upload.js").CopUpload} */ (get(this.#form, "cop-upload"))
      for (const id of missing) upload.attach({ id, title: titles[id] ?? "" })
    }
  }
}
