// The log of a room: days, runs of one author, what is mine and what is new; earlier messages; the end in sight or not.
import { fragmentOf, placeAll } from "base/place.js"

const RUN = 5 * 60_000 // messages of one author this close together stand under one name
const NEAR = 60 // pixels from the end that still count as the end
const STRETCH = 50

const seqOf = (message) => Number(message.dataset.seq)
const said = (message) => Date.parse(message.querySelector("time").dateTime)

export class Log {
  // room: <cop-chat>; seen: called when the end is in sight; unseen: called with how many came since it was not.
  constructor(room, { seen, unseen }) {
    Object.assign(this, { room, seen, unseen })
    this.scroller = room.querySelector(".room-log")
    this.list = room.querySelector("#messages")
    this.sending = room.querySelector("#sending")
    this.more = room.querySelector("[data-earlier]")
    this.down = room.querySelector(".room-down")
    this.whole = room.dataset.complete === "yes" // up to the newest; else an earlier stretch is being read
    this.new = 0
    this.atEnd = false
  }

  open() {
    this.first = seqOf(this.list.querySelector("[data-seq]") ?? { dataset: { seq: 0 } })
    this.last = Math.max(0, ...this.messages().map(seqOf))
    this.list.addEventListener("cop:placed", this.placed)
    this.scroller.addEventListener("scroll", this.scrolled, { passive: true })
    this.begin()
    this.sizes = new ResizeObserver(() => this.atEnd && this.toEnd())
    for (const part of [this.list, this.sending, this.scroller]) this.sizes.observe(part)
    this.sight = new IntersectionObserver((entries) => entries.some((e) => e.isIntersecting) && this.earlier(), {
      root: this.scroller,
    })
    this.sight.observe(this.more)
  }

  close() {
    this.list.removeEventListener("cop:placed", this.placed)
    this.scroller.removeEventListener("scroll", this.scrolled)
    this.sizes.disconnect()
    this.sight.disconnect()
  }

  messages() {
    return [...this.list.querySelectorAll(":scope > [data-seq]")]
  }

  empty() {
    this.list.replaceChildren()
    this.sending.replaceChildren()
  }

  // At the message the address names, else at the first unread one, else at the end.
  begin() {
    const named = location.hash.startsWith("#message-") && document.getElementById(location.hash.slice(1))
    const start = named || this.divide(this.unreadOf(Number(this.room.dataset.mark)))
    this.arrange()
    if (start)
      this.scroller.scrollTop +=
        start.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top - this.scroller.clientHeight / 3
    else if (this.whole) this.toEnd()
    this.scrolled()
  }

  unreadOf(mark) {
    return mark ? this.messages().filter((message) => seqOf(message) > mark && !this.mine(message)) : []
  }

  // The line above the first of the messages that are new to me.
  divide(fresh) {
    this.list.querySelector(".unread-line")?.remove()
    if (!fresh[0]?.previousElementSibling) return null
    const line = document.createElement("p")
    line.className = "unread-line"
    line.textContent = this.count(fresh.length, "New")
    this.unread = fresh[0].id
    fresh[0].before(line)
    return line
  }

  count(n, words) {
    return n === 1 ? this.room.dataset[`word${words}One`] : this.room.dataset[`word${words}Many`].replace("{n}", n)
  }

  mine(message) {
    return message.dataset.author === this.room.dataset.viewer
  }

  // A message was put in the list: by the live connection, by catching up, by an answer to my own, or from the past.
  placed = ({ target, detail }) => {
    const seq = seqOf(target)
    const old = detail.again || this.past || seq <= this.last
    if (old || this.mine(target)) target.setAttribute("aria-live", "off") // read aloud is only what others say anew
    if (!old && !this.mine(target)) this.added(target)
    this.last = Math.max(this.last, seq)
    // What belongs to a stretch that is not on the page stays off it: it would stand beside a gap.
    const beside = (old && seq < this.first && !this.more.hidden) || (!old && !this.whole)
    if (beside && !detail.again && !this.past) target.remove()
    this.settle()
  }

  added(message) {
    if (!this.reading()) this.new += 1
    if (document.visibilityState === "visible" || !this.whole) return
    if (this.new === 1) this.divide([message])
    const line = this.list.querySelector(".unread-line")
    if (line) line.textContent = this.count(this.new, "New")
  }

