// Messages that the server has not acknowledged: kept in the browser, shown below the log as the server would render
// them, and sent in order until they are stored.
import { fragmentOf, get, make, word } from "base/dom.js"
import { contentOf, request, STREAM } from "base/http.js"
import { placeAll } from "base/place.js"

const RETRY = 4_000

/**
 * A message that the reader sends.
 * @typedef {object} NewMessage
 * @property {string} body
 * @property {number[]} files
 * @property {string[]} names of the files
 * @property {number | null} reply_to
 * @property {Record<string, string>} [replaces] which revision of the draft it was (base/draft-store.js)
 */

/**
 * A message that is kept. It has `failed` when the last try failed: `refused` for good, `signedOut` until the reader
 * signs in, else until the server can be reached. `repeated`: its key is that of a message with another text.
 * @typedef {NewMessage & { client_id: string, at: number, failed?: boolean, refused?: boolean, signedOut?: boolean,
 *   repeated?: boolean, words?: string }} Entry
 */

/**
 * What became of a try; "stored" also shows the message.
 * @typedef {{ state: "stored" | "unreachable" | "refused" | "repeated" | "signed-out", words?: string }} Outcome
 */

/**
 * Shows the entries on their way.
 * @typedef {object} OutboxView
 * @property {(entry: Entry) => void} show
 * @property {(entry: Entry) => void} update shows how it fares
 * @property {(id: string) => void} remove
 */

export class Outbox {
  #prefix
  #post
  #view
  #storage
  #busy = false
  #closed = false
  /** @type {Map<string, Entry>} what the browser has no space to keep: lost when the page is left */
  #unkept = new Map()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {object} options
   * @param {string} options.place as in "room:1"
   * @param {string} options.viewer whose messages: the next person at this browser may be another
   * @param {(entry: Entry) => Promise<Outcome>} options.post sends one message
   * @param {OutboxView} options.view
   * @param {Storage} [options.storage]
   */
  constructor({ place, viewer, post, view, storage = localStorage }) {
    this.#prefix = `cop-draft:sending:${place}:${viewer}:` // signing out clears what begins as drafts do
    this.#post = post
    this.#view = view
    this.#storage = storage
  }

  /** Show what was kept, and send it. */
  open() {
    for (const entry of this.entries()) this.#view.show(entry)
    return this.flush()
  }

