// <cop-editor>: a Markdown textarea that becomes an editor as soon as somebody starts to write in it.
//
//   <cop-editor data-upload="/files" data-people="/people/suggestions" data-html="<p>…" data-word-bold="Vet">
//     <textarea name="body">…</textarea>
//     <input type="hidden" name="format" value="markdown">
//   </cop-editor>
//
// The textarea stays the field of the form: its value is kept equal to the HTML, with `format` set to "html",
// and it fires `input` at every change somebody makes. Without JavaScript, or where the editor can't be loaded, it is what
// people write Markdown in. `data-html` is the cleaned HTML of what is being edited. The words come from
// data-word-*, or from the JSON at the address data-words; a button whose word is not given is not shown, so a small composer gives few words.

/** Plain text as a document of the editor; the caret at offset n of the text is at position n + 1 in it. */
function paragraphs(text) {
  const lines = (paragraph) =>
    paragraph
      .split("\n")
      .flatMap((line) => [{ type: "hardBreak" }, ...(line ? [{ type: "text", text: line }] : [])])
      .slice(1)
  return {
    type: "doc",
    content: text.split("\n\n").map((paragraph) => ({ type: "paragraph", content: lines(paragraph) })),
  }
}

class CopEditor extends HTMLElement {
  #textarea
  #format
  #surface
  #opening
  #composing
  #connected

  connectedCallback() {
    this.#textarea = this.querySelector("textarea")
    this.#format = this.querySelector("input[name=format]") ?? this.#textarea.form.elements.format
    this.#connected = new AbortController()
    const { signal } = this.#connected
    this.#textarea.addEventListener("focus", () => this.open(), { signal })
    this.#textarea.addEventListener("compositionstart", () => this.#compose(), { signal })
    this.#textarea.form?.addEventListener("reset", () => setTimeout(() => this.#reset()), { signal })
    this.#textarea.form?.addEventListener("cop:restored", () => this.#restored(), { signal })
    // A page that Turbo keeps holds the textarea; from that it opens again, also where the page stayed after all.
    document.addEventListener("turbo:before-cache", () => this.#close(), { signal })
    document.addEventListener("turbo:load", () => this.#writesHTML && this.open(), { signal })
    if (this.#writesHTML || document.activeElement === this.#textarea) this.open()
  }

  disconnectedCallback() {
    this.#close()
    this.#connected.abort()
  }

  /** What is written: HTML, or before the editor has opened the textarea's Markdown. */
  get value() {
    return this.#textarea.value
  }

  /** Opens the editor; gives true, or false where it could not be loaded and the textarea stays. */
  async open() {
    this.#opening ??= this.#load()
    const opened = await this.#opening
    if (!opened) this.#opening = undefined
    return opened
  }

  /** Puts the caret in the text. */
  async focus() {
    if (await this.open()) this.#surface.focus()
    else this.#textarea.focus()
  }

  /** Replaces everything by `html`; gives false where the editor could not be loaded. */
  async setHTML(html) {
    const opened = await this.open()
    if (opened) this.#surface.setContent(html)
    return opened
  }

  /** Quotes `html` at the caret, below the line of plain text `cite` that says whose words they are. */
  async insertQuote(html, cite) {
    if (await this.open()) return this.#surface.insertQuote(html, cite)
    const text = new DOMParser().parseFromString(html, "text/html").body.innerText.trim()
    const quoted = [`**${cite}**`, "", ...text.split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n")
    this.#textarea.value = `${this.#textarea.value.trimEnd()}\n\n${quoted}\n\n`.trimStart()
    this.#textarea.dispatchEvent(new Event("input", { bubbles: true }))
    this.#textarea.focus()
  }

  /** Empties it, as after sending. */
  clear() {
    if (this.#surface) this.#surface.setContent("")
    else this.#textarea.value = ""
  }

  get #writesHTML() {
    return this.#format.value === "html"
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
    // The Markdown of an html text is only a way to read it; what is typed into it now would be lost.
    this.#textarea.readOnly = "html" in this.dataset && !this.#writesHTML
    const loaded = await Promise.all([import("base/editor/surface.js"), this.#words()]).then(
      ([module]) => module,
      () => null,
    )
    await this.#composing
    this.#textarea.readOnly = false
    if (!loaded || !this.isConnected) return false
    this.#start(loaded.Surface)
    return true
  }

  /** The words of data-words, an address, as data-word-* on the element. */
  async #words() {
    if (!this.dataset.words) return
    const words = await (await fetch(this.dataset.words)).json()
    for (const [name, word] of Object.entries(words)) this.setAttribute(`data-word-${name}`, word)
  }

  #start(Surface) {
    const writing = document.activeElement === this.#textarea
    const caret = "html" in this.dataset || this.#writesHTML ? undefined : this.#textarea.selectionEnd + 1
    this.#surface = new Surface(this, this.#textarea, this.#content)
    this.#format.value = "html"
    if (writing) this.#surface.focus(caret)
  }

  /** The form has gone back to what it was; a textarea has done so by itself. */
  #reset() {
    this.#surface?.setContent(this.dataset.html ?? paragraphs(this.#textarea.defaultValue))
  }

  /** A draft has been put in the fields. */
  #restored() {
    if (!this.#surface) return this.#writesHTML && this.open()
    this.#surface.setContent(this.#content)
    this.#format.value = "html"
  }

  #close() {
    this.#surface?.close()
    this.#surface = this.#opening = undefined
  }
}

customElements.define("cop-editor", CopEditor)
