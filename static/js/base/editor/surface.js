// The editor itself, standing in the place of a textarea whose value it keeps.
import { Editor } from "vendor/editor.js"
import { insertImage, picturesAmong } from "base/editor/image.js"
import { editLink } from "base/editor/link.js"
import { make } from "base/editor/make.js"
import { readable } from "base/editor/pasted.js"
import { extensions } from "base/editor/schema.js"
import { Toolbar } from "base/editor/toolbar.js"
import { Mention } from "base/mention.js"

let labels = 0

export class Surface {
  #host
  #textarea
  #root = make("div", { class: "editor" })
  #error = make("p", { class: "field-error", role: "alert" })
  #status = make("p", { class: "hidden", role: "status" })
  #toolbar
  #mention
  #form
  #open = new AbortController()

  /** `host` is the <cop-editor>; `content` is HTML or a document of the editor. */
  constructor(host, textarea, content) {
    this.#host = host
    this.#textarea = textarea
    const text = make("div", { class: "editor-text" })
    this.editor = new Editor({
      element: text,
      content,
      extensions: extensions(textarea.placeholder),
      injectCSS: false,
      editorProps: {
        attributes: this.#attributes(),
        handleDOMEvents: { keydown: (_view, event) => this.#passes(event) },
        transformPastedHTML: readable,
        handlePaste: (_view, event) => this.#paste(event),
        handleDrop: (view, event, _slice, moved) => !moved && this.#drop(view, event),
      },
      onTransaction: () => this.#toolbar?.refresh(),
      onUpdate: () => this.#changed(),
    })
    this.editor.commands.setTextSelection(this.editor.state.doc.content.size)
    this.#toolbar = new Toolbar(this)
    this.#toolbar.root.setAttribute("aria-controls", this.#dom.id)
    this.#root.append(this.#toolbar.root, text, this.#error, this.#status)
    this.#takePlace()
    if (host.dataset.people) this.#mention = new Mention(host, this.#field())
    this.#toolbar.refresh()
  }

  /** What is written, as HTML; empty if nothing is. */
  get html() {
    return this.editor.isEmpty ? "" : this.editor.getHTML().replace(/(<p><\/p>)+$/, "")
  }

  /** Where pictures are sent, if anywhere. */
  get uploads() {
    return this.#host.dataset.upload
  }

  /** The words that the page gave for `name`. */
  word(name) {
    return this.#host.getAttribute(`data-word-${name}`) ?? ""
  }

  /** Tells, in passing, what is going on. */
  say(words) {
    this.#status.textContent = words
  }

  /** Puts the caret in the text, at `position` or where it was. */
  focus(position) {
    if (position !== undefined) this.editor.commands.setTextSelection(position)
    this.editor.view.focus() // at once: the focus command waits for a frame, and a key pressed meanwhile is lost
  }

  /** Replaces everything that is written; as with any field, that alone is no `input`. */
  setContent(content) {
    this.editor.commands.setContent(content, { emitUpdate: false })
    this.#keep()
  }

  /** Quotes `html` at the caret below the line `cite`, and goes on after it. */
  insertQuote(html, cite) {
    const whose = cite ? make("p", {}, make("strong", {}, cite)).outerHTML : ""
    this.editor.commands.insertContent(`<blockquote>${whose}${html}</blockquote><p></p>`)
    this.focus()
  }

  /** Shows a form between toolbar and text, in the place of one that was open. */
  showForm(form) {
    if (this.#form?.root.isConnected) this.#form.close()
    this.#form = form
    this.#toolbar.root.after(form.root)
  }

  /** Gives the place back to the textarea, which holds the HTML. */
  close() {
    this.#mention?.detach()
    this.#open.abort()
    const { id } = this.#dom
    this.editor.destroy()
    this.#root.remove()
    this.#textarea.id = id
    this.#textarea.hidden = false
  }

  get #dom() {
    return this.editor.view.dom
  }

  #attributes() {
    const textarea = this.#textarea
    const named = [...textarea.labels].map((label) => (label.id ||= `editor-label-${++labels}`))
    this.#error.id = `${(textarea.id ||= `editor-${++labels}`)}-needed`
    const described = [textarea.getAttribute("aria-describedby"), this.#error.id].filter(Boolean)
    const attributes = {
      id: textarea.id,
      class: "prose",
      "aria-multiline": "true",
      "aria-labelledby": named.join(" ") || undefined,
      "aria-label": textarea.getAttribute("aria-label") ?? undefined,
      "aria-describedby": described.join(" "),
      "aria-required": textarea.required ? "true" : undefined,
      "aria-invalid": textarea.getAttribute("aria-invalid") ?? undefined,
    }
    return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
  }

  #takePlace() {
    const textarea = this.#textarea
    const { signal } = this.#open
    for (const label of textarea.labels) label.addEventListener("click", () => this.focus(), { signal })
    textarea.addEventListener("invalid", (event) => this.#needed(event), { signal })
    this.#root.addEventListener("keydown", (event) => this.#shortcut(event), { signal })
    textarea.value = this.html
    textarea.hidden = true
    textarea.removeAttribute("id") // the address of the field, as in "#f-body", now leads to the editor
    textarea.after(this.#root)
  }

  /** The browser can't show its own words at a hidden field. */
  #needed(event) {
    event.preventDefault()
    this.#error.textContent = this.#textarea.validationMessage
    this.#dom.setAttribute("aria-invalid", "true")
    this.focus()
  }

  #changed() {
    this.#keep()
    this.#textarea.dispatchEvent(new Event("input", { bubbles: true }))
    this.#mention?.look()
  }

