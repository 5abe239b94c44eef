// Titles that the server suggests for what was typed so far.

const PAUSE = 200
const SHORTEST = 2

/** @typedef {{ url: string, title: string, noun: string }} Title */

/** Ask for titles a moment after the last key; only the last answer counts. */
export class Titles {
  #address
  #show
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** @type {AbortController | undefined} */
  #request

  /**
   * @param {string} address answers `?q=` with a list of titles
   * @param {(titles: Title[], typed: string) => void} show
   */
  constructor(address, show) {
    this.#address = address
    this.#show = show
  }

  /** @param {string} typed */
  look(typed) {
    this.stop()
    const words = typed.trim()
    if (words.length < SHORTEST) return this.#show([], words)
    this.#timer = setTimeout(() => this.#ask(words), PAUSE)
  }

  /** Forget the question that is under way. */
  stop() {
    clearTimeout(this.#timer)
    this.#request?.abort()
  }

  /** @param {string} words */
  async #ask(words) {
    this.#request = new AbortController()
    const { signal } = this.#request
    try {
      const address = `${this.#address}?q=${encodeURIComponent(words)}`
      const response = await fetch(address, { signal, headers: { Accept: "application/json" } })
      const { items } = response.ok ? await response.json() : { items: [] }
      if (!signal.aborted) this.#show(items, words)
    } catch {
      // Without a connection, or asked again meanwhile: the form can be sent as it is.
    }
  }
}
