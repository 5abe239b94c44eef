// The hold of a page on a block: taken when somebody types, renewed while they do, and freed when they stop.
//
// It is a courtesy: the version that a save is based on protects the text.

export const RENEWAL = 10_000 // between two signs that somebody is typing; the server counts three of these

/** @typedef {"free" | "mine" | "other" | "removed" | "gone" | "signed-out"} LeaseState */

/**
 * Sends a request and returns its response; throws without a connection.
 * @typedef {(method: string, address: string, body: object) => Promise<{ ok: boolean, status: number, json: () => Promise<any> }>} Send
 */

export class Lease {
  /** @type {LeaseState} */
  state = "free"
  #hold
  #release
  #token
  #send
  #now
  #tell
  #last = -Infinity

  /**
   * @param {object} options
   * @param {string} options.hold the address that holds the block
   * @param {string} options.release the one that frees it
   * @param {string} options.token of this page
   * @param {Send} options.send
   * @param {(state: LeaseState, holder: string) => void} options.tell called when the state changes
   * @param {() => number} [options.now]
   */
  constructor({ hold, release, token, send, tell, now = Date.now }) {
    this.#hold = hold
    this.#release = release
    this.#token = token
    this.#send = send
    this.#tell = tell
    this.#now = now
  }

  /** Take note that somebody types: take the block, or hold it longer. */
  async typed() {
    if (this.#now() - this.#last < RENEWAL) return
    this.#last = this.#now()
    try {
      const response = await this.#send("PUT", this.#hold, { token: this.#token })
      if (response.ok) this.#become("mine")
      else if (response.status === 409) {
        const { code, holder = "" } = await response.json()
        this.#become(code === "removed" ? "removed" : "other", holder)
      } else if (response.status === 401) this.#become("signed-out")
      else if (response.status === 404) this.#become("gone")
    } catch {
      // No connection: the next key tries again.
    }
  }

  /** Free the block: the writer went elsewhere. */
  async release() {
    const held = this.state === "mine"
    this.#last = -Infinity
    if (!held) return
    this.state = "free"
    try {
      await this.#send("PUT", this.#release, { token: this.#token })
    } catch {
      // It runs out by itself.
    }
  }

  /** Take note that a save freed the block. */
  saved() {
    this.state = "free"
    this.#last = -Infinity
  }

  /**
   * Take note that somebody else holds the block now; return whether it was taken from this page.
   * @param {string} holder
   */
  lost(holder) {
    const taken = this.state === "mine"
    if (!taken) this.#become("other", holder)
    this.state = "other"
    return taken
  }

  /** Take note that the block is free again. */
  freed() {
    if (this.state === "other") this.#become("free")
  }

  /**
   * @param {LeaseState} state
   * @param {string} [holder]
   */
  #become(state, holder = "") {
    if (state === this.state) return
    this.state = state
    this.#tell(state, holder)
  }
}
