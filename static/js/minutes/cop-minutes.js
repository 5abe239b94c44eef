// <cop-minutes>: the blocks of minutes, kept as they are on the server: their texts, their order and who writes which.

import { get, word } from "base/dom.js"
import { Place } from "base/live.js"
import { seqOf } from "base/place.js"

const LOOK = 5_000 // between two looks at whose hold has run out

class CopMinutes extends HTMLElement {
  /** @type {Place | undefined} */
  #place
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer
  /** @type {WeakMap<Element, number>} when the hold of a block runs out, by the clock of this browser */
  #ends = new WeakMap()

  connectedCallback() {
    const { place = "", seq = 0, url = "" } = this.dataset
    this.#place = new Place({
      name: place,
      seq: Number(seq),
      url,
      target: this.#blocks,
      on: {
        state: (state) => this.#say(state === "polling" ? "polling" : ""),
        change: (seq) => this.#changed(seq),
        gone: () => this.#say("gone"),
      },
    }).open()
    this.#timer = setInterval(() => this.#expire(), LOOK)
    this.#expire()
  }

  disconnectedCallback() {
    this.#place?.close()
    clearInterval(this.#timer)
  }

  get #blocks() {
    return get(this, "#blocks")
  }

  /** @param {string} name */
  #say(name) {
    get(this, "p[role=status]").textContent = name && word(this, name)
  }

  /**
   * Put the blocks in their order: one that moved is replaced where it was.
   * @param {number} seq
   */
  #changed(seq) {
    this.dataset.seq = String(seq) // for a page that Turbo keeps
    const blocks = /** @type {HTMLElement[]} */ ([...this.#blocks.children])
    const sorted = [...blocks].sort((one, other) => seqOf(one) - seqOf(other))
    if (blocks.some((block, index) => block !== sorted[index])) this.#blocks.append(...sorted)
    this.#expire()
  }

  /** Remove the names of those whose hold has run out. */
  #expire() {
    /** @type {NodeListOf<HTMLElement>} */
    const held = this.querySelectorAll("[data-left]")
    for (const block of held) {
      const ends = this.#ends.get(block) ?? Date.now() + Number(block.dataset.left) * 1000
      this.#ends.set(block, ends)
      if (ends < Date.now()) block.querySelector(".minutes-holder")?.remove()
    }
  }
}

customElements.define("cop-minutes", CopMinutes)
