// The composer of a room: the text with its draft, the message that is answered, and what is on its way.
import { get, word } from "base/dom.js"
import { signal } from "base/live.js"

export const TYPING = 3_000 // between two signals that somebody types
const QUOTED = 120 // characters
const TOUCH = matchMedia("(hover: none) and (pointer: coarse)") // where Enter is the only way to a new line

/**
 * What the room does when something happens in the composer.
 * @typedef {object} ComposerHandlers
 * @property {() => void} changed the messages on their way changed
 * @property {() => void} sent
 * @property {() => void} editLast the reader wants to edit their last message
 */

export class Composer {
  #room
  #form
  #text
  #replyTo
  #quote
  /** @type {import("chat/outbox.js").Outbox | undefined} what is on its way, once its module is there */
  outbox
  /** @type {import("base/drafts.js").Draft | undefined} */
  #draft
  /** @type {Promise<void> | undefined} */
  #loading
  #closed = false
  #on
  #typed = 0

  /**
   * @param {HTMLElement} room the <cop-chat>
   * @param {HTMLFormElement} form
   * @param {ComposerHandlers} on
   */
  constructor(room, form, on) {
    this.#room = room
    this.#form = form
    this.#on = on
    this.#text = get(form, "[name=body]", HTMLTextAreaElement)
    this.#replyTo = get(form, "[name=reply_to]", HTMLInputElement)
    this.#quote = get(form, ".composer-quote")
    const { place = "", viewer = "" } = room.dataset
    form.addEventListener("cop:restored", this.#restored)
    const prefixes = [`cop-draft:${viewer}:${place}:`, `cop-draft:sending:${place}:${viewer}:`]
    const isKept = (/** @type {string} */ key) => prefixes.some((prefix) => key.startsWith(prefix))
    if (this.#text.value || Object.keys(localStorage).some(isKept)) this.#prepare()
    else setTimeout(this.#prepare) // after the first view; before the connection may be lost or the page left
    for (const event of ["focusin", "pointerover"]) form.addEventListener(event, this.#prepare)
    if (!TOUCH.matches) this.#text.enterKeyHint = "send"
    form.addEventListener("keydown", this.#key)
    form.addEventListener("input", this.#type)
    get(form, ".send").addEventListener("mousedown", this.#keepFocus)
  }

  close() {
    this.#closed = true
    this.outbox?.close()
    this.#draft?.close()
  }

  /** Send nothing more; what is written can be copied. */
  lock() {
    this.close()
    this.#text.readOnly = true
    for (const control of this.#form.querySelectorAll("button:not([data-act=copy]), input")) {
      control.toggleAttribute("disabled", true)
    }
    const kept = get(this.#form, ".composer-kept")
    kept.hidden = !this.#text.value.trim()
    if (kept.hidden) this.#text.disabled = true
    else get(kept, "span").textContent = word(this.#room, "kept")
  }

  /** Copy what is written. */
  async copy() {
    await navigator.clipboard.writeText(this.#text.value)
    get(this.#form, ".composer-kept span").textContent = word(this.#room, "copied")
  }

  /** Forget the draft: the form itself is sent. */
  clearDraft() {
    this.#form.querySelector("[name=draft_base]")?.remove() // this page may have saved newer revisions
    this.#draft?.clear()
  }

  /** Send what is written; without the modules that this needs it stays. */
  async send() {
    await this.#load().catch(() => {})
    if (!this.outbox || this.#closed) return
    const files = new FormData(this.#form).getAll("files").map(Number)
    const body = this.#text.value.trim()
    if (!body && !files.length) return this.#text.focus()
    const names = [...this.#form.querySelectorAll(".attachments bdi")].map(({ textContent }) => textContent ?? "")
    this.outbox.add(
      { body, files, names, reply_to: Number(this.#replyTo.value) || null, replaces: this.#draft?.replaces },
      this.#draft?.id,
    )
    this.#draft?.clear() // the outbox keeps the text, under the id of the draft, which ends when the message is stored
    this.#form.reset()
    this.#text.value = ""
    this.#text.removeAttribute("aria-invalid")
    this.#typed = 0
    this.#answer(null)
    this.#on.sent()
    this.#text.focus()
  }

  /**
   * Answer a message, or none.
   * @param {HTMLElement | null} message
   */
  reply(message) {
    this.#answer(message)
    this.#text.focus()
    this.#draft?.keep()
  }

  /** Put the keyboard in the text. */
  focus() {
    this.#text.focus()
  }

  /**
   * Put a message that was refused back in the composer, above the text there.
   * @param {string} id
   */
  async amend(id) {
    const entry = this.outbox?.take(id)
    if (!entry) return
    this.#text.value = [entry.body, this.#text.value.trim()].filter(Boolean).join("\n\n")
    this.#measure()
    this.reply(document.getElementById(`message-${entry.reply_to}`))
    if (!entry.files.length) return
    await customElements.whenDefined("cop-upload") // the focus in the composer has it fetched
    const upload = /** @type {import("documents/cop-upload.js").CopUpload} */ (get(this.#form, "cop-upload"))
    for (const [n, id] of entry.files.entries()) upload.attach({ id, title: entry.names[n] })
    this.#draft?.keep()
  }

  /**
   * Let the reader choose an emoji to insert where the caret is.
   * @param {HTMLElement} button
   */
  async chooseEmoji(button) {
    const { toggleEmoji } = await import("chat/emoji.js") // loaded when it is needed
    toggleEmoji(button, word(this.#room, "emoji"), (emoji) => {
      this.#text.setRangeText(emoji, this.#text.selectionStart, this.#text.selectionEnd, "end")
      this.#text.focus()
      this.#text.dispatchEvent(new Event("input", { bubbles: true }))
    })
  }

  /** Load what keeps and sends the text, when the reader comes to the form or where something is kept. */
  #prepare = () => {
    this.#load().catch(() => {}) // no connection: the next event tries again
  }

  #load() {
    this.#loading ??= this.#start().catch((problem) => {
      this.#loading = undefined
      throw problem
    })
    return this.#loading
  }

  async #start() {
    const [{ Draft }, { Outbox, Sending }] = await Promise.all([import("base/drafts.js"), import("chat/outbox.js")])
    if (this.#closed || !this.#form.isConnected) return
    const { place = "", viewer = "" } = this.#room.dataset
    const view = new Sending(this.#room, this.#on.changed)
    this.outbox = new Outbox({ place, viewer, view, post: (entry) => view.post(entry) })
    const key = get(this.#form, "[name=client_id]", HTMLInputElement)
    const sent = this.outbox.entries().some(({ client_id }) => client_id === key.value)
    const changed = this.#text.value !== this.#text.defaultValue
    if (sent) {
      if (!changed) this.#text.value = ""
      key.value = "" // on its way
      this.#form.dataset.revision = "0"
    }
    this.outbox.open()
    this.#draft = new Draft(place, this.#form, ["body", "reply_to", "files"], { state: this.#showDraft })
    if (changed && this.#text.value) this.#draft.keep() // typed meanwhile
  }

  /**
   * Say why the server did not keep the text that stands here.
   * @param {import("base/draft-store.js").DraftState} state
   * @param {Date} _at
   * @param {string} [words]
   */
  #showDraft = (state, _at, words) => {
    const place = get(this.#form, ".composer-unkept")
    place.hidden = state !== "refused"
    place.textContent = words ? word(this.#room, "not-saved", { words }) : ""
  }

  /** The draft of the browser may answer a message of which the server knew nothing when it rendered the page. */
  #restored = () => {
    this.#measure()
    const asked = new URLSearchParams(location.search).has("reply_to")
    if (!this.#text.value && !asked)
      this.#answer(null) // its text was deleted after the server saved it
    else if (this.#quote.hidden) this.#answer(document.getElementById(`message-${this.#replyTo.value}`))
  }

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.target !== this.#text) return
    if (event.key === "ArrowUp" && !this.#text.value) this.#on.editLast()
    if (!sends(event)) return
    event.preventDefault()
    this.#form.requestSubmit()
  }

  /**
   * The button takes no focus from the text, so that a phone keeps its keyboard.
   * @param {MouseEvent} event
   */
  #keepFocus = (event) => {
    if (document.activeElement === this.#text) event.preventDefault()
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
    this.#replyTo.value = message?.dataset.id ?? ""
    this.#quote.hidden = !message
    const words = message ? `${get(message, ".byline-name").innerText}: ${cut(textOf(message), QUOTED)}` : ""
    get(this.#quote, "p").textContent = words
  }
}

/**
 * Whether a key sends the text. Enter that ends a composition does not: Safari sends it afterwards, with the code 229.
 * @param {KeyboardEvent} event
 */
export function sends({ key, keyCode, isComposing, shiftKey, altKey, ctrlKey, metaKey }) {
  if (key !== "Enter" || isComposing || keyCode === 229 || shiftKey || altKey) return false
  return ctrlKey || metaKey || !TOUCH.matches
}

/**
 * Return the text of a message without the message that it answers.
 * @param {HTMLElement} message
 */
function textOf(message) {
  const text = /** @type {HTMLElement} */ (get(message, ".message-text").cloneNode(true))
  text.querySelector('blockquote:has(> a[href^="/messages/"])')?.remove()
  return text.textContent ?? ""
}

/**
 * Return the beginning of a text; no character that is written with several code points is cut.
 * @param {string} text
 * @param {number} length
 */
export function cut(text, length) {
  const line = text.replace(/\s+/g, " ").trim()
  if (line.length <= length) return line
  const characters = new Intl.Segmenter().segment(line.slice(0, 4 * length))
  return `${[...characters]
    .slice(0, length)
    .map(({ segment }) => segment)
    .join("")}…`
}
