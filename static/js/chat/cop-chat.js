// <cop-chat>: a room: its live messages, the composer, who is there, and what is done with a message.
import { fragmentOf, get, word } from "base/dom.js"
import { request, STREAM, sendJSON } from "base/http.js"
import { listen, Place } from "base/live.js"
import { ReadingMark } from "base/reading-mark.js"
import { Composer, TYPING } from "chat/composer.js"
import { Log } from "chat/log.js"

const FIRST_MARK = 1_000
const MARK = 10_000 // between two marks of how far the reader has read

class CopChat extends HTMLElement {
  /** @type {HTMLFormElement | null} */
  #form
  /** @type {Promise<import("base/acts-menu.js").ActsMenu> | undefined} */
  #menu
  /** @type {Log} */
  #log
  /** @type {Composer | undefined} */
  #composer
  /** @type {Presence} */
  #presence
  /** @type {import("chat/selection.js").Selection | undefined} */
  #selection
  /** @type {import("chat/editing.js").Editing | undefined} */
  #editing
  /** @type {Place} */
  #place
  /** @type {ReadingMark} */
  #mark
  /** @type {AbortController} */
  #leaving
  #marked = false
  #counting = false

  connectedCallback() {
    this.#form = this.querySelector("form.composer-chat")
    this.#leaving = new AbortController()
    this.#log = new Log(this, { seen: () => this.#read(), unseen: (n) => this.#countInTitle(n) })
    this.#place = new Place({
      name: this.dataset.place ?? "",
      seq: Number(this.dataset.seq),
      url: `${this.dataset.url}/messages`,
      target: this.#log.list,
      on: {
        change: (seq) => {
          this.dataset.seq = String(seq) // a page that Turbo restores goes on from here
        },
        gone: () => this.#close(),
        state: (state) => this.#show(state),
      },
    })
    this.#mark = new ReadingMark(this, () => this.#place.seq)
    this.#log.open()
    if (this.#form) {
      this.#composer = new Composer(this, this.#form, {
        changed: () => this.#log.arrange(),
        sent: () => this.#log.toEnd(),
        editLast: () => this.#edit(this.#log.lastOwn),
      })
    }
    this.#listen(this.#leaving)
    this.#presence = new Presence(this)
    this.#show("connecting")
    this.#place.open()
    if (this.classList.contains("is-choosing")) this.#choose(true)
  }

  disconnectedCallback() {
    this.#leaving.abort()
    if (this.#mark.scheduled) this.#mark.send()
    this.#place.close()
    this.#log.close()
    this.#composer?.close()
    this.#presence.close()
    this.#selection?.close()
    this.#editing?.close()
    this.#closeMenu()
    this.#composer = this.#selection = this.#editing = undefined
    this.#countInTitle(0)
  }

  /** @param {AbortController} controller */
  #listen({ signal }) {
    this.addEventListener("click", this.#click, { signal })
    this.addEventListener("submit", this.#submit, { signal })
    document.querySelector("[data-mute]")?.addEventListener("submit", this.#mute, { signal })
    this.addEventListener("cop:placed", this.#placed, { signal })
    for (const event of ["pointerover", "focusin"]) this.addEventListener(event, this.#prepare, { signal })
    document.addEventListener("visibilitychange", this.#changeVisibility, { signal })
    window.addEventListener("pagehide", this.#leave, { signal })
    for (const event of ["online", "offline"]) {
      window.addEventListener(event, () => this.#show(this.#place.state), { signal })
    }
  }

  // The connection

  /** @param {PlaceState} state */
  #show(state) {
    const status = get(this, ".room-state[role=status]")
    status.textContent =
      state === "gone" ? "" : word(this, state === "polling" && !navigator.onLine ? "offline" : state)
    status.classList.toggle("is-away", state !== "live")
    status.classList.toggle("is-polling", state === "polling")
    if (state !== "live") return
    this.#composer?.outbox?.flush()
    this.#presence.refresh()
  }

  /** The reader has no access any more: nothing can be read or done here, and what they typed can be copied. */
  async #close() {
    this.classList.add("is-gone")
    this.#composer?.lock()
    this.#editing?.close()
    this.#log.empty()
    this.#presence.empty()
    this.#closeMenu()
    const { response } = await request(this.dataset.url ?? "", { headers: { Accept: "application/json" } })
    const expired = response?.status === 401
    const notice = get(this, ".room-gone")
    notice.hidden = false
    get(notice, "p").textContent = word(this, expired ? "expired" : "gone")
    get(notice, expired ? "[data-enter]" : "[data-home]").hidden = false
  }

  /** @param {CustomEvent<{ again: boolean }>} event */
  #placed = ({ target, detail }) => {
    const { author, client } = /** @type {HTMLElement} */ (target).dataset
    if (!detail.again) this.#presence.stopTyping(Number(author))
    if (client && author === this.dataset.viewer) this.#composer?.outbox?.acknowledge(client)
  }

  // How far the reader has read: sent soon after coming, then now and then, and when leaving

  #read() {
    if (this.#mark.scheduled || this.#place.seq <= this.#mark.saved) return
    this.#mark.schedule(this.#marked ? MARK : FIRST_MARK)
    this.#marked = true
  }

  #leave = () => this.#mark.scheduled && this.#mark.send()

  #changeVisibility = () => {
    if (document.visibilityState === "visible") this.#log.scrolled()
    else this.#leave()
  }

  /**
   * Count in the title what came in while the page was out of sight; afterwards, as everywhere, the unread notices.
   * @param {number} unseen
   */
  #countInTitle(unseen) {
    const away = unseen > 0 && document.visibilityState !== "visible"
    if (!away && !this.#counting) return
    this.#counting = away
    const count = away ? unseen : document.querySelector("#unread:not([hidden])")?.textContent
    const title = document.title.replace(/^\(\d+\+?\) /, "")
    document.title = count ? `(${count}) ${title}` : title
  }

  // Clicks and forms

  /** @param {MouseEvent} event */
  #click = (event) => {
    const target = /** @type {Element} */ (event.target)
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("[data-act]"))
    if (!link || event.metaKey || event.ctrlKey) return
    if (this.#run(link) !== false) event.preventDefault()
  }

  /**
   * Do what a control is for; return false where the browser is to follow the link.
   * @param {HTMLAnchorElement} link
   */
  #run(link) {
    const message = /** @type {HTMLElement | null} */ (
      link.closest(".message") ?? this.querySelector(`#message-${link.dataset.id}`)
    )
    const client = message?.dataset.client ?? ""
    const composer = this.#composer
    /** @type {Record<string, () => unknown>} */
    const actions = {
      acts: () => this.#openMenu(link),
      again: () => composer?.outbox?.sendAnew(client),
      amend: () => composer?.amend(client),
      choose: () => this.#choose(true),
      "choose-not": () => this.#choose(false),
      copy: () => composer?.copy(),
      discard: () => composer?.outbox?.remove(client),
      edit: () => this.#edit(message),
      emoji: () => composer?.chooseEmoji(link),
      newest: () => this.#log.complete && this.#log.toEnd(),
      reply: () => this.#reply(message),
      "reply-not": () => composer?.reply(null),
      retry: () => composer?.outbox?.retry(client),
    }
    return actions[link.dataset.act ?? ""]?.() ?? (link.dataset.act ?? "") in actions
  }

  /** @param {HTMLElement | null} message */
  #reply(message) {
    if (!message || !this.#composer) return false
    this.#composer.reply(message)
  }

  /** @param {HTMLElement | null | undefined} message */
  async #edit(message) {
    if (!message) return
    const { Editing } = await import("chat/editing.js") // loaded when it is needed, as what follows is
    this.#editing ??= new Editing(this, this.#log.list, () => this.#composer?.focus())
    if (!(await this.#editing.begin(message))) location.assign(`/messages/${message.dataset.id}/acts`)
  }

  /**
   * Choose messages for a thread, or stop that.
   * @param {boolean} on
   */
  async #choose(on) {
    const { Selection } = await import("chat/selection.js")
    this.#selection ??= new Selection(this)
    this.#selection.toggle(on)
  }

  /** @param {SubmitEvent} event */
  #submit = (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target)
    if (form.id === "harvest" || event.submitter?.getAttribute("formmethod") === "dialog") return
    if (form === this.#form && !this.#log.complete) return this.#composer?.clearDraft() // the form leads to the newest
    event.preventDefault()
    if (form === this.#form) this.#composer?.send()
    else this.#post(form, event.submitter)
  }

  /**
   * Mute the room, or stop that.
   * @param {Event} event
   */
  #mute = async (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.target)
    const button = get(form, "button")
    const muted = button.ariaPressed !== "true"
    const thing = `/things/${this.dataset.place?.split(":")[1]}`
    const [method, path] = muted ? ["PUT", "muting"] : ["DELETE", "following"]
    const response = await sendJSON(method, `/api/v1${thing}/${path}`).catch(() => undefined)
    get(form, "[role=status]").textContent = word(this, response?.ok ? (muted ? "muted" : "unmuted") : "failed")
    if (!response?.ok) return
    button.ariaPressed = String(muted)
    form.setAttribute("action", `${thing}/${muted ? "following/delete" : "muting"}`)
  }

  // The menu of a message

  /** Load the menu when the reader comes near the controls of a message. */
  #prepare = (/** @type {Event} */ { target }) => {
    if (/** @type {Element} */ (target).closest(".message-acts, .reactions")) this.#loadMenu().catch(() => {})
  }

  #loadMenu() {
    const say = (/** @type {string} */ words) => {
      get(this, "[data-said]").textContent = words
    }
    this.#menu ??= import("base/acts-menu.js").then(
      ({ ActsMenu }) => new ActsMenu(this, { run: this.#runLine, say }),
      (problem) => {
        this.#menu = undefined
        throw problem
      },
    )
    return this.#menu
  }

  #closeMenu() {
    this.#menu?.then((menu) => menu.disconnect())
    this.#menu = undefined
  }

  /** @param {HTMLAnchorElement} link */
  async #openMenu(link) {
    try {
      await (await this.#loadMenu()).open(link)
    } catch {
      location.assign(link.href) // the page of acts does the same
    }
  }

  /** @type {(act: string, message: HTMLElement) => boolean} */
  #runLine = (act, message) => {
    if (act === "reply") return this.#reply(message) !== false
    if (act === "edit") this.#edit(message)
    return act === "edit"
  }

  /**
   * Post a form about a message.
   * @param {HTMLFormElement} form
   * @param {HTMLElement | null} submitter
   */
  async #post(form, submitter) {
    const menu = await this.#loadMenu().catch(() => undefined)
    if (menu) await menu.post(form, submitter)
    else form.submit()
  }
}

