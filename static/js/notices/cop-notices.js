// The bell: how much is unread, in the masthead and in the tab's title, as soon as somebody is told something.
import { listen } from "base/live.js"

const MOST = 99
const LATE = 2_000 // a page that is connected later than this may have missed something since it was drawn

class CopNotices extends HTMLElement {
  connectedCallback() {
    this.counter = document.getElementById("unread")
    document.addEventListener("click", this.open)
    this.drawn = Date.now()
    this.ends = [
      listen("notices", ({ unread }) => this.show(unread)),
      listen("disconnect", () => {
        this.away = true
      }),
      listen("connect", () => (this.away || Date.now() - this.drawn > LATE) && this.ask()),
    ]
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.open)
    for (const end of this.ends) end()
  }

  show(unread) {
    this.counter.textContent = unread > MOST ? `${MOST}+` : unread
    this.counter.hidden = unread === 0
    this.counter.parentElement.setAttribute("aria-label", this.dataset.wordUnread.replace("{n}", unread))
    const title = document.title.replace(/^\(\d+\) /, "")
    document.title = unread ? `(${unread}) ${title}` : title
  }

  // What was signalled while the connection was away is asked for.
  async ask() {
    this.away = false
    try {
      const answer = await fetch("/api/v1/notices/unread")
      if (answer.ok) this.show((await answer.json()).unread)
    } catch {
      this.away = true // the next connection asks again
    }
  }

  // A notice that is opened has been read, wherever it leads.
  open = (event) => {
    const notice = event.target.closest?.("a[data-notice]")?.dataset.notice
    if (!notice) return
    const headers = { "Content-Type": "application/json" }
    const body = JSON.stringify({ notice: Number(notice) })
    fetch("/api/v1/notices/reading", { method: "POST", keepalive: true, headers, body }).catch(() => {}) // then it stays unread
  }
}

customElements.define("cop-notices", CopNotices)
