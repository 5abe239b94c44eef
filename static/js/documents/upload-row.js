// One file on its way: its row in the list, its progress, and what became of it.
import { get } from "base/dom.js"
import { viewerHeader } from "base/http.js"

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
 * @property {string[]} [removed] what was taken out of a photograph
 */

/**
 * What the server replies when somebody else was first: the name is taken, or the document changed.
 * @typedef {object} Taken
 * @property {string} stored the key of the file, which has arrived
 * @property {number} version of the document, on which a new version is based
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
  /** @type {Taken | undefined} */
  #taken
  #sameName = ""

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
    for (const choice of ["version", "own"]) {
      this.#button(choice).addEventListener("click", () => this.#choose(choice))
    }
    this.#wait()
  }

  /**
   * Send the file along with the other fields of a form.
   * @param {string} address
   * @param {FormData} fields
   * @param {string} [own] the address for a document of its own, where that is another one
   */
  send(address, fields, own = address) {
    fields.set("client_id", this.#clientId)
    fields.delete("file")
    if (this.#taken) {
      fields.set("stored", this.#taken.stored)
      fields.set("same_name", this.#sameName)
      fields.set("base_version", String(this.#taken.version))
    } else fields.set("file", this.#file, this.#file.name)
    this.#enter("sending", this.#owner.word("sending", { n: 0 }))
    const request = new XMLHttpRequest() // which reports progress, as fetch does not
    this.#request = request
    request.open("POST", this.#sameName === "own" ? own : address)
    for (const [name, value] of Object.entries({ Accept: "application/json", ...viewerHeader() })) {
      request.setRequestHeader(name, value)
    }
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

  /** @param {string} choice */
  #button(choice) {
    return get(this.element, `[data-act=${choice}]`)
  }

  /** @param {string} choice what becomes of a file whose name is taken */
  #choose(choice) {
    this.#sameName = choice
    this.#stop.focus() // the button that was pressed goes away
    this.#again()
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
    for (const choice of ["version", "own"]) this.#button(choice).hidden = true
    this.element.classList.remove("is-asking")
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
    const without = reply.removed?.some((what) => what !== "other")
    const words = without ? "without" : reply.number > 1 ? "version" : "done"
    this.#enter("done", this.#owner.word(words, { n: reply.number }))
    this.#owner.uploaded(this, reply)
  }

  /**
   * @param {number} status
   * @param {{ errors?: Record<string, string>, detail?: string, version?: number, stored?: string }} problem
   */
  #refuse(status, { errors = {}, detail, version, stored }) {
    if (this.state !== "sending") return // stopped
    const reason = (Object.values(errors)[0] ?? detail)?.replace(`“${this.#file.name}”: `, "") // the row names the file
    if (status === 409) this.#owner.conflicted(version)
    if (status === 409 && stored && version) this.#ask({ stored, version }, reason ?? "")
    else if (status === 401) this.fail(this.#owner.word("signedOut"), true)
    else if (status === 413 && !reason) this.fail(this.#owner.tooLarge())
    else this.fail(reason || this.#owner.word("failed"), status !== 413 && status !== 422)
  }

  /**
   * The file waits until the person says what becomes of it.
   * @param {Taken} taken
   * @param {string} question
   */
  #ask(taken, question) {
    this.#taken = taken
    get(this.element, ".upload-state").setAttribute("role", "alert") // so that the question is read aloud
    this.fail(question)
    this.element.classList.add("is-asking")
    for (const choice of ["version", "own"]) {
      const button = this.#button(choice)
      button.hidden = false
      button.setAttribute("aria-label", `${button.textContent?.trim()}: ${this.#file.name}`)
    }
  }
}
