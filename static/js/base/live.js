// The socket of the page, and the places that it joins: their events, and from the database what was missed meanwhile.

import { fragmentOf } from "base/dom.js"
import { contentOf, STREAM } from "base/http.js"
import { changeOf, placeAll } from "base/place.js"
import { io } from "vendor/socket.io.js"

const HEARTBEAT = 25_000 // a place is joined again, and the reply shows whether an event was missed
const TIMEOUT = 8_000 // after this long without a reply, connecting or joining is tried again
const POLL = 4_000 // between two requests by plain HTTP while there is no socket

/** @type {import("vendor/socket.io.js").Socket | undefined} */
let socket
/** @type {Map<string, Place>} */
const places = new Map()

function connect() {
  if (socket) return socket
  socket = io({
    transports: ["websocket"],
    timeout: TIMEOUT,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.5,
  })
  const poll = () => {
    for (const place of places.values()) place.poll()
  }
  socket.on("connect", () => {
    for (const place of places.values()) place.join()
  })
  socket.on("disconnect", poll)
  socket.on("connect_error", poll)
  socket.on("told", (/** @type {PlaceEvent} */ event) => places.get(event.place)?.receive(event))
  socket.on("gone", (/** @type {{ place: string }} */ { place }) => places.get(place)?.revoke())
  return socket
}

/**
 * Listen to one of the small signals ("typing", "present", "notices"); return the function that stops it.
 * @param {string} name
 * @param {(data: any) => void} handler
 */
export function listen(name, handler) {
  const socket = connect()
  socket.on(name, handler)
  return () => socket.off(name, handler)
}

/**
 * Send a signal; without a connection it is dropped.
 * @param {string} name
 * @param {object} data
 */
export function signal(name, data) {
  if (socket?.connected) socket.emit(name, data)
}

/** A place that the page shows: joined over the socket, and caught up after any absence. */
export class Place {
  /** @type {PlaceState} */
  state = "connecting"
  #closing = new AbortController()
  #due = 0
  #catching = false
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #heartbeat
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pollTimer
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #polling

  /**
   * @param {object} options
   * @param {string} options.name as in "thread:7"
   * @param {number} options.seq the last change that the page shows
   * @param {string} options.url asked with `changed_after` for what was missed
   * @param {Element} options.target holds the things of the place
   * @param {PlaceHandlers} [options.on]
   */
  constructor({ name, seq, url, target, on = {} }) {
    this.name = name
    this.seq = seq
    this.url = url
    this.on = on
    this.target = target
  }

  /** Join the place, and stay joined until `close`. */
  open() {
    const until = { signal: this.#closing.signal }
    const resume = () => document.visibilityState === "visible" && this.catchUp()
    places.set(this.name, this)
    this.#heartbeat = setInterval(() => socket?.connected && this.join(), HEARTBEAT)
    document.addEventListener("visibilitychange", resume, until)
    window.addEventListener("online", resume, until)
    if (connect().connected) this.join()
    else this.#pollTimer = setTimeout(() => this.poll(), POLL) // a page that has just opened is still connecting
    return this
  }

  /** Leave the place. */
  close() {
    places.delete(this.name)
    this.#closing.abort()
    clearInterval(this.#heartbeat)
    this.#stopPolling()
    signal("leave", { place: this.name })
  }

  /** Join over the socket, and catch up if the server is further. */
  join() {
    const joined = (/** @type {Error | null} */ late, /** @type {{ error?: string, seq: number }} */ reply) => {
      if (this.#closing.signal.aborted) return
      if (late) return this.poll()
      if (reply.error) return this.revoke()
      this.#stopPolling()
      this.#enter("live")
      if (reply.seq > this.seq) this.catchUp(reply.seq)
    }
    connect().timeout(TIMEOUT).emit("join", { place: this.name }, joined)
  }

  /** Ask by plain HTTP every few seconds until the place is joined. */
  poll() {
    clearTimeout(this.#pollTimer)
    if (this.#closing.signal.aborted || this.#polling) return
    this.#enter("polling")
    this.#polling = setInterval(() => this.catchUp(), POLL)
  }

  /**
   * Show an event of the socket; where one is missing before it, catch up instead.
   * @param {PlaceEvent} event
   */
  receive(event) {
    if (event.seq <= this.seq) return
    if (event.seq > this.seq + 1) return this.catchUp(event.seq)
    this.seq = event.seq
    if (event.html) placeAll(this.target, fragmentOf(event.html))
    this.on.change?.(this.seq)
  }

  /**
   * Fetch what changed after the last known change, page by page, until nothing more comes. What the socket reports
   * meanwhile raises the number that is due, so that the server is asked once more.
   * @param {number} upTo
   */
  async catchUp(upTo = 0) {
    this.#due = Math.max(this.#due, upTo)
    if (this.#catching) return
    this.#catching = true
    try {
      while (await this.#catchUpOnce());
    } catch {
      // No network: the next poll, join or connection asks again.
    } finally {
      this.#catching = false
    }
  }

  /** Fetch one page of changes; return whether there may be more. */
  async #catchUpOnce() {
    const due = this.#due
    const response = await fetch(`${this.url}?changed_after=${this.seq}&limit=100`, {
      headers: { Accept: STREAM },
      signal: AbortSignal.timeout(TIMEOUT), // a connection may be lost without a word
    })
    if ([401, 403, 404].includes(response.status) || response.redirected) return this.revoke()
    if (!response.ok) return false
    const content = contentOf(await response.text())
    const placed = content ? placeAll(this.target, content) : []
    const last = Math.max(this.seq, ...placed.map(changeOf))
    if (placed.length) this.on.change?.(last)
    const complete = last === this.seq && due === this.#due
    this.seq = complete ? Math.max(last, due) : last
    return !complete
  }

  /** The reader has no access any more. */
  revoke() {
    this.#enter("gone")
    this.close()
    this.on.gone?.()
    return false
  }

  #stopPolling() {
    clearTimeout(this.#pollTimer)
    clearInterval(this.#polling)
    this.#polling = undefined
  }

  /** @param {PlaceState} state */
  #enter(state) {
    if (this.state === state) return
    this.state = state
    this.on.state?.(state)
  }
}