  /** Send nothing more. */
  close() {
    clearTimeout(this.#timer)
    this.#closed = true
  }

  /**
   * Return the messages that are kept, in the order in which they were sent.
   * @returns {Entry[]}
   */
  entries() {
    const kept = Object.keys(this.#storage)
      .filter((key) => key.startsWith(this.#prefix))
      .map((key) => JSON.parse(this.#storage.getItem(key) ?? ""))
    return [...kept, ...this.#unkept.values()].sort((a, b) => a.at - b.at)
  }

  /**
   * Keep, show and send a message.
   * @param {NewMessage} message
   * @param {string} [client_id]
   */
  add({ body, files, names, reply_to, replaces }, client_id = crypto.randomUUID()) {
    const last = this.entries().at(-1)?.at ?? 0
    const entry = { body, files, names, reply_to, replaces, client_id, at: Math.max(Date.now(), last + 1) }
    this.#keep(entry)
    this.#view.show(entry)
    return this.flush()
  }

  /** Send one message after the other, so that they arrive in order; try again after a pause where one fails. */
  async flush() {
    if (this.#busy || this.#closed) return
    this.#busy = true
    clearTimeout(this.#timer)
    try {
      let entry = this.#next()
      while (entry && (await this.#send(entry))) entry = this.#next()
      if (entry && !this.#closed) this.#timer = setTimeout(() => this.flush(), RETRY)
    } finally {
      this.#busy = false
    }
  }

  /**
   * Try a message again that failed.
   * @param {string} id
   */
  retry(id) {
    const found = this.#find(id)
    if (!found) return
    const { refused, failed, signedOut, repeated, words, ...entry } = found
    this.#keep(entry)
    this.#view.update(entry)
    return this.flush()
  }

  /**
   * Send a refused message as a new one, where its key is that of a message with another text.
   * @param {string} id
   */
  sendAnew(id) {
    const entry = this.take(id)
    if (entry) return this.add(entry)
  }

  /**
   * Take a message back, to be changed.
   * @param {string} id
   */
  take(id) {
    const entry = this.#find(id)
    this.remove(id)
    return entry
  }

  /**
   * Drop a message that has arrived in the room, unless what arrived under its key has another text.
   * @param {string} id
   */
  acknowledge(id) {
    if (!this.#find(id)?.repeated) this.remove(id)
  }

  /**
   * Drop a message: it was stored, or thrown away.
   * @param {string} id
   */
  remove(id) {
    this.#storage.removeItem(this.#prefix + id)
    this.#unkept.delete(id)
    this.#view.remove(id)
  }

  #next() {
    return this.entries().find((entry) => !entry.refused)
  }

  /** @param {string} id */
  #find(id) {
    return this.entries().find((entry) => entry.client_id === id)
  }

  /** @param {Entry} entry */
  #keep(entry) {
    try {
      this.#storage.setItem(this.#prefix + entry.client_id, JSON.stringify(entry))
      this.#unkept.delete(entry.client_id)
    } catch {
      this.#unkept.set(entry.client_id, entry)
    }
  }

  /**
   * Send a message; return whether the server decided on it: stored it, or refused it for good.
   * @param {Entry} sent
   */
  async #send(sent) {
    const { state, words } = await this.#post(sent)
    if (state === "stored") {
      this.remove(sent.client_id)
      return true
    }
    const entry = this.#find(sent.client_id)
    if (!entry) return true // the live connection brought it meanwhile
    const repeated = state === "repeated"
    const refused = state === "refused" || repeated
    const failed = { ...entry, failed: true, signedOut: state === "signed-out", refused, repeated, words }
    this.#keep(failed)
    this.#view.update(failed)
    return refused
  }
}

/** The view of an outbox. */
export class Sending {
  #room
  #template
  #messages
  #list
  #changed

  /**
   * @param {HTMLElement} room the <cop-chat>
   * @param {() => void} changed called when a message was added or taken away
   */
  constructor(room, changed) {
    this.#room = room
    this.#template = get(room, "#sent-message", HTMLTemplateElement)
    this.#messages = get(room, "#messages")
    this.#list = get(room, "#sending")
    this.#changed = changed
    this.#list.replaceChildren()
  }

  /** @param {Entry} entry */
  show(entry) {
    const message = /** @type {HTMLElement} */ (this.#template.content.firstElementChild?.cloneNode(true))
    const text = make("p")
    text.innerText = entry.body // which turns line ends into elements
    message.dataset.client = entry.client_id
    get(message, ".message-text").replaceChildren(text)
    if (entry.names?.length) get(message, ".message-text").after(filesOf(entry.names))
    this.#list.append(message)
    this.update(entry)
    this.#changed()
  }

  /**
   * Show how a message fares; the words of a refusal and what can be done about it.
   * @param {Entry} entry
   */
  update(entry) {
    const message = this.#find(entry.client_id)
    if (!message) return
    message.classList.toggle("is-failed", Boolean(entry.failed))
    message.classList.toggle("is-sending", !entry.failed)
    /** @type {Record<string, boolean | undefined>} */
    const holds = {
      sending: !entry.failed,
      failed: entry.failed,
      retry: entry.failed && !entry.repeated,
      refused: entry.refused && !entry.repeated,
      repeated: entry.repeated,
      "signed-out": entry.signedOut,
    }
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (message.querySelectorAll("[data-when]"))) {
      part.hidden = !holds[part.dataset.when ?? ""]
    }
    if (entry.words) get(message, "[data-when=failed] span").textContent = entry.words
  }

  /** @param {string} id */
  remove(id) {
    this.#find(id)?.remove()
    this.#changed()
  }

  /**
   * Post a message; the room shows the one that the server rendered once it is stored.
   * @param {Entry} entry
   * @returns {Promise<Outcome>}
   */
  async post({ client_id, body, reply_to, files, replaces }) {
    const message = JSON.stringify({ client_id, body, files, ...(reply_to && { reply_to }), ...replaces })
    const { response, text } = await this.#request(message, STREAM)
    if (!response || response.status >= 500 || response.status === 429) return { state: "unreachable" }
    if (response.redirected || response.status === 401)
      return { state: "signed-out", words: word(this.#room, "signin") }
    if (response.status === 409) return this.#repeated(message)
    if (!response.ok) return { state: "refused", words: reasonIn(text) }
    const content = contentOf(text)
    if (!content) return { state: "unreachable" }
    placeAll(this.#messages, content)
    return { state: "stored" }
  }

  /**
   * @param {string} message
   * @param {string} format
   */
  #request(message, format) {
    const headers = { Accept: format, "Content-Type": "application/json" }
    return request(`${this.#room.dataset.url}/messages`, { method: "POST", headers, body: message })
  }

  /**
   * Ask again, as data, which text the message has that was stored with this key.
   * @param {string} message
   * @returns {Promise<Outcome>}
   */
  async #repeated(message) {
    const { response, text } = await this.#request(message, "application/json")
    if (response?.status !== 409) return { state: "unreachable" }
    const { stored, detail } = JSON.parse(text)
    const words = stored ? word(this.#room, "repeated", { stored: fragmentOf(stored.html).textContent ?? "" }) : detail
    return { state: "repeated", words }
  }

  /** @param {string} id */
  #find(id) {
    return this.#list.querySelector(`[data-client="${id}"]`)
  }
}

/**
 * Return the first reason on a page that refuses a message.
 * @param {string} page
 */
function reasonIn(page) {
  return fragmentOf(page).querySelector(".errors li, .stopped > p:not(.stopped-code)")?.textContent ?? undefined
}

/**
 * Return a list of the files that go along; that of the server has links to them.
 * @param {string[]} names
 */
function filesOf(names) {
  const items = names.map((name) => make("li", { class: "attachment" }, make("bdi", {}, name)))
  return make("ul", { class: "attachments" }, ...items)
}
