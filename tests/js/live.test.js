// Catching up with what a place missed.
import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"
import { Place } from "base/live.js"
import { FakeElement, FakeList, settle } from "./fakes.js"

const message = (seq, more = {}) => new FakeElement(`message-${seq}`, { seq, ...more })

let server // the messages of the place, as the server has them
let list
let asked
let limit
let replies // what happens instead of a reply, request by request

beforeEach(() => {
  server = []
  asked = []
  limit = 100
  replies = []
  list = new FakeList()
  globalThis.socketOfTest = { connected: false, on() {}, off() {}, emit() {}, timeout: () => globalThis.socketOfTest }
  mock.restoreAll()
  mock.method(globalThis, "fetch", async (address) => {
    const after = Number(new URL(address, "http://here").searchParams.get("changed_after"))
    asked.push(after)
    const change = ({ seq, changed }) => changed ?? seq
    const missed = server.filter((one) => change(one) > after).sort((a, b) => change(a) - change(b))
    const reply = replies.shift()
    if (reply instanceof Error) throw reply
    if (typeof reply === "function") await reply() // after the server has read its messages
    if (typeof reply === "number") return { status: reply, ok: false, redirected: false }
    return { status: 200, ok: true, redirected: false, text: async () => JSON.stringify(missed.slice(0, limit)) }
  })
  // A stream is JSON here, and what parses HTML in a browser makes elements of it.
  globalThis.document.createRange = () => ({
    createContextualFragment: (text) => ({
      children: JSON.parse(text).map((one) => message(one.seq, one)),
      querySelector() {
        return this.children.length ? { content: this } : null
      },
    }),
  })
})

function open(seq, on = {}) {
  return new Place({ name: "room:1", seq, url: "/rooms/1/messages", target: list, on })
}

test("everything after the last known change is fetched and put in order", async () => {
  server = [{ seq: 1 }, { seq: 2 }, { seq: 3 }, { seq: 4 }]
  const place = open(2)
  await place.catchUp(4)
  assert.deepEqual(list.ids, ["message-3", "message-4"])
  assert.equal(place.seq, 4)
  assert.equal(asked[0], 2)
})

test("more than one page of changes is fetched page by page", async () => {
  limit = 2
  server = [{ seq: 1 }, { seq: 2 }, { seq: 3 }, { seq: 4 }, { seq: 5 }]
  const place = open(0)
  await place.catchUp(5)
  assert.deepEqual(asked, [0, 2, 4, 5])
  assert.deepEqual(list.ids, ["message-1", "message-2", "message-3", "message-4", "message-5"])
})

test("a change of an earlier message is shown where the message is", async () => {
  server = [{ seq: 1, changed: 6 }, { seq: 2 }, { seq: 3, changed: 5, state: "retracted" }, { seq: 4 }]
  for (const seq of [1, 2, 3]) list.insertBefore(message(seq), null)
  const place = open(3)
  await place.catchUp(6)
  assert.deepEqual(list.ids, ["message-1", "message-2", "message-3", "message-4"])
  assert.equal(list.children[0].dataset.changed, "6")
  assert.equal(list.children[2].dataset.state, "retracted")
  assert.equal(place.seq, 6)
})

test("a change that shows nothing moves the number on, so that it is not asked for again", async () => {
  const place = open(3)
  await place.catchUp(4)
  assert.equal(place.seq, 4)
  place.receive({ place: "room:1", seq: 4 })
  assert.equal(asked.length, 1)
})

test("an event that follows is shown without a request", () => {
  const changes = []
  const place = open(3, { change: (seq) => changes.push(seq) })
  place.receive({ place: "room:1", seq: 4, html: JSON.stringify([{ seq: 4 }]) })
  assert.deepEqual([list.ids, changes, asked], [["message-4"], [4], []])
})

test("an event that was seen before is dropped", () => {
  const place = open(4)
  place.receive({ place: "room:1", seq: 4, html: JSON.stringify([{ seq: 4 }]) })
  assert.deepEqual(list.ids, [])
})

test("an event behind a gap is fetched along with what is missing", async () => {
  server = [{ seq: 4 }, { seq: 5 }, { seq: 6 }]
  const place = open(3)
  place.receive({ place: "room:1", seq: 6, html: JSON.stringify([{ seq: 6 }]) })
  await settle()
  assert.deepEqual(list.ids, ["message-4", "message-5", "message-6"])
  assert.equal(place.seq, 6)
})

test("what the socket reports during the last request is asked for afterwards", async () => {
  server = [{ seq: 4 }]
  const place = open(3)
  const report = () => {
    server = [{ seq: 4 }, { seq: 5 }, { seq: 6 }, { seq: 7 }]
    place.receive({ place: "room:1", seq: 7 })
  }
  replies = [undefined, report]
  await place.catchUp(4)
  assert.deepEqual(list.ids, ["message-4", "message-5", "message-6", "message-7"])
  assert.equal(place.seq, 7)
})

test("there is one request at a time", async () => {
  let running = 0
  let most = 0
  const count = async () => {
    most = Math.max(most, ++running)
    place.receive({ place: "room:1", seq: 9 })
    place.catchUp()
    await settle()
    running--
  }
  server = [{ seq: 4 }, { seq: 5 }]
  replies = [count, count]
  const place = open(3)
  await place.catchUp(5)
  assert.equal(most, 1)
})

test("without a network nothing is lost: the next time asks from the same number", async () => {
  server = [{ seq: 4 }]
  replies = [new TypeError("offline"), 500]
  const place = open(3)
  await place.catchUp(4)
  await place.catchUp()
  assert.equal(place.seq, 3)
  await place.catchUp()
  assert.deepEqual([asked.slice(0, 3), list.ids], [[3, 3, 3], ["message-4"]])
})

for (const status of [401, 403, 404]) {
  test(`a place that responds with ${status} is lost`, async () => {
    replies = [status]
    const states = []
    const place = open(3, { state: (state) => states.push(state), gone: () => states.push("called") })
    await place.catchUp(4)
    assert.deepEqual(states, ["gone", "called"])
  })
}
