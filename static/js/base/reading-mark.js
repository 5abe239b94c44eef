// How far the reader has read, kept in data-mark of an element and sent to the server now and then.
import { sendJSON } from "base/http.js"

export class ReadingMark {
  #element
  #upTo
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer

  /**
   * @param {HTMLElement} element has data-mark and data-url
   * @param {() => number} upTo gives the number up to which everything has been read
   */
  constructor(element, upTo) {
    this.#element = element
    this.#upTo = upTo
  }

  /** The number up to which the server knows that everything has been read. */
  get saved() {
    return Number(this.#element.dataset.mark)
  }

  /** Whether the mark is about to be sent. */
  get scheduled() {
    return this.#timer !== undefined
  }

  /**
   * Send the mark after a pause, instead of when it was to be sent before.
   * @param {number} pause in milliseconds
   */
  schedule(pause) {
    this.cancel()
    this.#timer = setTimeout(() => this.send(), pause)
  }

  /** Send the mark at once if it moved; it never moves back. */
  send() {
    this.cancel()
    const seq = this.#upTo()
    if (seq <= this.saved) return
    this.#element.dataset.mark = String(seq)
    sendJSON("PUT", `${this.#element.dataset.url}/mark`, { seq }).catch(() => {})
  }

  /** Do not send the mark that was scheduled. */
  cancel() {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
