// One socket for the page; a place is joined, told of what happens, and caught up from the database after any absence.
import { io } from "vendor/socket.io.js"
import { changed, fragmentOf, placeAll } from "base/place.js"

const HEARTBEAT = 25_000 // a place is joined anew, whose answer shows whether something was missed
const ANSWER = 8_000 // who does not answer by then, to a connection or a join, is tried again
const POLL = 4_000 // plain HTTP while no socket comes through
const STREAM = "text/vnd.turbo-stream.html"

let socket
const places = new Map()

function connect() {
  if (socket) return socket
  socket = io({
    transports: ["websocket"],
    timeout: ANSWER,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.5,
  })
  socket.on("connect", () => places.forEach((place) => place.join()))
  socket.on("disconnect", () => places.forEach((place) => place.wait()))
  socket.on("connect_error", () => places.forEach((place) => place.wait()))
  socket.on("told", (data) => places.get(data.place)?.told(data))
  socket.on("gone", (data) => places.get(data.place)?.gone())
  return socket
}

// Listens for one of the small signals ("typing", "present", "notices"); gives the function that stops it.
export function listen(name, heard) {
  const on = connect()
  on.on(name, heard)
  return () => on.off(name, heard)
}

export function signal(name, data) {
  if (socket?.connected) socket.emit(name, data)
}

export class Place {
  // name: `thread:7`; seq: the last the page knows; url: asked with `changed_after` for what was missed;
  // target: the element that holds the things; on: {told, gone, state} called as it happens.
  constructor({ name, seq, url, target, on = {} }) {
    Object.assign(this, { name, seq, url, target, on, state: "connecting" })
  }

  open() {
    places.set(this.name, this)
    this.heart = setInterval(() => socket.connected && this.join(), HEARTBEAT)
    this.back = () => document.visibilityState === "visible" && this.catchUp()
    document.addEventListener("visibilitychange", this.back)
    window.addEventListener("online", this.back)
    if (connect().connected) this.join()
    else this.late = setTimeout(() => this.wait(), POLL) // a page that has just opened is not without a line yet
    return this
  }

  close() {
    places.delete(this.name)
    clearTimeout(this.late)
    clearInterval(this.heart)
    clearInterval(this.poll)
    document.removeEventListener("visibilitychange", this.back)
    window.removeEventListener("online", this.back)
    signal("leave", { place: this.name })
  }

  join() {
    socket.timeout(ANSWER).emit("join", { place: this.name }, (late, answer) => {
      if (late) return this.wait()
      if (answer.error) return this.gone()
      clearTimeout(this.late)
      clearInterval(this.poll)
      this.poll = null
      this.is("live")
      if (answer.seq > this.seq) this.catchUp(answer.seq)
    })
  }

  wait() {
    clearTimeout(this.late)
    if (this.state === "gone" || this.poll) return
    this.is("polling")
    this.poll = setInterval(() => this.catchUp(), POLL)
  }

  told(data) {
    if (data.seq <= this.seq) return
    if (data.seq > this.seq + 1) return this.catchUp(data.seq)
    this.seq = data.seq
    if (data.html) placeAll(this.target, fragmentOf(data.html))
    this.on.told?.(data)
  }

  // Fetches what changed after the last known seq, stretch by stretch, until nothing more comes; what is told
  // meanwhile raises `due`, so that it is asked once more.
  async catchUp(upTo = 0) {
    this.due = Math.max(this.due ?? 0, upTo)
    if (this.catching) return
    this.catching = true
    try {
      for (;;) {
        const { due } = this
        const answer = await fetch(`${this.url}?changed_after=${this.seq}&limit=100`, { headers: { Accept: STREAM } })
        if ([401, 403, 404].includes(answer.status) || answer.redirected) return this.gone()
        if (!answer.ok) return
        const template = fragmentOf(await answer.text()).querySelector("template")
        const placed = template ? placeAll(this.target, template.content) : []
        const last = Math.max(this.seq, ...placed.map((element) => changed(element)))
        if (placed.length) this.on.told?.({ place: this.name, seq: last, placed })
        const complete = last === this.seq && due === this.due
        this.seq = complete ? Math.max(last, due) : last
        if (complete) break
      }
    } catch {
      // No network: the next poll or the next connect asks again.
    } finally {
      this.catching = false
    }
  }

  gone() {
    this.is("gone")
    this.close()
    this.on.gone?.()
  }

  is(state) {
    if (this.state === state) return
    this.state = state
    this.on.state?.(state)
  }
}
