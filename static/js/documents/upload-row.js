// One file on its way: its row in the list, its progress, and what became of it.
import { get } from "base/dom.js"

/**
 * What a row needs to know of the list that it is in.
 * @typedef {object} RowOwner
 * @property {HTMLTemplateElement} template
 * @property {(name: string, values?: Record<string, string | number>) => string} word
 * @property {() => string} tooLarge the words for a file that is too large
 * @property {() => Promise<unknown>} fetchWords fetches the words
 * @property {() => void} next sends the next file
 * @property {(row: UploadRow, reply: Uploaded) => void} uploaded
 * @property {(version: number | undefined) => void} conflicted
 * @property {(row: UploadRow) => void} drop
 */

/**
 * What the server replies.
 * @typedef {object} Uploaded
 * @property {string | number} id
 * @property {string} title
 * @property {number} number of the version
 */

/** @typedef {"waiting" | "sending" | "done" | "failed"} UploadState */

export class UploadRow {
  /** @type {UploadState} */
  state = "waiting"
  #owner
  #file
  #clientId = crypto.randomUUID() // sent again, what had arrived changes nothing
  #bar
  #retry
  #stop
  /** @type {XMLHttpRequest | undefined} */
  #request

  /**
   * @param {RowOwner} owner
   * @param {File} file
   */
  constructor(owner, file) {
    this.#owner = owner
    this.#file = file
    this.element = /** @type {HTMLElement} */ (owner.template.content.firstElementChild?.cloneNode(true))
    this.#bar = get(this.element, "progress", HTMLProgressElement)
    this.#retry = get(this.element, "[data-act=retry]")
    this.#stop = get(this.element, "[data-act=stop]")
    get(this.element, "bdi").textContent = file.name
    this.#bar.setAttribute("aria-label", owner.word("progress", { name: file.name }))
    this.#stop.addEventListener("click", () => this.stop())
    this.#retry.addEventListener("click", () => this.#again())
    this.#wait()
  }

  /**
   * Send the file along with the other fields of a form.
   * @param {string} address
   * @param {FormData} fields
   */
  send(address, fields) {
    fields.set("client_id", this.#clientId)
    fields.set("file", this.#file, this.#file.name)
    this.#enter("sending", this.#owner.word("sending", { n: 0 }))
    const request = new XMLHttpRequest() // which reports progress, as fetch does not
    this.#request = request
    request.open("POST", address)
    request.setRequestHeader("Accept", "application/json")
    request.upload.addEventListener("progress", ({ loaded, total }) => this.#progress((loaded / total) * 100))
    request.addEventListener("loadend", () => this.#end(request))
    request.send(fields)
  }

  /**
   * The file can't be sent.
   * @param {string} words
   * @param {boolean} [again] whether it makes sense to try again
   */
  fail(words, again) {
    this.#enter("failed", words, again)
  }

  /** Stop what is under way; take what failed off the list. */
  stop() {
    if (this.state === "failed") return this.#owner.drop(this)
    this.fail(this.#owner.word("stopped"), true)
    this.#request?.abort()
  }

  async #again() {
    await this.#owner.fetchWords()
    this.#wait()
    this.#owner.next()
  }

  #wait() {
    this.#bar.value = 0
    this.#enter("waiting", this.#owner.word("waiting"))
  }

  /**
   * @param {UploadState} state
   * @param {string} words
   * @param {boolean} [again]
   */
  #enter(state, words, again = false) {
    this.state = state
    for (const name of ["sending", "done", "failed"]) this.element.classList.toggle(`is-${name}`, state === name)
    this.#setText(words)
    this.#retry.hidden = !again
    this.#stop.hidden = state === "done"
    this.#stop.title = this.#owner.word(state === "failed" ? "remove" : "stop", { name: this.#file.name })
    this.#stop.ariaLabel = this.#stop.title
  }

  /** @param {string} words */
  #setText(words) {
    get(this.element, ".upload-state span").textContent = words
  }

  /** @param {number} percentage */
  #progress(percentage) {
    const n = Math.floor(percentage)
    this.#bar.value = n
    if (this.state === "sending")
      this.#setText(n < 100 ? this.#owner.word("sending", { n }) : this.#owner.word("checking"))
  }

  /** @param {XMLHttpRequest} request */
  #end(request) {
    let reply = {}
    try {
      reply = JSON.parse(request.responseText)
    } catch {
      // No connection, or something between us and the server replied.
    }
    if (request.status === 201) this.#succeed(/** @type {Uploaded} */ (reply))
    else this.#refuse(request.status, reply)
    this.#owner.next()
  }

  /** @param {Uploaded} reply */
  #succeed(reply) {
    this.#enter("done", this.#owner.word(reply.number > 1 ? "version" : "done", { n: reply.number }))
    this.#owner.uploaded(this, reply)
  }

  /**
   * @param {number} status
   * @param {{ errors?: Record<string, string>, detail?: string, version?: number }} problem
   */
  #refuse(status, { errors = {}, detail, version }) {
    if (this.state !== "sending") return // stopped
    const reason = (Object.values(errors)[0] ?? detail)?.replace(`“${this.#file.name}”: `, "") // the row names the file
    if (status === 409) this.#owner.conflicted(version)
    if (status === 401) this.fail(this.#owner.word("signedOut"), true)
    else if (status === 413 && !reason) this.fail(this.#owner.tooLarge())
    else this.fail(reason || this.#owner.word("failed"), status !== 413 && status !== 422)
  }
}