  reading() {
    return this.whole && this.atEnd && document.visibilityState === "visible"
  }

  // Once for all that is placed in one go.
  settle() {
    if (this.settling) return
    this.settling = true
    queueMicrotask(() => {
      this.settling = false
      this.room.querySelector("[data-empty]")?.remove()
      this.arrange()
      this.tell()
      if (this.reading()) this.seen()
    })
  }

  tell() {
    const words = this.down.querySelector("span")
    const said = this.new ? this.count(this.new, "New") : this.room.dataset.wordNewest
    if (words.textContent !== said) words.textContent = said
    this.down.hidden = this.whole && this.atEnd
    this.unseen(this.new)
  }

  // Everybody gets the same messages; days, runs of one author and what concerns me are marked here.
  arrange() {
    for (const day of this.list.querySelectorAll(":scope > .day")) day.remove()
    let before = null
    for (const message of [...this.messages(), ...this.sending.children]) {
      const { day } = message.dataset
      if (day && day !== before?.dataset.day) this.dayLine(message, day)
      message.classList.toggle("is-follow", this.follows(message, before))
      message.classList.toggle("is-own", this.mine(message))
      message.classList.toggle(
        "is-mention",
        Boolean(message.querySelector(`a.mention[href="/people/${this.room.dataset.viewer}"]`)),
      )
      for (const form of message.querySelectorAll("form[data-people]")) {
        form
          .querySelector("button")
          .setAttribute("aria-pressed", form.dataset.people.split(" ").includes(this.room.dataset.viewer))
      }
      if (message.dataset.state === "retracted" && this.mine(message)) this.undoable(message)
      before = message
    }
  }

  undoable(message) {
    if (message.querySelector("form")) return
    const undo = document.createElement("form")
    undo.method = "post"
    undo.action = `/messages/${message.dataset.id}/restoring`
    undo.className = "message-foot"
    undo.append(document.createElement("button"))
    undo.firstChild.textContent = this.room.dataset.wordUndo
    message.querySelector(".message-text").after(undo)
  }

  follows(message, before) {
    if (!before || before.dataset.author !== message.dataset.author || message.id === this.unread) return false
    const { day } = message.dataset // what is on its way has none yet
    return !day || (day === before.dataset.day && said(message) - said(before) < RUN)
  }

  dayLine(message, day) {
    const line = document.createElement("p")
    line.className = "day"
    line.append(document.createElement("span"))
    line.firstChild.textContent = day
    const above = message.previousElementSibling
    ;(above?.classList.contains("unread-line") ? above : message).before(line)
  }

  scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller
    const near = scrollHeight - scrollTop - clientHeight < NEAR
    this.atEnd = near || (this.atEnd && scrollTop >= this.top) // only who scrolls up leaves the end, not who is left behind
    this.top = scrollTop
    if (this.reading()) {
      this.new = 0
      this.seen()
    }
    this.tell()
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight
  }

  // Fetches the stretch before the first message; what is being read stays where it is.
  async earlier() {
    if (this.fetching || this.more.hidden || !this.first) return
    this.fetching = true
    try {
      const answer = await fetch(`${this.room.dataset.url}/messages?before=${this.first}&limit=${STRETCH}`, {
        headers: { Accept: "text/vnd.turbo-stream.html" },
      })
      if (!answer.ok || answer.redirected) return
      this.putBefore(fragmentOf(await answer.text()).querySelector("template").content)
    } catch {
      // No network: scrolling up again, or the link, asks again.
    } finally {
      this.fetching = false
    }
  }

  putBefore(content) {
    const anchor = this.list.querySelector("[data-seq]")
    const top = anchor.getBoundingClientRect().top
    this.scroller.style.overflowAnchor = "none" // the browser's own way fails at the very top
    this.past = true
    const placed = placeAll(this.list, content)
    this.past = false
    this.more.hidden = placed.length < STRETCH
    this.first = Math.min(this.first, ...placed.map(seqOf))
    this.arrange()
    this.scroller.scrollTop += anchor.getBoundingClientRect().top - top
    this.scroller.style.overflowAnchor = ""
  }
}
