// Messages that the server has not acknowledged: kept in the browser, and sent in order until they are stored.

const RETRY = 4_000

/**
 * A message that the reader sends.
 * @typedef {object} NewMessage
 * @property {string} body
 * @property {number[]} files
 * @property {string[]} names of the files
 * @property {number | null} reply_to
 */

/**
 * A message that is kept. It has `failed` when the last try failed: `refused` for good, `signedOut` until the reader
 * signs in, else until the server can be reached.
 * @typedef {NewMessage & { client_id: string, at: number, failed?: boolean, refused?: boolean, signedOut?: boolean,
 *   words?: string }} Entry
 */

/**
 * What became of a try; "stored" also shows the message.
 * @typedef {{ state: "stored" | "unreachable" | "refused" | "signed-out", words?: string }} Outcome
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
    return Object.keys(this.#storage)
      .filter((key) => key.startsWith(this.#prefix))
      .map((key) => JSON.parse(this.#storage.getItem(key) ?? ""))
      .sort((a, b) => a.at - b.at)
  }

  /**
   * Keep, show and send a message.
   * @param {NewMessage} message
   * @param {string} [client_id]
   */
  add(message, client_id = crypto.randomUUID()) {
    const last = this.entries().at(-1)?.at ?? 0
    const entry = { ...message, client_id, at: Math.max(Date.now(), last + 1) }
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
    const { refused, failed, signedOut, words, ...entry } = found
    this.#keep(entry)
    this.#view.update(entry)
    return this.flush()
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
   * Drop a message: it was stored, or thrown away.
   * @param {string} id
   */
  remove(id) {
    this.#storage.removeItem(this.#prefix + id)
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
    this.#storage.setItem(this.#prefix + entry.client_id, JSON.stringify(entry))
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
    const failed = { ...entry, failed: true, signedOut: state === "signed-out", refused: state === "refused", words }
    this.#keep(failed)
    this.#view.update(failed)
    return state === "refused"
  }
}
