// The editor itself, in the place of a textarea whose value it keeps up to date.

import { make } from "base/dom.js"
import { insertImage, picturesAmong } from "base/editor/image.js"
import { editLink } from "base/editor/link.js"
import { readable } from "base/editor/pasted.js"
import { extensions } from "base/editor/schema.js"
import { Toolbar } from "base/editor/toolbar.js"
import { takeFiles } from "base/file-takers.js"
import { Mention } from "base/mention.js"
import { hasFiles } from "base/offered-files.js"
import { Editor } from "vendor/editor.js"

let labels = 0

export class Surface {
  #host
  #textarea
  #root = make("div", { class: "editor" })
  #error = make("p", { class: "field-error", role: "alert" })
  #status = make("p", { class: "hidden", role: "status" })
  #toolbar
  /** @type {Mention | undefined} */
  #mention
  /** @type {import("base/editor/form.js").InlineForm | undefined} */
  #form
  #open = new AbortController()

  /**
   * @param {HTMLElement} host the <cop-editor>
   * @param {HTMLTextAreaElement} textarea
   * @param {string | object} content HTML, or a document of the editor
   */
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
        handleDOMEvents: {
          keydown: (/** @type {unknown} */ _view, /** @type {KeyboardEvent} */ event) => this.#passes(event),
          // Files go to the zones of the page, of which the text is one; a part of the text that is dragged does not.
          paste: (/** @type {unknown} */ _view, /** @type {ClipboardEvent} */ event) => hasFiles(event.clipboardData),
          drop: (/** @type {any} */ view, /** @type {DragEvent} */ { dataTransfer }) =>
            !view.dragging && Boolean(dataTransfer?.types.includes("Files")),
        },
        transformPastedHTML: readable,
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

  /** The text as HTML; empty where there is none. */
  get html() {
    return this.editor.isEmpty ? "" : this.editor.getHTML().replace(/(<p><\/p>)+$/, "")
  }

  /** The address to which pictures are uploaded, if they may be. */
  get uploads() {
    return this.#host.dataset.upload
  }

  /**
   * Return the words that the page gives for `name`.
   * @param {string} name
   */
  word(name) {
    return this.#host.getAttribute(`data-word-${name}`) ?? ""
  }

  /**
   * Show in the status line what is going on.
   * @param {string} words
   */
  setStatus(words) {
    this.#status.textContent = words
  }

  /**
   * Put the caret in the text, at `position` or where it was.
   * @param {number} [position]
   */
  focus(position) {
    if (position !== undefined) this.editor.commands.setTextSelection(position)
    this.editor.view.focus() // at once: the focus command waits for a frame, and a key pressed meanwhile is lost
  }

  /**
   * Replace the text; as with any field, that fires no `input`.
   * @param {string | object} content
   */
  setContent(content) {
    this.editor.commands.setContent(content, { emitUpdate: false })
    this.#keep()
  }

  /**
   * Quote at the caret below the line `cite`, and put the caret after the quote.
   * @param {string} html
   * @param {string} cite
   */
  insertQuote(html, cite) {
    const whose = cite ? make("p", {}, make("strong", {}, cite)).outerHTML : ""
    this.editor.commands.insertContent(`<blockquote>${whose}${html}</blockquote><p></p>`)
    this.focus()
  }

  /**
   * Show a form between toolbar and text, in the place of one that was open.
   * @param {import("base/editor/form.js").InlineForm} form
   */
  showForm(form) {
    if (this.#form?.root.isConnected) this.#form.close()
    this.#form = form
    this.#toolbar.root.after(form.root)
  }

  /** Show the textarea again, which holds the HTML. */
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
    for (const label of textarea.labels) label.id ||= `editor-label-${++labels}`
    textarea.id ||= `editor-${++labels}`
    this.#error.id = `${textarea.id}-needed`
    const named = [...textarea.labels].map(({ id }) => id)
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
    signal.addEventListener("abort", takeFiles({ zone: this.#root, take: this.#take }))
    this.#dom.style.minBlockSize = `${textarea.offsetHeight}px`
    textarea.value = this.html
    textarea.hidden = true
    textarea.removeAttribute("id") // the editor has it now, so that an address with "#f-body" leads there
    textarea.after(this.#root)
  }

  /**
   * The field is empty and hidden, so that the browser can't show its own words at it.
   * @param {Event} event
   */
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

  /**
   * Whether a key is not for the editor: Tab goes to the next field, but not in a table, and Ctrl+Enter may send.
   * @param {KeyboardEvent} event
   */
  #passes(event) {
    const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey)
    if (sends) event.preventDefault()
    return sends || (event.key === "Tab" && !this.editor.isActive("table"))
  }

  /** @param {KeyboardEvent} event */
  #shortcut(event) {
    const command = event.ctrlKey || event.metaKey
    /** @type {Record<string, false | "" | (() => void)>} */
    const keys = {
      F10: event.altKey && (() => this.#toolbar.focus()),
      k: command && this.word("link") && (() => editLink(this)),
      "]": command && (() => this.editor.commands.sinkListItem("listItem")),
      "[": command && (() => this.editor.commands.liftListItem("listItem")),
    }
    const run = Object.hasOwn(keys, event.key) && keys[event.key]
    if (!run) return
    event.preventDefault()
    run()
  }

  /**
   * Take the pictures among files that were dropped or pasted on the text; the other files are left to the attachments.
   * @param {File[]} files
   * @param {DragEvent | ClipboardEvent} event
   */
  #take = (files, event) => {
    if (!this.uploads) return files
    const pictures = picturesAmong(files)
    const at = event instanceof DragEvent && this.editor.view.posAtCoords({ left: event.clientX, top: event.clientY })
    if (at && pictures.length) this.editor.commands.setTextSelection(at.pos)
    this.#insertImages(pictures)
    return files.filter((file) => !pictures.includes(file))
  }

  /** @param {File[]} pictures */
  async #insertImages(pictures) {
    for (const picture of pictures) await insertImage(this, picture)
  }

  /**
   * Return the text as the field of a Mention.
   * @returns {import("base/mention.js").MentionField}
   */
  #field() {
    const { editor } = this
    return {
      element: this.#dom,
      before() {
        const { $from, empty } = editor.state.selection
        if (!empty || editor.isActive("code") || editor.isActive("codeBlock")) return ""
        return $from.parent.textBetween(0, $from.parentOffset, null, "\n")
      },
      replace(length, { id, name }) {
        const { from } = editor.state.selection
        const mention = { type: "mention", attrs: { href: `/people/${id}`, name: `@${name}` } }
        editor
          .chain()
          .insertContentAt({ from: from - length, to: from }, [mention, { type: "text", text: " " }])
          .scrollIntoView()
          .run()
      },
      place: (list) => {
        const caret = editor.view.coordsAtPos(editor.state.selection.from)
        const box = this.#host.getBoundingClientRect()
        list.style.left = "0" // where it was before, it may have been narrower
        list.style.top = `${caret.bottom - box.top}px`
        list.style.left = `${Math.max(0, Math.min(caret.left - box.left, box.width - list.offsetWidth))}px`
      },
    }
  }
}
