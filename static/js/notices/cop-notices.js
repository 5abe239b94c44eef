// <cop-notices>: how many notices are unread, in the masthead and in the title of the tab, as soon as one comes in.
import { get, word } from "base/dom.js"
import { sendJSON } from "base/http.js"
import { listen } from "base/live.js"

const MOST = 99
const LATE = 2_000 // a page that connects later than this may have missed a notice since it was rendered

class CopNotices extends HTMLElement {
  #rendered = 0
  #missed = false
  /** @type {(() => void)[]} */
  #stops = []

  connectedCallback() {
    document.addEventListener("click", this.#markRead)
    this.#rendered = Date.now()
    this.#stops = [
      listen("notices", ({ unread }) => this.#show(unread)),
      listen("disconnect", () => {
        this.#missed = true
      }),
      listen("connect", () => (this.#missed || Date.now() - this.#rendered > LATE) && this.#refresh()),
    ]
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.#markRead)
    for (const stop of this.#stops) stop()
  }

  /** @param {number} unread */
  #show(unread) {
    const counter = get(document, "#unread")
    const n = unread > MOST ? `${MOST}+` : String(unread)
    counter.textContent = n
    counter.hidden = unread === 0
    counter.parentElement?.setAttribute("aria-label", word(this, "unread", { n }))
    const title = document.title.replace(/^\(\d+\+?\) /, "")
    document.title = unread ? `(${n}) ${title}` : title
  }

  /** Ask for the number: signals may have been missed while there was no connection. */
  async #refresh() {
    this.#missed = false
    try {
      const response = await fetch("/api/v1/notices/unread")
      if (response.ok) this.#show((await response.json()).unread)
    } catch {
      this.#missed = true // the next connection asks again
    }
  }

  /**
   * A notice that is opened has been read; without a connection it stays unread.
   * @param {MouseEvent} event
   */
  #markRead = ({ target }) => {
    const link = target instanceof Element && /** @type {HTMLElement | null} */ (target.closest("a[data-notice]"))
    if (!link) return
    sendJSON("POST", "/api/v1/notices/reading", { notice: Number(link.dataset.notice) }).catch(() => {})
  }
}

customElements.define("cop-notices", CopNotices)
