// <cop-chat>: a room: its live messages, the composer, who is there, and what is done with a message.
import { closesDialog } from "base/actions-dialog.js"
import { get, word } from "base/dom.js"
import { Place } from "base/live.js"
import { ReadingMark } from "base/reading-mark.js"
import { Actions } from "chat/actions.js"
import { Composer } from "chat/composer.js"
import { Log } from "chat/log.js"
import { Presence } from "chat/presence.js"

const FIRST_MARK = 1_000
const MARK = 10_000 // between two marks of how far the reader has read

class CopChat extends HTMLElement {
  /** @type {HTMLFormElement | null} */
  #form
  /** @type {HTMLDialogElement} */
  #dialog
  /** @type {Log} */
  #log
  /** @type {Composer | undefined} */
  #composer
  /** @type {Actions} */
  #actions
  /** @type {Presence} */
  #presence
  /** @type {import("chat/selection.js").Selection | undefined} */
  #selection
  /** @type {Place} */
  #place
  /** @type {ReadingMark} */
  #mark
  /** @type {AbortController} */
  #leaving
  #marked = false
  #counting = false

  connectedCallback() {
    this.#form = this.querySelector("form.composer-chat")
    this.#dialog = get(this, "dialog", HTMLDialogElement)
    this.#leaving = new AbortController()
    this.#log = new Log(this, { seen: () => this.#read(), unseen: (n) => this.#countInTitle(n) })
    this.#place = new Place({
      name: this.dataset.place ?? "",
      seq: Number(this.dataset.seq),
      url: `${this.dataset.url}/messages`,
      target: this.#log.list,
      on: {
        change: (seq) => {
          this.dataset.seq = String(seq) // a page that Turbo restores goes on from here
        },
        gone: () => this.#close(),
        state: (state) => this.#show(state),
      },
    })
    this.#mark = new ReadingMark(this, () => this.#place.seq)
    this.#log.open()
    if (this.#form) {
      const on = { changed: () => this.#log.arrange(), sent: () => this.#log.toEnd() }
      this.#composer = new Composer(this, this.#form, on)
    }
    this.#actions = new Actions(this, this.#dialog, this.#log, this.#composer)
    this.#listen(this.#leaving)
    this.#presence = new Presence(this)
    this.#show("connecting")
    this.#place.open()
    if (this.classList.contains("is-choosing")) this.#choose(true)
  }

  disconnectedCallback() {
    this.#leaving.abort()
    if (this.#mark.scheduled) this.#mark.send()
    this.#place.close()
    this.#log.close()
    this.#composer?.close()
    this.#presence.close()
    this.#selection?.close()
    this.#composer = this.#selection = undefined
    this.#countInTitle(0)
  }

  /** @param {AbortController} controller */
  #listen({ signal }) {
    this.addEventListener("click", this.#click, { signal })
    this.addEventListener("submit", this.#submit, { signal })
    this.addEventListener("cop:placed", this.#placed, { signal })
    document.addEventListener("visibilitychange", this.#changeVisibility, { signal })
    window.addEventListener("pagehide", this.#leave, { signal })
    for (const event of ["online", "offline"]) {
      window.addEventListener(event, () => this.#show(this.#place.state), { signal })
    }
  }

  // The connection

  /** @param {PlaceState} state */
  #show(state) {
    const status = get(this, ".room-state[role=status]")
    status.textContent = word(this, state === "polling" && !navigator.onLine ? "offline" : state)
    status.classList.toggle("is-away", state !== "live")
    if (state !== "live") return
    this.#composer?.outbox.flush()
    this.#presence.refresh()
  }

  /** The reader has no access any more. */
  #close() {
    this.#composer?.outbox.close()
    this.#log.empty()
    document.querySelector("#present")?.replaceChildren()
    this.#dialog.close()
    for (const control of this.querySelectorAll("textarea, button, input")) control.toggleAttribute("disabled", true)
    get(this, "[data-enter]").hidden = false
  }

  /** @param {CustomEvent<{ again: boolean }>} event */
  #placed = ({ target, detail }) => {
    const { author, client } = /** @type {HTMLElement} */ (target).dataset
    if (!detail.again) this.#presence.stopTyping(Number(author))
    if (client && author === this.dataset.viewer) this.#composer?.outbox.remove(client) // it has arrived
  }

  // How far the reader has read: sent soon after coming, then now and then, and when leaving

  #read() {
    if (this.#mark.scheduled || this.#place.seq <= this.#mark.saved) return
    this.#mark.schedule(this.#marked ? MARK : FIRST_MARK)
    this.#marked = true
  }

  #leave = () => this.#mark.scheduled && this.#mark.send()

  #changeVisibility = () => {
    if (document.visibilityState === "visible") this.#log.scrolled()
    else this.#leave()
  }

  /**
   * Count in the title what came in while the page was out of sight; afterwards, as everywhere, the unread notices.
   * @param {number} unseen
   */
  #countInTitle(unseen) {
    const away = unseen > 0 && document.visibilityState !== "visible"
    if (!away && !this.#counting) return
    this.#counting = away
    const count = away ? unseen : document.querySelector("#unread:not([hidden])")?.textContent
    const title = document.title.replace(/^\(\d+\+?\) /, "")
    document.title = count ? `(${count}) ${title}` : title
  }

  // Clicks and forms

  /** @param {MouseEvent} event */
  #click = (event) => {
    const target = /** @type {Element} */ (event.target)
    if (closesDialog(this.#dialog, target)) return this.#dialog.close()
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("[data-act]"))
    if (!link || event.metaKey || event.ctrlKey) return
    const choice = ["choose", "choose-not"].indexOf(link.dataset.act ?? "")
    if (choice >= 0) this.#choose(choice === 0)
    else if (this.#actions.run(link) === false) return
    event.preventDefault()
  }

  /**
   * Choose messages for a thread, or stop that.
   * @param {boolean} on
   */
  async #choose(on) {
    const { Selection } = await import("chat/selection.js") // loaded when it is needed
    this.#selection ??= new Selection(this)
    this.#selection.toggle(on)
  }

  /** @param {SubmitEvent} event */
  #submit = (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target)
    if (form.id === "harvest") return
    if (form === this.#form && !this.#log.complete) return this.#composer?.clearDraft() // the form leads to the newest
    event.preventDefault()
    if (form === this.#form) this.#composer?.send()
    else this.#actions.post(form, event.submitter)
  }
}

customElements.define("cop-chat", CopChat)
