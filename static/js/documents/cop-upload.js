// Files go one by one, each with its progress; one that fails waits to be tried again while the others go on.
// Plain, what is chosen is sent at once; with `hold`, when its form is submitted; with `draft` it becomes an
// attachment of the composer it stands in, whose submitting waits for it.
import * as Turbo from "vendor/turbo.js"

const carriesFiles = ({ dataTransfer }) => Boolean(dataTransfer?.types.includes("Files"))

// One file on its way; `state` is waiting, sending, done or failed.
class Upload {
  constructor(owner, file) {
    Object.assign(this, { owner, file, key: crypto.randomUUID() })
    this.element = owner.querySelector("template.upload-row").content.firstElementChild.cloneNode(true)
    this.element.querySelector("bdi").textContent = file.name
    this.bar = this.element.querySelector("progress")
    this.bar.setAttribute("aria-label", owner.word("progress", { name: file.name }))
    this.element.querySelector("[data-act=stop]").addEventListener("click", () => this.stop())
    this.element.querySelector("[data-act=retry]").addEventListener("click", () => this.again())
    this.wait()
  }

  async again() {
    await this.owner.learn()
    this.wait().owner.next()
  }

  wait() {
    this.bar.value = 0
    return this.is("waiting", this.owner.word("waiting"))
  }

  is(state, words, again = false) {
    this.state = state
    for (const name of ["sending", "done", "failed"]) this.element.classList.toggle(`is-${name}`, state === name)
    this.element.querySelector(".upload-state span").textContent = words
    this.element.querySelector("[data-act=retry]").hidden = !again
    const stop = this.element.querySelector("[data-act=stop]")
    stop.hidden = state === "done"
    stop.ariaLabel = stop.title = this.owner.word(state === "failed" ? "remove" : "stop", { name: this.file.name })
    return this
  }

  send(address, fields) {
    fields.set("client_id", this.key) // a second try of what had arrived changes nothing
    fields.set("file", this.file, this.file.name)
    this.is("sending", this.owner.word("sending", { n: 0 }))
    this.request = new XMLHttpRequest()
    this.request.open("POST", address)
    this.request.setRequestHeader("Accept", "application/json")
    this.request.upload.addEventListener("progress", ({ loaded, total }) =>
      this.progress(Math.floor((loaded / total) * 100)),
    )
    this.request.addEventListener("loadend", () => this.ended())
    this.request.send(fields)
  }

  progress(percent) {
    this.bar.value = percent
    const word = percent < 100 ? this.owner.word("sending", { n: percent }) : this.owner.word("checking")
    if (this.state === "sending") this.element.querySelector(".upload-state span").textContent = word
  }

  ended() {
    let answer = {}
    try {
      answer = JSON.parse(this.request.responseText)
    } catch {
      // No connection, or somebody between us and the server answered.
    }
    if (this.request.status === 201) this.arrived(answer)
    else this.refused(this.request.status, answer)
    this.owner.next()
  }

  arrived(answer) {
    const again = answer.number > 1
    this.is("done", this.owner.word(again ? "version" : "done", { n: answer.number }))
    this.owner.arrived(this, answer)
  }

  refused(status, { errors = {}, detail, version }) {
    const said = (Object.values(errors)[0] ?? detail)?.replace(`“${this.file.name}”: `, "") // the row names it
    if (this.state !== "sending") return // stopped
    if (status === 409) this.owner.overtaken(version)
    if (status === 401) this.is("failed", this.owner.word("signedOut"), true)
    else if (status === 413 && !said) this.is("failed", this.owner.tooLarge())
    else this.is("failed", said || this.owner.word("failed"), status !== 413 && status !== 422)
  }

  // Stops what is under way; what had failed already goes off the list.
  stop() {
    if (this.state === "failed") return this.owner.forget(this)
    this.is("failed", this.owner.word("stopped"), true)
    this.request?.abort()
  }
}

class CopUpload extends HTMLElement {
  connectedCallback() {
    this.rows ??= []
    this.draft = this.hasAttribute("draft")
    this.hold = this.hasAttribute("hold")
    this.form = this.closest("form") ?? this.querySelector("form")
    this.input = this.querySelector("input[type=file]")
    this.zone = this.querySelector(".drop") ?? this
    this.area = this.draft ? this.form : document
    // Turbo may take the element along to a refreshed page, where other things surround it.
    this.leaving = new AbortController()
    const { signal } = this.leaving
    this.input.addEventListener("change", this.chosen, { signal })
    this.form.addEventListener("submit", this.submit, { signal, capture: true })
    this.form.addEventListener("reset", this.emptied, { signal })
    this.addEventListener("click", this.clicked, { signal })
    this.area.addEventListener("dragover", this.over, { signal })
    this.area.addEventListener("dragleave", this.left, { signal })
    this.area.addEventListener("drop", this.dropped, { signal })
    window.addEventListener("beforeunload", this.unload, { signal })
    if (this.input.files.length) this.chosen() // on a slow line somebody may be quicker than this module
  }

  disconnectedCallback() {
    this.leaving.abort()
  }

