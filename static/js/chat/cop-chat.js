// A room: live messages, saying something, who is there and typing, choosing messages for a thread.
import { Draft } from "base/drafts.js"
import { Place, listen, signal } from "base/live.js"
import { fragmentOf, placeAll } from "base/place.js"
import { Log } from "chat/log.js"
import { Outbox } from "chat/outbox.js"

const STREAM = "text/vnd.turbo-stream.html"
const TYPING = 3_000 // how often it is told that I type; who was not heard for a second longer has stopped
const FIRST_MARK = 1_000
const MARK = 10_000 // how often at most it is told how far I have read

class CopChat extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector(".composer-chat:is(form)")
    this.dialog = this.querySelector("dialog")
    this.status = this.querySelector(".room-state[role=status]")
    this.typists = new Map()
    this.chosen = new Set()
    this.log = new Log(this, { seen: () => this.read(), unseen: (n) => this.entitle(n) })
    this.place = new Place({
      name: this.dataset.place,
      seq: Number(this.dataset.seq),
      url: `${this.dataset.url}/messages`,
      target: this.log.list,
      on: { told: (data) => this.told(data), gone: () => this.gone(), state: (state) => this.is(state) },
    })
    this.log.open()
    if (this.form) this.compose()
    this.addEventListener("click", this.click)
    this.addEventListener("submit", this.submit)
    this.addEventListener("change", this.choice)
    this.addEventListener("cop:placed", this.placed)
    document.addEventListener("visibilitychange", this.visible)
    window.addEventListener("pagehide", this.leaving)
    for (const change of ["online", "offline"]) window.addEventListener(change, this.line)
    this.deaf = [listen("typing", this.typing), listen("present", this.present)]
    this.is("connecting")
    this.place.open()
    if (this.classList.contains("is-choosing")) this.choosing(true)
  }

  disconnectedCallback() {
    this.leaving()
    this.place.close()
    this.log.close()
    this.outbox?.close()
    this.draft?.close()
    for (const stop of this.deaf) stop()
    clearTimeout(this.marking)
    document.removeEventListener("visibilitychange", this.visible)
    window.removeEventListener("pagehide", this.leaving)
    for (const change of ["online", "offline"]) window.removeEventListener(change, this.line)
    this.entitle(0)
  }

  // The connection

  // Kept on the element, so that a page that Turbo keeps goes on from here.
  told({ seq }) {
    this.dataset.seq = seq
  }

  is(state) {
    const words = state === "polling" && !navigator.onLine ? "offline" : state
    this.status.textContent = this.dataset[`word${words[0].toUpperCase()}${words.slice(1)}`]
    this.status.classList.toggle("is-away", state !== "live")
    if (state !== "live") return
    this.outbox?.flush()
    this.who()
  }

  line = () => this.is(this.place.state)

  gone() {
    this.outbox?.close()
    this.log.empty()
    this.log.more.hidden = true
    document.querySelector("#present")?.replaceChildren()
    if (this.dialog.open) this.dialog.close()
    for (const part of this.querySelectorAll("textarea, button, input")) part.disabled = true
    this.querySelector("[data-enter]").hidden = false
  }

  visible = () => {
    if (document.visibilityState === "visible") this.log.scrolled()
    else this.leaving()
  }

  // While the page is out of sight its title counts what came in; afterwards what the bell counts, as everywhere.
  entitle(unseen) {
    const away = unseen > 0 && document.visibilityState !== "visible"
    if (!away && !this.counting) return
    this.counting = away
    const count = away ? unseen : document.querySelector("#unread:not([hidden])")?.textContent
    const own = document.title.replace(/^\(\d+\+?\) /, "")
    document.title = count ? `(${count}) ${own}` : own
  }

  // How far I have read: soon after coming, then now and then, and when going.

  read() {
    if (this.marking || !this.place || this.place.seq <= Number(this.dataset.mark)) return
    this.marking = setTimeout(() => this.mark(), this.marked ? MARK : FIRST_MARK)
  }

  mark() {
    clearTimeout(this.marking)
    this.marking = null
    if (this.place.seq <= Number(this.dataset.mark)) return
    this.dataset.mark = this.place.seq
    this.marked = true
    send("PUT", `${this.dataset.url}/mark`, { seq: this.place.seq }).catch(() => {})
  }

  leaving = () => this.marking && this.mark()

  // Who is here, and who is typing

  present = ({ place, count, html }) => {
    if (place !== this.dataset.place) return
    document.querySelector("#present").replaceChildren(fragmentOf(html))
    document.querySelector("#present-count").textContent = count
  }

  async who() {
    const { answer, text } = await ask(`${this.dataset.url}/people`, { headers: { Accept: STREAM } })
    if (!answer?.ok || answer.redirected) return
    const people = fragmentOf(text).querySelector("turbo-stream")
    document.querySelector("#present").replaceChildren(people.querySelector("template").content)
    document.querySelector("#present-count").textContent = people.dataset.count
  }

  typing = ({ place, person, name }) => {
    if (place !== this.dataset.place || String(person) === this.dataset.viewer) return
    this.still(person)
    this.typists.set(person, { name, until: setTimeout(() => this.still(person), TYPING + 1_000) })
    this.sayTyping()
  }

  still(person) {
    clearTimeout(this.typists.get(person)?.until)
    if (this.typists.delete(person)) this.sayTyping()
  }

  sayTyping() {
    const [one, two, more] = this.typists.values()
    const words = this.dataset[`wordTyping${more ? "Many" : two ? "Two" : "One"}`]
    this.querySelector(".typing").textContent = one
      ? words.replace("{name}", () => one.name).replace("{other}", () => two?.name)
      : ""
  }

  // Saying something

  compose() {
    this.text = this.form.elements.body
    this.outbox = new Outbox({
      room: this,
      template: this.querySelector("#sent-message"),
      sending: this.log.sending,
      list: this.log.list,
      changed: () => this.log.arrange(),
    })
    this.outbox.open()
    if (this.outbox.entries().some(({ body }) => body === this.text.value.trim())) this.text.value = "" // on its way
    this.draft = new Draft(this.dataset.place, this.form, ["body", "reply_to", "files"])
    this.bar = this.form.querySelector(".composer-quote")
    // What the browser kept of a draft may answer a message; the server has not shown that then.
    if (this.bar.hidden) this.quote(document.getElementById(`message-${this.form.elements.reply_to.value}`))
    this.form.addEventListener("keydown", this.keys)
    this.form.addEventListener("input", this.types)
  }

  keys = (event) => {
    if (event.target !== this.text || event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    this.form.requestSubmit()
  }

  types = () => {
    this.measure()
    if (Date.now() - (this.typed ?? 0) < TYPING || !this.text.value.trim()) return
    this.typed = Date.now()
    signal("typing", { place: this.dataset.place })
  }

  say() {
    const files = [...new FormData(this.form).getAll("files")].map(Number)
    const body = this.text.value.trim()
    if (!body && !files.length) return this.text.focus()
    const names = [...this.form.querySelectorAll(".attachments bdi")].map((name) => name.textContent)
    this.outbox.add({ body, files, names, reply_to: Number(this.form.elements.reply_to.value) || null })
    this.draft.clear()
    this.form.reset()
    this.text.value = ""
    this.text.removeAttribute("aria-invalid")
    this.typed = 0
    this.quote(null)
    this.log.toEnd()
    this.text.focus()
  }

  // What was refused comes back into the composer, above what stands there.
  amend({ body, files, names, reply_to }) {
    this.text.value = [body, this.text.value.trim()].filter(Boolean).join("\n\n")
    for (const [place, id] of files.entries()) this.form.querySelector("cop-upload").hang({ id, title: names[place] })
    this.measure()
    this.reply(document.getElementById(`message-${reply_to}`))
  }

  // Cut off without a word would be lost: what is too long says so, and stays.
  measure() {
    const { length } = this.text.value
    const most = Number(this.text.dataset.longest)
    const words = this.dataset.wordTooLong.replace("{n}", length).replace("{most}", most)
    this.text.setCustomValidity(length > most ? words : "")
  }

  quote(message) {
    const text = (part) => message.querySelector(part).innerText
    this.form.elements.reply_to.value = message?.dataset.id ?? ""
    this.bar.hidden = !message
    this.bar.querySelector("p").textContent = message
      ? `${text(".byline-name")}: ${text(".message-text").slice(0, 120)}`
      : ""
  }

  reply(message) {
    this.quote(message)
    this.text.focus()
    this.draft.keep()
  }

  // Pressing

  click = (event) => {
    const link = event.target.closest("[data-act]")
    if (event.target === this.dialog || event.target.closest("[data-close]")) return this.dialog.close()
    if (!link || event.metaKey || event.ctrlKey) return
    const message = link.closest(".message")
    const acts = {
      acts: () => this.open(link.href),
      reply: () => this.form && this.answer(message ?? this.querySelector(`#message-${link.dataset.id}`)),
      "reply-not": () => this.reply(null),
      retry: () => this.outbox.retry(message.dataset.client),
      amend: () => this.amend(this.outbox.take(message.dataset.client)),
      discard: () => this.outbox.done(message.dataset.client),
      newest: () => this.log.whole && (this.log.toEnd(), true),
      choose: () => this.choosing(true),
      "choose-not": () => this.choosing(false),
    }
    const act = acts[link.dataset.act]
    if (act && act() !== false) event.preventDefault()
  }

  answer(message) {
    if (!message) return false
    if (this.dialog.open) this.dialog.close()
    this.reply(message)
    return true
  }

  // What can be done with a message: its own page, shown over this one.
  async open(address) {
    const { answer, text } = await ask(address, { headers: { Accept: "text/html" } })
    if (!answer || !this.showActs(text)) location.assign(address)
  }

  showActs(page) {
    const acts = fragmentOf(page).querySelector("#acts")
    if (!acts) return false
    const close = document.createElement("button")
    close.className = "button button-quiet"
    close.dataset.close = ""
    close.textContent = this.dataset.wordClose
    acts.append(close)
    this.dialog.replaceChildren(acts)
    if (!this.dialog.open) this.dialog.showModal()
    return true
  }

  submit = (event) => {
    if (event.target.id === "harvest") return
    if (event.target === this.form && !this.log.whole) return this.draft.clear() // the answer leads to the newest
    event.preventDefault()
    if (event.target === this.form) this.say()
    else this.act(event.target)
  }

  // A form of a message: its answer is the message as it stands now, or the page that says what is wrong.
  async act(form) {
    const pressed = form.dataset.people && form.querySelector("[aria-pressed=true]")
    const { answer, text } = await ask(form.getAttribute("action") + (pressed ? "/delete" : ""), {
      method: "POST",
      headers: { Accept: STREAM },
      body: new URLSearchParams(new FormData(form)),
    })
    if (!answer) return this.failed(form)
    if (answer.redirected) return location.assign(answer.url)
    if (!answer.ok) return this.showActs(text) || this.failed(form)
    const [placed] = placeAll(this.log.list, fragmentOf(text).querySelector("template").content)
    if (!this.dialog.open) return
    this.dialog.close() // and what it was opened from was put anew
    placed?.querySelector(".message-acts [data-act=acts]").focus({ preventScroll: true })
  }

  failed(form) {
    const said = document.createElement("p")
    said.className = "field-error"
    said.setAttribute("role", "alert")
    said.textContent = this.dataset.wordFailed
    form.parentElement.querySelector(":scope > [role=alert]")?.remove()
    form.after(said)
  }

  // Choosing messages for a thread

  choosing(on) {
    this.classList.toggle("is-choosing", on)
    if (!on) for (const box of this.boxes()) box.checked = false
    this.choice()
    this.querySelector(on ? ".message-pick input" : "[data-act=choose]")?.focus({ preventScroll: true })
  }

  boxes() {
    return [...this.querySelectorAll(".message-pick input")]
  }

  choice = () => {
    for (const box of this.boxes()) this.pick(box)
    const words = this.querySelector(".room-select [role=status]")
    words.dataset.none ??= words.textContent
    const n = this.chosen.size
    words.textContent = n ? this.log.count(n, "Chosen") : words.dataset.none
  }

  pick(box) {
    if (box.checked) this.chosen.add(box.value)
    else this.chosen.delete(box.value)
    box.closest(".message").classList.toggle("is-selected", box.checked)
  }

  // Who has said it types no more; and a message that is replaced while it was chosen stays chosen.
  placed = ({ target, detail }) => {
    if (!detail.again) this.still(Number(target.dataset.author))
    const box = target.querySelector(".message-pick input")
    if (!box || !this.chosen.has(box.value)) return
    box.checked = true
    target.classList.add("is-selected")
  }
}

// The answer and its text; nothing where nothing came through.
async function ask(address, options) {
  try {
    const answer = await fetch(address, options)
    return { answer, text: await answer.text() }
  } catch {
    return {}
  }
}

function send(method, address, body) {
  return fetch(address, {
    method,
    keepalive: true,
    headers: { Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify(body),
  })
}

customElements.define("cop-chat", CopChat)
