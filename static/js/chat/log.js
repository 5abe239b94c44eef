// The log of a room: days, runs of one author, own and new messages, earlier messages, and whether the end is in view.
import { counted, get, make, word } from "base/dom.js"
import { contentOf, request, STREAM } from "base/http.js"
import { placeAll, seqOf } from "base/place.js"
import { markReactions } from "base/reactions.js"

const RUN = 5 * 60_000 // messages of one author this close together are shown under one name
const NEAR = 60 // pixels from the end that still count as the end
const PAGE = 50
const MARGIN = 64 // pixels of what was read before that are shown above the message where one begins to read

export class Log {
  #room
  #on
  #scroller
  #sending
  #earlier
  #down
  #first
  #last
  #added = 0
  #atEnd = false
  #top = 0
  /** @type {string | undefined} the id of the message below the line */
  #firstUnread
  #settling = false
  #fetching = false
  #placingEarlier = false
  #resizes = new ResizeObserver(() => this.#atEnd && this.toEnd())
  #sight

  /**
   * @param {HTMLElement} room the <cop-chat>
   * @param {{ seen: () => void, unseen: (n: number) => void }} on called when the end is in view; with how many
   *   messages came in since it was not
   */
  constructor(room, on) {
    this.#room = room
    this.#on = on
    this.#scroller = get(room, ".room-log")
    this.list = get(room, "#messages")
    this.#sending = get(room, "#sending")
    this.#earlier = get(room, "[data-earlier]")
    this.#down = get(room, ".room-down")
    /** Whether the page goes on to the newest message; else it shows an earlier part. */
    this.complete = room.dataset.complete === "yes"
    const seqs = this.#messages().map(seqOf)
    this.#first = seqs[0] ?? 0
    this.#last = Math.max(0, ...seqs)
    this.#sight = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && this.#fetchEarlier(), {
      root: this.#scroller,
    })
  }

  open() {
    this.list.addEventListener("cop:placed", this.#placed)
    this.#scroller.addEventListener("scroll", this.scrolled, { passive: true })
    this.#begin()
    for (const part of [this.list, this.#sending, this.#scroller]) this.#resizes.observe(part)
    this.#sight.observe(this.#earlier)
  }

  close() {
    this.list.removeEventListener("cop:placed", this.#placed)
    this.#scroller.removeEventListener("scroll", this.scrolled)
    this.#resizes.disconnect()
    this.#sight.disconnect()
  }

  /** Take all messages off the page that are stored; what the reader could not send stays. */
  empty() {
    this.list.replaceChildren()
    this.#earlier.hidden = true
    this.#down.hidden = true
  }

  /** The reader's newest message that can be edited. */
  get lastOwn() {
    return this.#messages().findLast((message) => this.#isOwn(message) && !message.dataset.state)
  }

  toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight
  }

  /** Note where the log is scrolled to. */
  scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller
    const near = scrollHeight - scrollTop - clientHeight < NEAR
    this.#atEnd = near || (this.#atEnd && scrollTop >= this.#top) // only scrolling up leaves the end, not a new message
    this.#top = scrollTop
    if (this.#reading) {
      this.#added = 0
      this.#on.seen()
    }
    this.#showAdded()
  }

  /** Mark days, runs of one author and what is the reader's: every reader gets the same messages. */
  arrange() {
    for (const day of this.list.querySelectorAll(":scope > .day")) day.remove()
    const viewer = this.#room.dataset.viewer ?? ""
    let before = null
    for (const message of [...this.#messages(), ...children(this.#sending)]) {
      const { day } = message.dataset
      if (day && day !== before?.dataset.day) this.#addDay(message, day)
      message.classList.toggle("is-follow", this.#follows(message, before))
      message.classList.toggle("is-own", this.#isOwn(message))
      message.classList.toggle("is-mention", Boolean(message.querySelector(`a.mention[href="/people/${viewer}"]`)))
      markReactions(message, viewer)
      if (message.dataset.state) this.#offerUndo(message)
      before = message
    }
  }

  #messages() {
    return children(this.list).filter((element) => "seq" in element.dataset)
  }

  /** @param {HTMLElement} message */
  #isOwn(message) {
    return message.dataset.author === this.#room.dataset.viewer
  }

  get #reading() {
    return this.complete && this.#atEnd && document.visibilityState === "visible"
  }

  /** Scroll to the message that the address names, else to the first unread one, else to the end. */
  #begin() {
    const named = location.hash.startsWith("#message-") && document.getElementById(location.hash.slice(1))
    const mark = Number(this.#room.dataset.mark)
    const unread = this.#messages().filter((message) => mark && seqOf(message) > mark && !this.#isOwn(message))
    const start = named || this.#divide(unread)
    this.arrange()
    const above = Math.min(MARGIN, this.#scroller.clientHeight / 3)
    if (start) this.#scroller.scrollTop += topOf(start) - topOf(this.#scroller) - above
    else if (this.complete) this.toEnd()
    this.scrolled()
  }

  /**
   * Draw the line above the first of the unread messages.
   * @param {HTMLElement[]} unread
   */
  #divide(unread) {
    this.list.querySelector(".unread-line")?.remove()
    if (!unread[0]?.previousElementSibling) return null
    const line = make("p", { class: "unread-line" }, counted(this.#room, "new", unread.length))
    this.#firstUnread = unread[0].id
    unread[0].before(line)
    return line
  }

  /**
   * A message was put in the list: by the live connection, by catching up, by sending, or from before.
   * @param {CustomEvent<{ again: boolean }>} event
   */
  #placed = ({ target, detail }) => {
    const message = /** @type {HTMLElement} */ (target)
    const seq = seqOf(message)
    const old = detail.again || this.#placingEarlier || seq <= this.#last
    if (old || this.#isOwn(message))
      message.setAttribute("aria-live", "off") // only new messages of others are read out
    else this.#add(message)
    this.#last = Math.max(this.#last, seq)
    // A message of a part that the page does not show is taken off: beside it others would be missing.
    const gap = (old && seq < this.#first && !this.#earlier.hidden) || (!old && !this.complete)
    if (gap && !detail.again && !this.#placingEarlier) message.remove()
    this.#settle()
  }

  /** @param {HTMLElement} message */
  #add(message) {
    if (!this.#reading) this.#added += 1
    if (document.visibilityState === "visible" || !this.complete) return
    if (this.#added === 1) this.#divide([message])
    const line = this.list.querySelector(".unread-line")
    if (line) line.textContent = counted(this.#room, "new", this.#added)
  }

  /** Arrange once for all the messages that are put in the list together. */
  #settle() {
    if (this.#settling) return
    this.#settling = true
    queueMicrotask(() => {
      this.#settling = false
      this.#room.querySelector("[data-empty]")?.remove()
      this.arrange()
      this.#showAdded()
      if (this.#reading) this.#on.seen()
    })
  }

  #showAdded() {
    const label = get(this.#down, "span")
    const words = this.#added ? counted(this.#room, "new", this.#added) : word(this.#room, "newest")
    if (label.textContent !== words) label.textContent = words
    this.#down.hidden = this.complete && this.#atEnd
    this.#on.unseen(this.#added)
  }

  /**
   * Let the author put a retracted message back, and a moderator show a hidden one again.
   * @param {HTMLElement} message
   */
  #offerUndo(message) {
    const { id, state } = message.dataset
    const own = state === "retracted" && this.#isOwn(message)
    if (message.querySelector("form") || !(own || (state === "hidden" && this.#room.dataset.may === "hide"))) return
    const action = `/messages/${id}/${own ? "restoring" : "hiding/delete"}`
    const button = make("button", { "data-undo": true }, word(this.#room, own ? "undo" : "unhide"))
    get(message, ".message-text").after(make("form", { method: "post", action, class: "message-foot" }, button))
    if (message.contains(document.activeElement)) button.focus({ preventScroll: true }) // it was retracted just now
  }

  /**
   * Whether a message continues the run of the one before it.
   * @param {HTMLElement} message
   * @param {HTMLElement | null} before
   */
  #follows(message, before) {
    if (!before || before.dataset.author !== message.dataset.author || message.id === this.#firstUnread) return false
    const { day } = message.dataset // a message on its way has none yet
    return !day || (day === before.dataset.day && timeOf(message) - timeOf(before) < RUN)
  }

  /**
   * @param {HTMLElement} message
   * @param {string} day
   */
  #addDay(message, day) {
    const above = message.previousElementSibling
    const line = make("p", { class: "day" }, make("span", {}, day))
    const below = above?.classList.contains("unread-line") ? above : message
    below.before(line)
  }

  /** Fetch the messages before the first; what is read stays where it is on the screen. */
  async #fetchEarlier() {
    if (this.#fetching || this.#earlier.hidden || !this.#first) return
    this.#fetching = true
    const address = `${this.#room.dataset.url}/messages?before=${this.#first}&limit=${PAGE}`
    const { response, text } = await request(address, { headers: { Accept: STREAM } })
    this.#fetching = false
    if (this.#earlier.hidden) return // emptied meanwhile
    const content = response?.ok && !response.redirected && contentOf(text) // else scrolling up again, or the link, asks
    if (content) this.#placeEarlier(content)
  }

  /** @param {ParentNode} content */
  #placeEarlier(content) {
    const [anchor] = this.#messages()
    const top = topOf(anchor)
    this.#scroller.style.overflowAnchor = "none" // the browser's own anchoring fails at the very top
    this.#placingEarlier = true
    const placed = placeAll(this.list, content)
    this.#placingEarlier = false
    this.#earlier.hidden = placed.length < PAGE
    this.#first = Math.min(this.#first, ...placed.map(seqOf))
    this.arrange()
    this.#scroller.scrollTop += topOf(anchor) - top
    this.#scroller.style.overflowAnchor = ""
  }
}

/**
 * @param {HTMLElement} list
 * @returns {HTMLElement[]}
 */
function children(list) {
  return /** @type {HTMLElement[]} */ ([...list.children])
}

/** @param {Element} element */
function topOf(element) {
  return element.getBoundingClientRect().top
}

/** @param {HTMLElement} message */
function timeOf(message) {
  return Date.parse(get(message, "time", HTMLTimeElement).dateTime)
}