/** Who is in the room now, and who is typing. */
class Presence {
  #room
  /** @type {Map<number, { name: string, timer: ReturnType<typeof setTimeout> }>} */
  #typists = new Map()
  #stops
  #closed = false

  /** @param {HTMLElement} room the <cop-chat> */
  constructor(room) {
    this.#room = room
    const { place } = room.dataset
    this.#stops = [
      listen("typing", (data) => data.place === place && this.#type(data.person, data.name)),
      listen("present", (data) => data.place === place && this.#show(fragmentOf(data.html), data.count)),
    ]
  }

  close() {
    this.#closed = true // an answer may still be on its way
    for (const stop of this.#stops) stop()
  }

  /** Show nobody. */
  empty() {
    this.close()
    this.#show(document.createDocumentFragment(), "0")
  }

  /** Ask who is there: signals may have been missed while there was no connection. */
  async refresh() {
    const { response, text } = await request(`${this.#room.dataset.url}/people`, { headers: { Accept: STREAM } })
    if (this.#closed || !response?.ok || response.redirected) return
    const stream = get(fragmentOf(text), "turbo-stream")
    this.#show(get(stream, "template", HTMLTemplateElement).content, stream.dataset.count ?? "")
  }

  /**
   * A person has stopped typing: the message has come, or there was no signal for a while.
   * @param {number} person
   */
  stopTyping(person) {
    clearTimeout(this.#typists.get(person)?.timer)
    if (this.#typists.delete(person)) this.#showTyping()
  }

  /**
   * @param {Node} people
   * @param {string} count
   */
  #show(people, count) {
    get(document, "#present").replaceChildren(people)
    for (const part of document.querySelectorAll("[data-present]")) part.textContent = count
  }

  /**
   * @param {number} person
   * @param {string} name
   */
  #type(person, name) {
    if (String(person) === this.#room.dataset.viewer) return
    clearTimeout(this.#typists.get(person)?.timer)
    this.#typists.delete(person) // the last to type is named last
    this.#typists.set(person, { name, timer: setTimeout(() => this.stopTyping(person), TYPING + 1_000) })
    this.#showTyping()
  }

  #showTyping() {
    const [one, two, more] = this.#typists.values()
    const form = more ? "many" : two ? "two" : "one"
    get(this.#room, ".typing").textContent = one
      ? word(this.#room, `typing-${form}`, { name: one.name, other: two?.name })
      : ""
  }
}

customElements.define("cop-chat", CopChat)