  // The words are fetched with the first file that is chosen. Where they do not come a file goes its way without.
  learn() {
    this.learning ??= fetch(this.dataset.words)
      .then((answer) => answer.json())
      .then(
        (words) => Object.assign(this, { words }),
        () => (this.learning = null),
      )
    return this.learning
  }

  word(name, values = {}) {
    return (this.words?.[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole)
  }

  say(words) {
    this.querySelector(":scope > [role=status]").textContent = words
  }

  tooLarge() {
    return this.word("tooLarge", { n: Math.floor(this.dataset.largest / 1e6) })
  }

  over = (event) => {
    if (event.defaultPrevented || !carriesFiles(event)) return
    event.preventDefault()
    this.zone.classList.add("is-over")
  }

  left = (event) => {
    if (!event.relatedTarget || !this.area.contains(event.relatedTarget)) this.zone.classList.remove("is-over")
  }

  dropped = (event) => {
    this.zone.classList.remove("is-over")
    if (event.defaultPrevented || !carriesFiles(event)) return
    event.preventDefault()
    if (!this.hold) return this.take(event.dataTransfer.files)
    this.input.files = event.dataTransfer.files
    this.form.scrollIntoView({ block: "center" })
  }

  chosen = () => {
    if (this.hold) return
    const files = [...this.input.files]
    this.input.value = "" // it is sent by us, not by the form as well; and can be chosen anew
    this.take(files)
  }

  submit = (event) => {
    if (!this.draft) {
      event.preventDefault()
      event.stopImmediatePropagation()
      return this.take(this.input.files)
    }
    const failed = this.rows.some(({ state }) => state === "failed")
    this.postponed = this.busy && !failed ? () => this.form.requestSubmit(event.submitter) : null
    if (!this.busy && !failed) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.say(this.word(failed ? "unsent" : "busy"))
  }

  get busy() {
    return this.coming || this.rows.some(({ state }) => state === "waiting" || state === "sending")
  }

  async take(list) {
    const files = [...list] // of what was dropped nothing is left a moment later
    this.coming = true
    await this.learn()
    this.coming = false
    for (const row of this.rows.filter(({ state }) => state === "done" || this.hold)) this.forget(row)
    this.say("")
    const most = Number(this.dataset.most)
    for (const [place, file] of files.entries()) {
      const row = new Upload(this, file)
      if (file.size > Number(this.dataset.largest)) row.is("failed", this.tooLarge())
      else if (place >= most) row.is("failed", this.word("tooMany", { n: most }), true)
      this.rows.push(row)
      this.list.append(row.element)
    }
    this.list.hidden = !this.rows.length
    this.next()
  }

  get list() {
    return this.querySelector(".uploads")
  }

  next() {
    if (this.rows.some(({ state }) => state === "sending")) return
    const row = this.rows.find(({ state }) => state === "waiting")
    if (row) row.send(this.dataset.upload, this.fields())
    else this.done()
  }

  fields() {
    const fields = this.draft ? new FormData() : new FormData(this.form)
    if (this.draft) fields.set("draft", "1")
    return fields
  }

  // An attachment hangs on the composer from here on; a document stands on the page once that is fetched again.
  arrived(row, { id, title }) {
    this.fresh = true
    if (!this.draft) return
    this.hang({ id, title })
    this.forget(row)
    this.changed()
  }

  hang({ id, title }) {
    const hung = this.querySelector("template.attachment-row").content.firstElementChild.cloneNode(true)
    const input = hung.querySelector("input")
    Object.assign(input, { type: "hidden", value: id })
    hung.querySelector("bdi").textContent = title
    const remove = hung.querySelector("button")
    remove.ariaLabel = remove.title = this.word("remove", { name: title }) || remove.title
    this.querySelector(".attachments").append(hung)
  }

  // Somebody else saved in between, which the row says; whoever tries again has read it.
  overtaken(version) {
    const base = this.form.elements.base_version
    if (base && version) base.value = version
  }

  done() {
    const failed = this.rows.filter(({ state }) => state === "failed").length
    const done = this.rows.filter(({ state }) => state === "done").length
    if (done + failed > 1) this.say(this.word("over", { done, failed }))
    if (failed && this.postponed) this.say(this.word("unsent"))
    if (failed) this.postponed = null
    if (!this.fresh) return
    this.fresh = false
    if (this.draft) return this.resume()
    if (this.hold) this.form.reset()
    if (this.isConnected) Turbo.visit(location.pathname + location.search, { action: "replace" })
  }

  resume() {
    const submit = this.postponed
    this.postponed = null
    submit?.()
  }

  forget(row) {
    row.element.remove()
    this.rows = this.rows.filter((other) => other !== row)
    this.list.hidden = !this.rows.length
  }

  clicked = (event) => {
    const hung = event.target.closest("[data-act=remove]")?.closest("li")
    if (!hung) return
    hung.remove()
    this.changed()
    this.input.focus()
  }

  // The composer was emptied: what hung on it was posted.
  emptied = () => {
    if (this.draft) this.querySelector(".attachments").replaceChildren()
  }

  changed() {
    this.form.dispatchEvent(new Event("input", { bubbles: true }))
  }

  unload = (event) => {
    if (this.busy) event.preventDefault()
  }
}

customElements.define("cop-upload", CopUpload)
