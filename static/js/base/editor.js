// <cop-editor>: a Markdown textarea that becomes an editor when somebody starts to write in it.
//
//   <cop-editor data-upload="/files" data-people="/people/suggestions" data-html="<p>…" data-word-bold="Vet">
//     <textarea name="body">…</textarea>
//     <input type="hidden" name="format" value="markdown">
//   </cop-editor>
//
// The textarea stays the field of the form: its value is kept equal to the HTML, with `format` set to "html", and it
// fires `input` at every change that a person makes. Without JavaScript, or where the editor can't be loaded, people
// write Markdown in it. `data-html` is the HTML of a text that is written on, of which the textarea has the Markdown: a
// draft, a quote, a harvest, a text that is edited or was refused. The words come from data-word-*, or
// from the JSON at the address data-words; a button without a word is not shown, so a small composer gives few words.
import { get } from "base/dom.js"

/**
 * Return plain text as a document of the editor; the caret at offset n of the text is at position n + 1 in it.
 * @param {string} text
 */
function paragraphs(text) {
  const lines = (/** @type {string} */ paragraph) =>
    paragraph
      .split("\n")
      .flatMap((line) => [{ type: "hardBreak" }, ...(line ? [{ type: "text", text: line }] : [])])
      .slice(1)
  return {
    type: "doc",
    content: text.split("\n\n").map((paragraph) => ({ type: "paragraph", content: lines(paragraph) })),
  }
}

export class CopEditor extends HTMLElement {
  /** @type {HTMLTextAreaElement} */
  #textarea
  /** @type {HTMLInputElement} */
  #format
  /** @type {import("base/editor/surface.js").Surface | undefined} */
  #surface
  /** @type {Promise<boolean> | undefined} */
  #opening
  /** @type {Promise<unknown> | undefined} settled when the text that is composed with an input method is there */
  #composing
  /** @type {AbortController} */
  #connected

  connectedCallback() {
    this.#textarea = get(this, "textarea", HTMLTextAreaElement)
    const form = this.querySelector("input[name=format]") ? this : (this.closest("form") ?? this)
    this.#format = get(form, "input[name=format]", HTMLInputElement)
    this.#connected = new AbortController()
    const { signal } = this.#connected
    this.#textarea.addEventListener("focus", () => this.open(), { signal })
    this.#textarea.addEventListener("compositionstart", () => this.#compose(), { signal })
    this.#textarea.form?.addEventListener("reset", () => setTimeout(() => this.#reset()), { signal })
    this.#textarea.form?.addEventListener("cop:restored", () => this.#restored(), { signal })
    // A page that Turbo keeps holds the textarea, and the editor opens again from it; also where the page stays.
    document.addEventListener("turbo:before-cache", () => this.#close(), { signal })
    document.addEventListener("turbo:load", () => this.#hasHTML && this.open(), { signal })
    if (this.#textarea.hasAttribute("data-composing")) this.#compose() // since before this module was there
    if (this.#hasHTML || document.activeElement === this.#textarea) this.open()
  }

  disconnectedCallback() {
    this.#close()
    this.#connected.abort()
  }

  /** The text: HTML, or the Markdown of the textarea before the editor has opened. */
  get value() {
    return this.#textarea.value
  }

  /** Open the editor; return whether it could be loaded. If not, the textarea stays. */
  async open() {
    this.#opening ??= this.#load()
    const opened = await this.#opening
    if (!opened) this.#opening = undefined
    return opened
  }

  /**
   * Put the caret in the text.
   * @override
   */
  async focus() {
    if (await this.open()) this.#surface?.focus()
    else this.#textarea.focus()
  }

  /**
   * Replace the text; return false where the editor could not be loaded.
   * @param {string} html
   */
  async setHTML(html) {
    const opened = await this.open()
    if (opened) this.#surface?.setContent(html)
    return opened
  }

  /**
   * Quote at the caret, below a line that names the author.
   * @param {string} html
   * @param {string} cite plain text
   */
  async insertQuote(html, cite) {
    if (await this.open()) return this.#surface?.insertQuote(html, cite)
    const text = new DOMParser().parseFromString(html, "text/html").body.innerText.trim()
    const quoted = [`**${cite}**`, "", ...text.split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n")
    this.#textarea.value = `${this.#textarea.value.trimEnd()}\n\n${quoted}\n\n`.trimStart()
    this.#textarea.dispatchEvent(new Event("input", { bubbles: true }))
    this.#textarea.focus()
  }

  /** Empty the text, as after sending. */
  clear() {
    delete this.dataset.html
    this.#textarea.defaultValue = "" // a reset of the form must not bring back what the page came with
    if (this.#surface) this.#surface.setContent("")
    else this.#textarea.value = ""
  }

  get #writesHTML() {
    return this.#format.value === "html"
  }

  get #hasHTML() {
    return this.#writesHTML || "html" in this.dataset
  }

  get #content() {
    if (this.#writesHTML) return this.#textarea.value
    return this.dataset.html ?? paragraphs(this.#textarea.value.replaceAll("\r\n", "\n"))
  }

  #compose() {
    this.#composing = new Promise((done) => {
      this.#textarea.addEventListener("compositionend", done, { once: true })
    })
  }

  async #load() {
    const loaded = await Promise.all([import("base/editor/surface.js"), this.#words()]).then(
      ([module]) => module,
      () => null,
    )
    await this.#composing
    if (!loaded || !this.isConnected) return false
    // Somebody wrote in the Markdown of the text meanwhile: they go on in Markdown, and nothing is lost.
    if ("html" in this.dataset && !this.#writesHTML && this.#textarea.value !== this.#textarea.defaultValue)
      return false
    this.#start(loaded.Surface)
    return true
  }

  /** Fetch the words from the address data-words, and set them as data-word-*. */
  async #words() {
    if (!this.dataset.words) return
    const words = await (await fetch(this.dataset.words)).json()
    for (const [name, word] of Object.entries(words)) this.setAttribute(`data-word-${name}`, String(word))
  }

  /** @param {typeof import("base/editor/surface.js").Surface} Surface */
  #start(Surface) {
    const writing = document.activeElement === this.#textarea
    const caret = "html" in this.dataset || this.#writesHTML ? undefined : this.#textarea.selectionEnd + 1
    this.#surface = new Surface(this, this.#textarea, this.#content)
    this.#format.value = "html"
    if (writing) this.#surface.focus(caret)
  }

  /** The form was reset, and with it the textarea. */
  #reset() {
    this.#surface?.setContent(this.dataset.html ?? paragraphs(this.#textarea.defaultValue))
  }

  /** A draft was put in the fields. */
  #restored() {
    delete this.dataset.html // of another text
    if (!this.#surface) {
      if (this.#writesHTML) this.open()
      return
    }
    this.#surface.setContent(this.#content)
    this.#format.value = "html"
  }

  #close() {
    this.#surface?.close()
    this.#surface = this.#opening = undefined
  }
}

customElements.define("cop-editor", CopEditor)
