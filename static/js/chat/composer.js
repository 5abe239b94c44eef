// The composer of a room: the text with its draft, the message that is answered, and what is on its way.
import { get, word } from "base/dom.js"
import { Draft } from "base/drafts.js"
import { signal } from "base/live.js"
import { Outbox } from "chat/outbox.js"
import { Sending } from "chat/sending.js"

export const TYPING = 3_000 // between two signals that somebody types

export class Composer {
  #room
  #form
  #text
  #replyTo
  #quote
  #draft
  #sent
  #typed = 0

  /**
   * @param {HTMLElement} room the <cop-chat>
   * @param {HTMLFormElement} form
   * @param {{ changed: () => void, sent: () => void }} on called when the messages on their way change; after sending
   */
  constructor(room, form, { changed, sent }) {
    this.#room = room
    this.#form = form
    this.#sent = sent
    this.#text = get(form, "[name=body]", HTMLTextAreaElement)
    this.#replyTo = get(form, "[name=reply_to]", HTMLInputElement)
    this.#quote = get(form, ".composer-quote")
    const view = new Sending(room, changed)
    const { place = "", viewer = "" } = room.dataset
    this.outbox = new Outbox({ place, viewer, view, post: (entry) => view.post(entry) })
    this.outbox.open()
    const key = get(form, "[name=client_id]", HTMLInputElement)
    if (this.outbox.entries().some(({ client_id }) => client_id === key.value)) {
      this.#text.value = key.value = "" // on its way
      form.dataset.revision = "0"
    }
    this.#draft = new Draft(place, form, ["body", "reply_to", "files"])
    // The draft of the browser may answer a message of which the server knew nothing when it rendered the page.
    if (this.#quote.hidden) this.#answer(document.getElementById(`message-${this.#replyTo.value}`))
    form.addEventListener("keydown", this.#submitByKey)
    form.addEventListener("input", this.#type)
  }

  close() {
    this.outbox.close()
    this.#draft.close()
  }

  /** Forget the draft: the form itself is sent. */
  clearDraft() {
    this.#draft.clear()
  }

  /** Send what is written. */
  send() {
    const files = new FormData(this.#form).getAll("files").map(Number)
    const body = this.#text.value.trim()
    if (!body && !files.length) return this.#text.focus()
    const names = [...this.#form.querySelectorAll(".attachments bdi")].map(({ textContent }) => textContent ?? "")
    this.outbox.add({ body, files, names, reply_to: Number(this.#replyTo.value) || null }, this.#draft.id)
    this.#draft.clear() // the outbox keeps the text, under the id of the draft, which ends when the message is stored
    this.#form.reset()
    this.#text.value = ""
    this.#text.removeAttribute("aria-invalid")
    this.#typed = 0
    this.#answer(null)
    this.#sent()
    this.#text.focus()
  }

  /**
   * Answer a message, or none.
   * @param {HTMLElement | null} message
   */
  reply(message) {
    this.#answer(message)
    this.#text.focus()
    this.#draft.keep()
  }

  /**
   * Put a message that was refused back in the composer, above the text there.
   * @param {string} id
   */
  async amend(id) {
    const entry = this.outbox.take(id)
    if (!entry) return
    this.#text.value = [entry.body, this.#text.value.trim()].filter(Boolean).join("\n\n")
    this.#measure()
    this.reply(document.getElementById(`message-${entry.reply_to}`))
    if (!entry.files.length) return
    await customElements.whenDefined("cop-upload") // the focus in the composer has it fetched
    const upload = /** @type {import("documents/cop-upload.js").CopUpload} */ (get(this.#form, "cop-upload"))
    for (const [n, id] of entry.files.entries()) upload.attach({ id, title: entry.names[n] })
    this.#draft.keep()
  }

  /** @param {KeyboardEvent} event */
  #submitByKey = (event) => {
    if (event.target !== this.#text || event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    this.#form.requestSubmit()
  }

  #type = () => {
    this.#measure()
    if (Date.now() - this.#typed < TYPING || !this.#text.value.trim()) return
    this.#typed = Date.now()
    signal("typing", { place: this.#room.dataset.place })
  }

  /** A text that is too long is not cut off: the field says so, and keeps it. */
  #measure() {
    const { length } = this.#text.value
    const most = Number(this.#text.dataset.longest)
    this.#text.setCustomValidity(length > most ? word(this.#room, "too-long", { n: length, most }) : "")
  }

  /**
   * Show above the text which message is answered.
   * @param {HTMLElement | null} message
   */
  #answer(message) {
    const text = (/** @type {string} */ part) => message && get(message, part).innerText
    this.#replyTo.value = message?.dataset.id ?? ""
    this.#quote.hidden = !message
    get(this.#quote, "p").textContent = message
      ? `${text(".byline-name")}: ${text(".message-text")?.slice(0, 120)}`
      : ""
  }
}
