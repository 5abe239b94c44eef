// <cop-composer>: where a thread, a reply or a changed post is written: kept while typed, posted once, resumed after a
// new sign-in. Its words come from the JSON at data-words; with `data-saves` the text is saved rather than posted.

import "base/editor.js"
import { fill, fragmentOf, get, make } from "base/dom.js"
import { Draft } from "base/drafts.js"
import { request, STREAM, sendJSON } from "base/http.js"
import * as Turbo from "vendor/turbo.js"

const FIELDS = [
  "kind",
  "title",
  "situation",
  "tried",
  "wanted",
  "body",
  "format",
  "client_id",
  "reply_to",
  "base_version",
  "sources",
  "files",
]
const TIME = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit" })

class CopComposer extends HTMLElement {
  /** @type {HTMLFormElement} */
  #form
  /** @type {Draft} */
  #draft
  /** @type {Record<string, string>} */
  #words = {}
  /** @type {[import("base/draft-store.js").DraftState, Date, string?] | undefined} */
  #state
  #busy = false

  connectedCallback() {
    this.#form = get(this, "form", HTMLFormElement)
    this.#fetchWords()
    this.#draft = new Draft(this.dataset.place ?? "", this.#form, FIELDS, {
      state: (state, at, words) => this.#showState(state, at, words),
      forked: (reason, other) => this.#tellForked(reason, other),
      posted: () => this.#tellPosted(),
    })
    this.#form.addEventListener("submit", this.#submit)
    this.#form.addEventListener("keydown", this.#key)
    this.addEventListener("cop:answered", this.#end)
    document.addEventListener("cop:quote", this.#quote)
  }

  disconnectedCallback() {
    this.#draft.close()
    this.#form.removeEventListener("submit", this.#submit)
    this.#form.removeEventListener("keydown", this.#key)
    this.removeEventListener("cop:answered", this.#end)
    document.removeEventListener("cop:quote", this.#quote)
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement | null} */ (this.#form.elements.namedItem(name))
  }

  get #editor() {
    return /** @type {import("base/editor.js").CopEditor} */ (get(this, "cop-editor"))
  }

  // Words and status

  /** They are fetched at once: without a connection they are needed most. */
  async #fetchWords() {
    try {
      const response = await fetch(this.dataset.words ?? "")
      this.#words = await response.json()
      if (this.#state) this.#showState(...this.#state) // it was shown before its words were there
    } catch {
      // The page works without words.
    }
  }

  /**
   * @param {string} name
   * @param {Record<string, string>} [values]
   */
  #word(name, values = {}) {
    const own = "saves" in this.dataset ? this.#words[`${name}-edit`] : undefined
    return fill(own ?? this.#words[name] ?? "", values)
  }

  /**
   * Say what became of posting; it stays until the next try, whatever becomes of the draft meanwhile.
   * @param {...(string | Node)} words
   */
  #setStatus(...words) {
    get(this, ".composer-status").replaceChildren(...words)
  }

  /**
   * @param {import("base/draft-store.js").DraftState} state
   * @param {Date} at
   * @param {string} [words] why the server refused the draft
   */
  #showState(state, at, words) {
    this.#state = [state, at, words]
    const place = get(this, ".saved")
    const time = at.toLocaleTimeString(document.documentElement.lang, TIME).replace(":", ".")
    place.textContent = words ? this.#word("not-saved", { words }) : this.#word(state, { time })
    place.classList.toggle("is-away", state !== "saved")
  }

  /**
   * @param {"changed" | "ended"} reason
   * @param {string} other
   */
  #tellForked(reason, other) {
    const address = `${location.pathname}?draft=${other}`
    const link = reason === "changed" ? [" ", make("a", { href: address }, this.#word("changed-link"))] : []
    this.#setStatus(this.#word(reason), ...link)
  }

  #tellPosted() {
    this.#empty()
    const link = make("a", { href: location.pathname + location.search }, this.#word("posted-link"))
    this.#setStatus(this.#word("posted"), " ", link)
  }

  // Keys and quotes

  /**
   * Ctrl+Enter posts, as in many mail programs; Enter in the title goes on to the text.
   * @param {KeyboardEvent} event
   */
  #key = (event) => {
    if (event.key !== "Enter" || event.isComposing) return
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      this.#form.requestSubmit()
    } else if (event.target === this.#field("title")) {
      event.preventDefault()
      this.#editor.focus()
    }
  }

  /** @param {CustomEvent<Quote>} event */
  #quote = ({ detail }) => {
    this.#replyTo(detail.id)
    this.#editor.insertQuote(make("p", {}, detail.text).outerHTML, detail.name)
  }

  /**
   * Note the post that is replied to. The line above the text names the post for which the page was opened; a quote
   * names its own.
   * @param {string} id
   */
  #replyTo(id) {
    const field = this.#field("reply_to")
    if (field) field.value = id
    this.querySelector(".composer-quote")?.remove()
  }

  /** The text need not be posted: its draft ends, and can be taken back like one that was thrown away. */
  #end = () => {
    const { id } = this.#draft
    this.#draft.clear()
    sendJSON("DELETE", `/api/v1/drafts/${id}`).catch(() => {}) // then it stays, to be thrown away by hand
  }

  // Posting

  /** @param {SubmitEvent} event */
  #submit = async (event) => {
    event.preventDefault()
    if (this.#busy) return
    this.#busy = true
    const id = this.#draft.posting()
    this.#setStatus(this.#word("sending"))
    this.#clearErrors()
    if ("saves" in this.dataset) await this.#draft.flush() // a stored draft ends where its text is that of the post
    try {
      const { response, text } = await this.#post(`${STREAM}, text/html`)
      if (response) await this.#receive(response, text, id)
      else this.#fail("failed")
    } finally {
      this.#busy = false
    }
  }

  /** @param {string} accept */
  #post(accept) {
    const body = new URLSearchParams(/** @type {any} */ (new FormData(this.#form)))
    for (const [name, value] of Object.entries(this.#draft.replaces)) body.set(name, value)
    return request(this.#form.action, { method: "POST", headers: { Accept: accept }, body })
  }

  /** @param {string} name */
  #fail(name) {
    this.#setStatus(this.#word(name))
    this.#draft.notPosted()
  }

  /**
   * @param {Response} response
   * @param {string} text
   * @param {string} id of the draft that was posted
   */
  async #receive(response, text, id) {
    if (response.redirected && new URL(response.url).pathname === "/sign-in") return this.#askToSignIn()
    if (response.status === 409 && (await this.#repeat())) return
    if (!response.ok) return this.#refuse(response, text)
    const emptied = this.#draft.posted(id)
    if (!this.isConnected) return // the reader went on to another page
    const stream = !response.redirected
    const leaves = "saves" in this.dataset // the stream of a saved text leads back to it
    if (stream && (emptied || !leaves)) Turbo.renderStreamMessage(text)
    if (!emptied) return this.#setStatus(this.#word("later"))
    if (!stream) return Turbo.visit(response.url)
    if (leaves) return
    this.#empty()
    this.#setStatus("")
  }

  /** Empty the form: the server has its text. */
  #empty() {
    this.#editor.clear()
    const { id } = this.#draft
    this.#form.reset()
    for (const added of this.#form.querySelectorAll("input[name=files], input[name=sources]")) added.remove()
    this.#form.querySelector("#f-despite")?.closest(".field")?.remove()
    this.#replyTo("") // a hidden field is not reset
    const field = this.#field("client_id")
    if (field) field.value = id
    get(this, ".saved").textContent = ""
    this.#state = undefined
  }

  #clearErrors() {
    this.querySelector(".errors")?.remove()
    this.querySelector(".composer-repeated")?.remove()
    for (const error of this.#form.querySelectorAll(".field-error[id]:not(.editor *)")) error.remove()
    for (const field of this.#form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid")
  }

  /**
   * Show the errors of the page that came back beside the fields, and a field with a further question; what was typed stays.
   * @param {Response} response
   * @param {string} text
   */
  #refuse(response, text) {
    const page = fragmentOf(text)
    const said = page.querySelector(".errors, main > p, .stopped p")
    if (said) this.#form.before(said)
    for (const error of page.querySelectorAll(".field-error")) {
      const field = this.#form.querySelector(`[aria-describedby~="${error.id}"], #${error.id.replace(/-error$/, "")}`)
      const asked = error.closest(".field")
      if (field) {
        field.closest(".field")?.append(error)
        field.setAttribute("aria-invalid", "true")
      } else if (asked) get(this, ".composer-foot").before(asked)
    }
    if (said instanceof HTMLElement) said.focus()
    this.#fail(response.status >= 500 || !said ? "broken" : "refused")
  }

  /**
   * Something was stored under the id of this draft before. Ask again, as data, which text that is: finish where it is
   * the text that is there now, else show both. Return whether one of these was the case.
   * @returns {Promise<boolean>}
   */
  async #repeat() {
    const id = this.#draft.posting()
    const { response, text } = await this.#post("application/json")
    if (response?.ok) {
      if (!this.#draft.posted(id)) this.#setStatus(this.#word("later"))
      else if (this.isConnected) Turbo.visit(JSON.parse(text).url)
      return true
    }
    if (response?.status !== 409) return false
    const { code, stored } = JSON.parse(text)
    if (code !== "repeated_key") return false
    this.#offerBoth(id, stored)
    return true
  }

  /**
   * Show the text that was stored and offer to post the other as a new one.
   * @param {string} id of the draft
   * @param {{ kind: string, url: string, html?: string }} stored
   */
  #offerBoth(id, stored) {
    this.#draft.otherPosted()
    const again = make("button", { type: "button", class: "button" }, this.#word("repeated-new"))
    again.addEventListener("click", () => {
      if (this.#draft.id === id) this.#draft.fork() // else a save found that out before
      this.#form.requestSubmit()
    })
    const href = stored.kind === "post" ? `${stored.url}/edit` : stored.url // a thread is edited at its first post
    const edit = make("a", { class: "button button-secondary", href }, this.#word("repeated-edit"))
    const first = make("div", { class: "prose" }, fragmentOf(stored.html ?? ""))
    const box = make("section", { class: "composer-repeated notice-box", tabindex: "-1" })
    box.append(
      make("p", {}, this.#word("repeated")),
      make("h3", {}, this.#word("repeated-stored")),
      first,
      make("div", { class: "row" }, again, edit),
    )
    this.#form.before(box)
    box.focus()
    this.#setStatus("")
  }

  #askToSignIn() {
    const address = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`
    this.#setStatus(this.#word("signin"), " ", make("a", { href: address }, this.#word("signin-link")))
    this.#draft.notPosted()
  }
}

customElements.define("cop-composer", CopComposer)
