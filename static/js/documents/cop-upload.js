// <cop-upload>: files that are chosen or dropped are sent, each with its progress.
//
// Plain, what is chosen is sent at once. With `hold`, it is sent when its form is submitted. With `draft`, it becomes
// an attachment of the composer around it, and submitting that waits until the files are there.

import { get } from "base/dom.js"
import { takeFiles } from "base/file-takers.js"
import { UploadList } from "documents/upload-list.js"
import * as Turbo from "vendor/turbo.js"

export class CopUpload extends HTMLElement {
  /** @type {UploadList | undefined} */
  #files
  /** @type {HTMLFormElement} */
  #form
  /** @type {HTMLInputElement} */
  #input
  /** @type {AbortController} */
  #leaving
  /** @type {(() => void) | undefined} submits the composer once the files are there */
  #postponed
  #uploaded = false

  connectedCallback() {
    this.#form = this.closest("form") ?? get(this, "form", HTMLFormElement)
    this.#input = get(this, "input[type=file]", HTMLInputElement)
    // Turbo may take the element along to a refreshed page, with other elements around it.
    this.#leaving = new AbortController()
    const { signal } = this.#leaving
    this.#input.addEventListener("change", this.#choose, { signal })
    this.#form.addEventListener("submit", this.#submit, { signal, capture: true })
    this.#form.addEventListener("reset", this.#reset, { signal })
    this.addEventListener("click", this.#remove, { signal })
    const zone = this.#draft ? this.#form : this
    const stop = takeFiles({ zone, mark: this.querySelector(".drop-here") ?? this, page: true, take: this.#take })
    signal.addEventListener("abort", stop)
    window.addEventListener("beforeunload", this.#warn, { signal })
    if (this.#input.files?.length) this.#choose() // chosen before this module was there
  }

  disconnectedCallback() {
    this.#leaving.abort()
  }

  /**
   * Attach a file to the composer.
   * @param {{ id: string | number, title: string }} file
   */
  attach({ id, title }) {
    const template = get(this, "template.attachment-row", HTMLTemplateElement)
    const row = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true))
    Object.assign(get(row, "input"), { type: "hidden", value: id })
    get(row, "bdi").textContent = title
    const remove = get(row, "button")
    remove.title = this.#list.word("remove", { name: title }) || remove.title
    remove.ariaLabel = remove.title
    get(this, ".attachments").append(row)
  }

  get #draft() {
    return this.hasAttribute("draft")
  }

  get #hold() {
    return this.hasAttribute("hold")
  }

  get #list() {
    this.#files ??= new UploadList(this, {
      fields: () => this.#fields(),
      uploaded: (row, file) => {
        this.#uploaded = true
        if (!this.#draft) return
        this.attach(file)
        this.#list.drop(row)
        this.#change()
      },
      conflicted: (version) => this.#rebase(version),
      finished: ({ failed }) => this.#finish(failed > 0),
    })
    return this.#files
  }

  #fields() {
    const fields = this.#draft ? new FormData() : new FormData(this.#form)
    if (this.#draft) fields.set("draft", "1")
    return fields
  }

  // Choosing and dropping

  #choose = () => {
    if (this.#hold) return
    const files = [...(this.#input.files ?? [])]
    this.#input.value = "" // the form must not send it as well, and it can be chosen again
    this.#list.add(files, false)
  }

  /**
   * Take files that were dropped or pasted.
   * @param {File[]} files
   */
  #take = (files) => {
    if (!this.#hold) {
      this.#list.add(files, false)
      return
    }
    const chosen = new DataTransfer()
    for (const file of this.#input.multiple ? files : files.slice(0, 1)) chosen.items.add(file)
    this.#input.files = chosen.files
    this.#input.dispatchEvent(new Event("change", { bubbles: true })) // its name is shown
    this.#form.scrollIntoView({ block: "center" })
    return files.slice(chosen.files.length)
  }

  // The form

  /** @param {SubmitEvent} event */
  #submit = (event) => {
    const { busy, failed } = this.#list
    if (this.#draft) this.#postponed = busy && !failed ? () => this.#form.requestSubmit(event.submitter) : undefined
    if (this.#draft && !busy && !failed) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (this.#draft) this.#list.setStatus(this.#list.word(failed ? "unsent" : "busy"))
    else this.#list.add(this.#input.files ?? [], this.#hold)
  }

  /**
   * All files have been tried: submit the composer that waited, or show the page with the new documents.
   * @param {boolean} failed
   */
  #finish(failed) {
    if (failed && this.#postponed) this.#list.setStatus(this.#list.word("unsent"))
    if (failed) this.#postponed = undefined
    if (!this.#uploaded) return
    this.#uploaded = false
    if (this.#draft) return this.#resume()
    if (this.#hold) this.#form.reset()
    if (this.isConnected) Turbo.visit(location.pathname + location.search, { action: "replace" })
  }

  #resume() {
    const submit = this.#postponed
    this.#postponed = undefined
    submit?.()
  }

  /**
   * Somebody else saved a version meanwhile, and the row says so: trying again builds on that version.
   * @param {number | undefined} version
   */
  #rebase(version) {
    const base = /** @type {HTMLInputElement | null} */ (this.#form.elements.namedItem("base_version"))
    if (base && version) base.value = String(version)
  }

  /** The composer was emptied: its attachments have been posted. */
  #reset = () => {
    if (this.#draft) get(this, ".attachments").replaceChildren()
  }

  /** @param {MouseEvent} event */
  #remove = ({ target }) => {
    const attachment = /** @type {Element} */ (target).closest("[data-act=remove]")?.closest("li")
    if (!attachment) return
    attachment.remove()
    this.#change()
    this.#input.focus()
  }

  #change() {
    this.#form.dispatchEvent(new Event("input", { bubbles: true }))
  }

  /** @param {BeforeUnloadEvent} event */
  #warn = (event) => {
    if (this.#list.busy) event.preventDefault()
  }
}

customElements.define("cop-upload", CopUpload)
