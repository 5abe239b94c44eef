// What I said and the server has not acknowledged: kept in the browser, shown at once, sent until it is stored.
import { fragmentOf, placeAll } from "base/place.js"

const RETRY = 4_000

export class Outbox {
  // room: <cop-chat>; template: the message as the server renders it; sending: where what is on its way stands;
  // list: where it arrives; changed: called when something was added or taken away.
  constructor({ room, template, sending, list, changed }) {
    Object.assign(this, { room, template, sending, list, changed })
    // Under the name of drafts, which signing out clears; with the person, who may be another one next time.
    this.key = `cop-draft:sending:${room.dataset.place}:${room.dataset.viewer}:`
  }

  open() {
    this.list.addEventListener("cop:placed", this.placed)
    this.sending.replaceChildren()
    for (const entry of this.entries()) this.show(entry)
    this.flush()
  }

  close() {
    clearTimeout(this.timer)
    this.closed = true
    this.list.removeEventListener("cop:placed", this.placed)
  }

  entries() {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(this.key))
      .map((key) => JSON.parse(localStorage.getItem(key)))
      .sort((a, b) => a.at - b.at)
  }

  keep(entry) {
    localStorage.setItem(this.key + entry.client_id, JSON.stringify(entry))
  }

  add(said) {
    const last = this.entries().at(-1)?.at ?? 0
    const entry = { ...said, client_id: crypto.randomUUID(), at: Math.max(Date.now(), last + 1) }
    this.keep(entry)
    this.show(entry)
    this.flush()
  }

  element(id) {
    return this.sending.querySelector(`[data-client="${id}"]`)
  }

  show(entry) {
    const message = this.template.content.firstElementChild.cloneNode(true)
    message.dataset.client = entry.client_id
    const text = document.createElement("p")
    text.innerText = entry.body
    message.querySelector(".message-text").replaceChildren(text)
    if (entry.names?.length) message.querySelector(".message-text").after(this.named(entry.names))
    this.sending.append(message)
    this.mark(entry)
    this.changed()
  }

  // The files that go along; the server's own element has the links to them.
  named(names) {
    const list = document.createElement("ul")
    list.className = "attachments"
    for (const name of names) {
      const file = document.createElement("li")
      file.className = "attachment"
      file.append(document.createElement("bdi"))
      file.firstChild.textContent = name
      list.append(file)
    }
    return list
  }

  // sending, or failed: then with the words of the refusal, and the choice to send again or to throw away.
  mark(entry) {
    const message = this.element(entry.client_id)
    if (!message) return
    const state = entry.failed ? "failed" : "sending"
    message.classList.toggle("is-failed", state === "failed")
    message.classList.toggle("is-sending", state === "sending")
    const holds = {
      sending: !entry.failed,
      failed: entry.failed,
      refused: entry.refused,
      "signed-out": entry.signedOut,
    }
    for (const part of message.querySelectorAll("[data-when]")) part.hidden = !holds[part.dataset.when]
    if (entry.words) message.querySelector("[data-when=failed] span").textContent = entry.words
  }

  // One after the other, so that they arrive in the order in which they were said.
  async flush() {
    if (this.busy || this.closed) return
    this.busy = true
    clearTimeout(this.timer)
    try {
      for (let entry; (entry = this.entries().find((each) => !each.refused)); ) {
        if (await this.send(entry)) continue
        this.timer = setTimeout(() => this.flush(), RETRY)
        break
      }
    } finally {
      this.busy = false
    }
  }

  // True when the server has decided on it: stored, or refused for good.
  async send({ client_id, body, reply_to, files }) {
    let answer
    try {
      answer = await fetch(`${this.room.dataset.url}/messages`, {
        method: "POST",
        headers: { Accept: "text/vnd.turbo-stream.html", "Content-Type": "application/json" },
        body: JSON.stringify({ client_id, body, files, ...(reply_to && { reply_to }) }),
      })
      const text = await answer.text()
      if (answer.redirected) return this.fail(client_id, { signedOut: true, words: this.room.dataset.wordSignin })
      if (answer.ok) {
        placeAll(this.list, fragmentOf(text).querySelector("template").content)
        this.done(client_id)
        return true
      }
      if (answer.status >= 500 || answer.status === 429) return this.fail(client_id, {})
      return this.fail(client_id, {
        refused: true,
        words: fragmentOf(text).querySelector(".errors li, .stopped > p:not(.stopped-code)")?.textContent,
      })
    } catch {
      return this.fail(client_id, {})
    }
  }

  fail(id, why) {
    const entry = this.entries().find((each) => each.client_id === id)
    if (!entry) return true // it came in by the live connection meanwhile
    const failed = { ...entry, failed: true, signedOut: false, ...why }
    this.keep(failed)
    this.mark(failed)
    return Boolean(why.refused)
  }

  retry(id) {
    const { refused, failed, signedOut, words, ...entry } = this.entries().find((each) => each.client_id === id)
    this.keep(entry)
    this.mark(entry)
    this.flush()
  }

  // Takes back what was refused, to be changed.
  take(id) {
    const entry = this.entries().find((each) => each.client_id === id)
    this.done(id)
    return entry
  }

  done(id) {
    localStorage.removeItem(this.key + id)
    this.element(id)?.remove()
    this.changed()
  }

  // The server's own element takes the place of what was on its way, by whichever road it came.
  placed = ({ target }) => {
    if (target.dataset.client && target.dataset.author === this.room.dataset.viewer) this.done(target.dataset.client)
  }
}
