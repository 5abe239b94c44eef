// A small form between the toolbar and the text, for what a link or a picture needs to be told.
import { make } from "base/editor/make.js"

let forms = 0

export class InlineForm {
  #id = `editor-form-${++forms}`
  #surface
  #fields = make("div", { class: "editor-fields" })
  #error = make("p", { class: "field-error", role: "alert" })
  #closed

  /** `name` is the word that names the form, `submit` what happens when it is filled in. */
  constructor(surface, name, submit) {
    this.#surface = surface
    this.submit = submit
    this.#error.id = `${this.#id}-error`
    const attributes = { class: "editor-form", role: "group", "aria-label": surface.word(name) }
    this.root = make("div", attributes, this.#fields, this.#error)
    this.root.addEventListener("keydown", (event) => this.#key(event))
  }

  /** A labelled input. It belongs to no form: the one around the editor must not send or judge it. */
  input(name, attributes = {}) {
    const id = `${this.#id}-${name}`
    const hint = this.#surface.word(`${name}-hint`)
    const describedby = [hint && `${id}-hint`, this.#error.id].filter(Boolean).join(" ")
    const input = make("input", { id, form: "", "aria-describedby": describedby, ...attributes })
    const label = make("label", { for: id }, this.#surface.word(name))
    const check = attributes.type === "checkbox"
    const parts = check ? [input, label] : [label, input]
    if (hint) parts.splice(check ? 2 : 1, 0, make("p", { class: "field-hint", id: `${id}-hint` }, hint))
    this.#fields.append(make("div", { class: check ? "choice" : "field" }, ...parts))
    return input
  }

  /** A line of plain text between the inputs. */
  note(words) {
    this.#fields.append(make("p", { class: "editor-note" }, words))
  }

  /** Adds the buttons, shows the form and gives a promise that is kept when it closes. */
  open(word, ...others) {
    const submit = this.#button(word, "primary", () => this.submit())
    const cancel = this.#button("cancel", "quiet", () => this.close())
    this.root.append(make("div", { class: "editor-form-buttons" }, submit, ...others, cancel))
    this.#surface.showForm(this)
    this.root.querySelector("input:not([disabled])")?.focus()
    return new Promise((done) => (this.#closed = done))
  }

  /** A further button for `open`. */
  button(word, press) {
    return this.#button(word, "secondary", press)
  }

  /** Says what is wrong, at the field it is about. */
  fail(words, input) {
    for (const field of this.#fields.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid")
    this.#error.textContent = words
    input?.setAttribute("aria-invalid", "true")
    input?.focus()
  }

  /** Takes the form away and goes back to the text. */
  close() {
    this.root.remove()
    this.#closed?.()
    this.#surface.focus()
  }

  #button(word, kind, press) {
    const button = make("button", { type: "button", class: `button button-${kind}` }, this.#surface.word(word))
    button.addEventListener("click", press)
    return button
  }

  #key(event) {
    if (event.key === "Escape") {
      event.preventDefault()
      event.stopPropagation()
      this.close()
    } else if (event.key === "Enter" && event.target.matches("input:not([type=file])") && !event.isComposing) {
      event.preventDefault()
      this.submit()
    }
  }
}
