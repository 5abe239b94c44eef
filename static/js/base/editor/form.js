// A small form between the toolbar and the text, for the details of a link or a picture.
import { make } from "base/dom.js"

let forms = 0

export class InlineForm {
  #id = `editor-form-${++forms}`
  #surface
  #fields = make("div", { class: "editor-fields" })
  #error = make("p", { class: "field-error", role: "alert" })
  /** @type {((value?: unknown) => void) | undefined} */
  #closed

  /**
   * @param {import("base/editor/surface.js").Surface} surface
   * @param {string} name of the word that is the label of the form
   * @param {() => unknown} submit called when the form is filled in
   */
  constructor(surface, name, submit) {
    this.#surface = surface
    this.submit = submit
    this.#error.id = `${this.#id}-error`
    const attributes = { class: "editor-form", role: "group", "aria-label": surface.word(name) }
    this.root = make("div", attributes, this.#fields, this.#error)
    this.root.addEventListener("keydown", (event) => this.#key(event))
  }

  /**
   * Add an input with a label. It belongs to no form: the one around the editor must not send or validate it.
   * @param {string} name
   * @param {Record<string, string>} attributes
   */
  input(name, attributes = {}) {
    const id = `${this.#id}-${name}`
    const hint = this.#surface.word(`${name}-hint`)
    const describedby = [hint && `${id}-hint`, this.#error.id].filter(Boolean).join(" ")
    const input = make("input", { id, form: "", "aria-describedby": describedby, ...attributes })
    const label = make("label", { for: id }, this.#surface.word(name))
    const check = attributes.type === "checkbox"
    const parts = check ? [input, label] : [/** @type {HTMLElement} */ (label), input]
    if (hint) parts.splice(check ? 2 : 1, 0, make("p", { class: "field-hint", id: `${id}-hint` }, hint))
    this.#fields.append(make("div", { class: check ? "choice" : "field" }, ...parts))
    return input
  }

  /**
   * Add a line of plain text between the inputs.
   * @param {string} words
   */
  note(words) {
    this.#fields.append(make("p", { class: "editor-note" }, words))
  }

  /**
   * Add the buttons and show the form; return a promise that is settled when the form closes.
   * @param {string} word of the button that submits the form
   * @param {...HTMLElement} others
   */
  open(word, ...others) {
    const submit = this.#button(word, "primary", () => this.submit())
    const cancel = this.#button("cancel", "quiet", () => this.close())
    this.root.append(make("div", { class: "editor-form-buttons" }, submit, ...others, cancel))
    this.#surface.showForm(this)
    this.root.querySelector(/** @type {"input"} */ ("input:not([disabled])"))?.focus()
    return new Promise((resolve) => {
      this.#closed = resolve
    })
  }

  /**
   * Return a further button for `open`.
   * @param {string} word
   * @param {() => void} press
   */
  button(word, press) {
    return this.#button(word, "secondary", press)
  }

  /**
   * Say what is wrong, at the field it is about.
   * @param {string} words
   * @param {HTMLElement | null} [input]
   */
  fail(words, input) {
    for (const field of this.#fields.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid")
    this.#error.textContent = words
    input?.setAttribute("aria-invalid", "true")
    input?.focus()
  }

  /** Take the form away and go back to the text. */
  close() {
    this.root.remove()
    this.#closed?.()
    this.#surface.focus()
  }

  /**
   * @param {string} word
   * @param {string} kind
   * @param {() => void} press
   */
  #button(word, kind, press) {
    const button = make("button", { type: "button", class: `button button-${kind}` }, this.#surface.word(word))
    button.addEventListener("click", press)
    return button
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {Element} */ (event.target)
    if (event.key === "Escape") {
      event.preventDefault()
      event.stopPropagation()
      this.close()
    } else if (event.key === "Enter" && target.matches("input:not([type=file])") && !event.isComposing) {
      event.preventDefault()
      this.submit()
    }
  }
}
