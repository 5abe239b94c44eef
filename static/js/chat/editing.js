// Editing a message where it stands. What is typed is kept in the browser until it is saved or cancelled.
import { fragmentOf, get, make, word } from "base/dom.js"
import { contentOf, postForm, request } from "base/http.js"
import { placeAll } from "base/place.js"
import { sends } from "chat/composer.js"

export class Editing {
  #room
  #list
  #ended
  #id = ""
  /** @type {HTMLFormElement | undefined} */
  #form

  /**
   * @param {HTMLElement} room the <cop-chat>
   * @param {HTMLElement} list of the messages
   * @param {(message: HTMLElement) => void} ended called when nothing is edited any more
   */
  constructor(room, list, ended) {
    this.#room = room
    this.#list = list
    this.#ended = ended
    list.addEventListener("cop:placed", this.#placed)
  }

  close() {
    this.#list.removeEventListener("cop:placed", this.#placed)
    this.#form?.remove()
  }

  /**
   * Edit a message; return false where its text does not come, or the reader may not edit it.
   * @param {HTMLElement} message
   */
  async begin(message) {
    if (this.#form) this.#end()
    const id = message.dataset.id ?? ""
    const page = await this.#fetchForm(id)
    if (!page) return false
    this.#id = id
    this.#form = this.#makeForm(page)
    this.#put(message)
    this.#text.focus()
    this.#text.setSelectionRange(this.#text.value.length, this.#text.value.length)
    message.scrollIntoView({ block: "nearest" })
    return true
  }

  get #key() {
    return `cop-draft:edit:${this.#room.dataset.viewer}:${this.#id}`
  }

  get #message() {
    return document.getElementById(`message-${this.#id}`)
  }

  get #text() {
    return get(this.#form ?? document, "textarea", HTMLTextAreaElement)
  }

  /** @param {string} id */
  async #fetchForm(id) {
    const { response, text } = await request(`/messages/${id}/acts`, { headers: { Accept: "text/html" } })
    return response?.ok ? formIn(text, id) : null
  }

  /** @param {HTMLFormElement} page the form of the page about the message */
  #makeForm(page) {
    const version = get(page, "[name=base_version]", HTMLInputElement)
    const shown = get(page, "textarea", HTMLTextAreaElement)
    const text = make("textarea", {
      name: "body",
      rows: 1,
      "aria-label": shown.labels?.[0]?.textContent ?? word(this.#room, "edit"),
    })
    text.value = this.#kept(version.value) ?? shown.value
    const cancel = make("button", { type: "button", class: "button button-quiet" }, word(this.#room, "cancel"))
    const form = make(
      "form",
      { class: "message-edit", method: "post", action: page.getAttribute("action") ?? "" },
      version,
      text,
      make("p", { class: "field-error", role: "alert", hidden: true }),
      make("div", { class: "row" }, make("button", { class: "button" }, word(this.#room, "save")), cancel),
    )
    cancel.addEventListener("click", () => this.#cancel())
    form.addEventListener("input", () => this.#keep())
    form.addEventListener("keydown", (event) => this.#press(event))
    form.addEventListener("submit", (event) => this.#save(event))
    return form
  }

  /** @param {HTMLElement} message */
  #put(message) {
    message.classList.add("is-editing")
    get(message, ".message-text").after(this.#form ?? "")
  }

  /**
   * A message that is replaced while it is edited takes the form along.
   * @param {CustomEvent<{ again: boolean }>} event
   */
  #placed = ({ target }) => {
    const message = /** @type {HTMLElement} */ (target)
    if (!this.#form || message.id !== `message-${this.#id}`) return
    const { selectionStart, selectionEnd } = this.#text
    if (message.dataset.state) return this.#end() // retracted or hidden
    this.#put(message)
    this.#text.focus({ preventScroll: true })
    this.#text.setSelectionRange(selectionStart, selectionEnd)
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key === "Escape" && !event.isComposing) this.#end()
    else if (event.target !== this.#text || !sends(event)) return
    else this.#form?.requestSubmit()
    event.preventDefault()
    event.stopPropagation()
  }

  /** @param {SubmitEvent} event */
  async #save(event) {
    event.preventDefault()
    event.stopPropagation()
    const form = /** @type {HTMLFormElement} */ (this.#form)
    const { response, text } = await postForm(form)
    const content = response?.ok && !response.redirected && contentOf(text)
    if (!content) return this.#refused(text)
    localStorage.removeItem(this.#key)
    const message = this.#message
    this.#end()
    placeAll(this.#list, content)
    if (message) this.#ended(message)
  }

  /**
   * Say why the text was not saved; what another tab saved meanwhile becomes the version that this one replaces.
   * @param {string} page
   */
  #refused(page) {
    if (!this.#form) return
    const again = formIn(page, this.#id)
    const reason = fragmentOf(page).querySelector(".errors li, .notice-warning")?.textContent
    if (again) get(this.#form, "[name=base_version]").replaceWith(get(again, "[name=base_version]"))
    const error = get(this.#form, "[role=alert]")
    error.hidden = false
    error.textContent = reason?.trim() || word(this.#room, "failed")
    this.#text.focus()
  }

  /** Stop, and forget what was typed. */
  #cancel() {
    localStorage.removeItem(this.#key)
    this.#end()
  }

  #end() {
    const message = this.#message
    this.#form?.remove()
    this.#form = undefined
    message?.classList.remove("is-editing")
    if (message) this.#ended(message)
  }

  #keep() {
    const version = get(this.#form ?? document, "[name=base_version]", HTMLInputElement).value
    localStorage.setItem(this.#key, JSON.stringify({ version, body: this.#text.value }))
  }

  /**
   * Return what was typed before over this version.
   * @param {string} version
   * @returns {string | undefined}
   */
  #kept(version) {
    const kept = JSON.parse(localStorage.getItem(this.#key) ?? "{}")
    return kept.version === version ? kept.body : undefined
  }
}

/**
 * Return the form on the page about a message in which its text is edited.
 * @param {string} page
 * @param {string} id
 * @returns {HTMLFormElement | null}
 */
function formIn(page, id) {
  return fragmentOf(page).querySelector(`form[action="/messages/${id}"]:has(textarea)`)
}
