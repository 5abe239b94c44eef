// <cop-composer>: where a thread or a reply is written: kept while typed, posted once, resumed after a new sign-in.

import { fragmentOf, get, make, word } from "base/dom.js"
import { Draft } from "base/drafts.js"
import { postForm } from "base/http.js"
import * as Turbo from "vendor/turbo.js"

const FIELDS = ["kind", "title", "body", "format", "client_id", "reply_to", "sources", "files"]
const TIME = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit" })

class CopComposer extends HTMLElement {
  /** @type {HTMLFormElement} */
  #form
  /** @type {Draft} */
  #draft
  #busy = false

  connectedCallback() {
    this.#form = get(this, "form", HTMLFormElement)
    if (this.#field("client_id")?.value === "") this.#renewClientId()
    this.#draft = new Draft(this.dataset.place ?? "", this.#form, FIELDS, (at) => {
      this.#setStatus(word(this, "saved", { time: at.toLocaleTimeString(document.documentElement.lang, TIME) }))
    })
    this.#form.addEventListener("submit", this.#submit)
    this.#form.addEventListener("keydown", this.#submitByKey)
    document.addEventListener("cop:quote", this.#quote)
  }

  disconnectedCallback() {
    this.#draft.close()
    document.removeEventListener("cop:quote", this.#quote)
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement | null} */ (this.#form.elements.namedItem(name))
  }

  get #editor() {
    return /** @type {import("base/editor.js").CopEditor} */ (get(this, "cop-editor"))
  }

  /** A text with the same id is posted once, however often it is sent. */
  #renewClientId() {
    const field = this.#field("client_id")
    if (field) field.value = crypto.randomUUID()
  }

  /** @param {...(string | Node)} words */
  #setStatus(...words) {
    get(this, ".saved").replaceChildren(...words)
  }

  /**
   * Ctrl+Enter posts, as in many mail programs.
   * @param {KeyboardEvent} event
   */
  #submitByKey = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit()
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

  /** @param {SubmitEvent} event */
  #submit = async (event) => {
    event.preventDefault()
    if (this.#busy) return
    this.#busy = true
    this.#setStatus(word(this, "sending"))
    try {
      const { response, text } = await postForm(this.#form)
      if (response) this.#receive(response, text)
      else this.#setStatus(word(this, "failed"))
    } finally {
      this.#busy = false
    }
  }

  /**
   * @param {Response} response
   * @param {string} text
   */
  #receive(response, text) {
    if (response.redirected && new URL(response.url).pathname === "/sign-in") return this.#askToSignIn()
    if (!response.ok) return this.#refuse(response, text)
    this.#draft.clear()
    if (response.redirected) return Turbo.visit(response.url)
    Turbo.renderStreamMessage(text)
    this.#form.reset()
    this.#replyTo("") // a hidden field is not reset
    this.#editor.clear()
    for (const added of this.#form.querySelectorAll("input[name=files]")) added.remove()
    this.#renewClientId()
    this.#setStatus("")
  }

  /**
   * Show the errors of the page that came back beside the fields; the text that was typed stays.
   * @param {Response} response
   * @param {string} text
   */
  #refuse(response, text) {
    const page = fragmentOf(text)
    this.querySelector(".errors")?.remove()
    this.#form.before(page.querySelector(".errors, main > p, .stopped p") ?? word(this, "failed"))
    for (const error of page.querySelectorAll(".field-error")) {
      const field = this.#form.querySelector(`[aria-describedby~="${error.id}"], #${error.id.replace(/-error$/, "")}`)
      document.getElementById(error.id)?.remove()
      field?.closest(".field")?.append(error)
      field?.setAttribute("aria-invalid", "true")
    }
    this.#setStatus("")
    const errors = this.previousElementSibling
    if (errors instanceof HTMLElement) errors.focus()
    if (response.status >= 500) this.#setStatus(word(this, "failed"))
  }

  #askToSignIn() {
    const address = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`
    this.#setStatus(word(this, "signin"), " ", make("a", { href: address }, word(this, "signin-link")))
    this.#draft.keep()
  }
}

customElements.define("cop-composer", CopComposer)
