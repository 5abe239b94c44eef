// The files on their way, sent one by one; one that fails waits to be tried again while the others go on.
import { fill, get } from "base/dom.js"
import { UploadRow } from "documents/upload-row.js"

/**
 * What the owner of the list decides.
 * @typedef {object} UploadHandlers
 * @property {() => FormData} fields gives the other fields that go along with each file
 * @property {(row: UploadRow, reply: import("documents/upload-row.js").Uploaded) => void} uploaded
 * @property {(version: number | undefined) => void} conflicted called when somebody else saved a version meanwhile
 * @property {(result: { done: number, failed: number }) => void} finished called when no file is waiting any more
 */

export class UploadList {
  #host
  #on
  /** @type {UploadRow[]} */
  #rows = []
  /** @type {Record<string, string>} */
  #words = {}
  /** @type {Promise<void> | undefined} */
  #fetching
  #starting = false

  /**
   * @param {HTMLElement} host the <cop-upload>: has the limits, the address and the elements of the list
   * @param {UploadHandlers} on
   */
  constructor(host, on) {
    this.#host = host
    this.#on = on
  }

  /** Whether a file is being sent, or is about to be. */
  get busy() {
    return this.#starting || this.#count("waiting") > 0 || this.#count("sending") > 0
  }

  /** Whether a file failed. */
  get failed() {
    return this.#count("failed") > 0
  }

  get template() {
    return get(this.#host, "template.upload-row", HTMLTemplateElement)
  }

  /** Fetch the words, with the first file that is chosen; where they don't come, files are sent without. */
  fetchWords() {
    this.#fetching ??= fetch(this.#host.dataset.words ?? "")
      .then((response) => response.json())
      .then(
        (words) => {
          this.#words = words
        },
        () => {
          this.#fetching = undefined
        },
      )
    return this.#fetching
  }

  /**
   * @param {string} name
   * @param {Record<string, string | number>} [values]
   */
  word(name, values = {}) {
    return fill(this.#words[name] ?? "", values)
  }

  tooLarge() {
    return this.word("tooLarge", { n: Math.floor(Number(this.#host.dataset.largest) / 1e6) })
  }

  /** @param {string} words */
  setStatus(words) {
    get(this.#host, ":scope > [role=status]").textContent = words
  }

  /**
   * Add files and send them.
   * @param {Iterable<File>} chosen
   * @param {boolean} anew whether they replace those that were chosen before
   */
  async add(chosen, anew) {
    const files = [...chosen] // what was dropped is gone a moment later
    this.#starting = true
    await this.fetchWords()
    this.#starting = false
    for (const row of this.#rows.filter(({ state }) => state === "done" || anew)) this.drop(row)
    this.setStatus("")
    for (const [n, file] of files.entries()) this.#addRow(file, n)
    this.#element.hidden = !this.#rows.length
    this.next()
  }

  /** Send the next file that is waiting. */
  next() {
    if (this.#count("sending")) return
    const row = this.#rows.find(({ state }) => state === "waiting")
    const { upload = "", own } = this.#host.dataset
    if (row) return row.send(upload, this.#on.fields(), own)
    const result = { done: this.#count("done"), failed: this.#count("failed") }
    if (result.done + result.failed > 1 && result.done) this.setStatus(this.word("over", result))
    this.#on.finished(result)
  }

  /**
   * @param {UploadRow} row
   * @param {import("documents/upload-row.js").Uploaded} reply
   */
  uploaded(row, reply) {
    this.#on.uploaded(row, reply)
  }

  /** @param {number | undefined} version */
  conflicted(version) {
    this.#on.conflicted(version)
  }

  /**
   * Take a file off the list.
   * @param {UploadRow} row
   */
  drop(row) {
    row.element.remove()
    this.#rows = this.#rows.filter((other) => other !== row)
    this.#element.hidden = !this.#rows.length
  }

  get #element() {
    return get(this.#host, ".uploads")
  }

  /** @param {import("documents/upload-row.js").UploadState} wanted */
  #count(wanted) {
    return this.#rows.filter(({ state }) => state === wanted).length
  }

  /**
   * @param {File} file
   * @param {number} n its place among those that were chosen together
   */
  #addRow(file, n) {
    const row = new UploadRow(this, file)
    const most = Number(this.#host.dataset.most)
    if (file.size > Number(this.#host.dataset.largest)) row.fail(this.tooLarge())
    else if (n >= most) row.fail(this.word("tooMany", { n: most }), true)
    this.#rows.push(row)
    this.#element.append(row.element)
  }
}
