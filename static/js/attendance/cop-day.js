// <cop-day>: a screen of a meeting's day. It fetches its whole state on every connection, when something changes, and when
// what is now ends; and counts down by the clock of the server, also after the phone slept.

import { get, word } from "base/dom.js"
import { listen, Place } from "base/live.js"

const SECOND = 1_000
const AGAIN = 5_000 // between two requests for what comes after a block that ended

class CopDay extends HTMLElement {
  /** @type {Place | undefined} */
  #place
  #closing = new AbortController()
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer
  /** @type {(() => void) | undefined} */
  #unlisten
  /** How far the clock of the server is ahead of that of this browser. */
  #ahead = 0
  #asked = 0

  connectedCallback() {
    const { place = "", url = "", leave } = this.dataset
    this.#closing = new AbortController()
    this.#setClock()
    this.#place = new Place({
      name: place,
      seq: 0, // joining fetches the state anew: the page may come from a cache
      url,
      target: get(this, "[data-state]"),
      on: {
        state: (state) => this.#connection(state),
        change: () => this.#setClock(),
        gone: () => this.#say("gone"),
      },
    }).open()
    this.#unlisten = listen("changed", (event) => event.place === place && this.#place?.catchUp(event.seq))
    this.#timer = setInterval(() => this.#tick(), SECOND)
    if (leave) this.#leaveWithEscape(leave)
    this.#tick()
  }

  disconnectedCallback() {
    this.#place?.close()
    this.#unlisten?.()
    this.#closing.abort()
    clearInterval(this.#timer)
  }

  /** @param {string} url */
  #leaveWithEscape(url) {
    const leave = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape" && !event.defaultPrevented) location.assign(url)
    }
    document.addEventListener("keydown", leave, { signal: this.#closing.signal })
  }

  /** @param {PlaceState} state */
  #connection(state) {
    if (state === "gone") return
    this.#say(state === "polling" ? "polling" : "")
    if (state !== "live" && this.#place) this.#place.seq = 0
  }

  /** @param {string} name */
  #say(name) {
    get(this, "[role=status]").textContent = name && word(this, name)
  }

  #setClock() {
    const state = get(this, "[data-clock]")
    this.#ahead = Number(state.dataset.clock) - Date.now()
    this.#tick()
  }

  #tick() {
    /** @type {HTMLElement | null} */
    const shown = this.querySelector("[data-until]")
    if (!shown) return
    const now = Date.now()
    const left = Math.ceil((Number(shown.dataset.until) - now - this.#ahead) / SECOND)
    shown.hidden = left > 24 * 3600
    shown.textContent = clockOf(Math.max(left, 0))
    if (left <= 0 && this.#place && now - this.#asked > AGAIN) {
      this.#asked = now
      this.#place.seq = 0
      this.#place.catchUp()
    }
  }
}

/**
 * Return a number of seconds as 1:02:03, or 2:03.
 * @param {number} seconds
 */
function clockOf(seconds) {
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0")
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`
}

customElements.define("cop-day", CopDay)