  #keep() {
    this.#textarea.value = this.html
    if (!this.#error.textContent) return
    this.#error.textContent = ""
    this.#dom.removeAttribute("aria-invalid")
  }

  /** Keys that are not the editor's: Tab, but in a table, goes on to the next field, and Ctrl+Enter may send. */
  #passes(event) {
    const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey)
    if (sends) event.preventDefault()
    return sends || (event.key === "Tab" && !this.editor.isActive("table"))
  }

  #shortcut(event) {
    const command = event.ctrlKey || event.metaKey
    const keys = {
      F10: event.altKey && (() => this.#toolbar.focus()),
      k: command && this.word("link") && (() => editLink(this)),
      "]": command && (() => this.editor.commands.sinkListItem("listItem")),
      "[": command && (() => this.editor.commands.liftListItem("listItem")),
    }
    if (!Object.hasOwn(keys, event.key) || !keys[event.key]) return
    event.preventDefault()
    keys[event.key]()
  }

  #paste({ clipboardData }) {
    // An office program sends a picture of the text along with the text.
    if (!clipboardData.files.length || clipboardData.types.includes("text/plain")) return false
    this.#insertImages(clipboardData.files)
    return true
  }

  #drop(view, event) {
    if (!event.dataTransfer.files.length) return false
    event.preventDefault() // or the browser opens the file and leaves the page
    const at = view.posAtCoords({ left: event.clientX, top: event.clientY })
    if (at) this.editor.commands.setTextSelection(at.pos)
    this.#insertImages(event.dataTransfer.files)
    return true
  }

  async #insertImages(files) {
    if (!this.uploads) return
    for (const file of picturesAmong(files)) await insertImage(this, file)
  }

  /** The text as the field of a Mention. */
  #field() {
    const { editor } = this
    return {
      element: this.#dom,
      before() {
        const { $from, empty } = editor.state.selection
        if (!empty || editor.isActive("code") || editor.isActive("codeBlock")) return ""
        return $from.parent.textBetween(0, $from.parentOffset, null, "\n")
      },
      replace(length, text) {
        const { from } = editor.state.selection
        editor.view.dispatch(editor.state.tr.insertText(text, from - length, from).scrollIntoView())
      },
      place: (list) => {
        const caret = editor.view.coordsAtPos(editor.state.selection.from)
        const box = this.#host.getBoundingClientRect()
        list.style.left = 0 // where it stood it may have been narrower
        list.style.top = `${caret.bottom - box.top}px`
        list.style.left = `${Math.max(0, Math.min(caret.left - box.left, box.width - list.offsetWidth))}px`
      },
    }
  }
}
