// Messages on their way: each is sent in order, until the server has it, and once.
import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"
import { Outbox } from "chat/outbox.js"
import { FakeStorage, settle } from "./fakes.js"

let storage
let outcomes // of the tries to come; what is stored otherwise
let tried
let stored
let shown

beforeEach(() => {
  storage = new FakeStorage()
  outcomes = []
  tried = []
  stored = []
  shown = new Map()
  mock.timers.reset()
  mock.timers.enable({ apis: ["setTimeout"] })
})

function open(more = {}) {
  return new Outbox({
    place: "room:1",
    viewer: "3",
    storage,
    view: {
      show: (entry) => shown.set(entry.client_id, entry),
      update: (entry) => shown.set(entry.client_id, entry),
      remove: (id) => shown.delete(id),
    },
    async post(entry) {
      tried.push(entry.body)
      const outcome = (await outcomes.shift()) ?? { state: "stored" }
      if (outcome.state === "stored") stored.push(entry.client_id)
      return outcome
    },
    ...more,
  })
}

const said = (body) => ({ body, files: [], names: [], reply_to: null })
const bodies = (outbox) => outbox.entries().map(({ body }) => body)
const unreachable = { state: "unreachable" }

test("messages are sent in the order in which they were said", async () => {
  const outbox = open()
  outbox.add(said("one"))
  outbox.add(said("two"))
  await outbox.add(said("three"))
  await settle()
  assert.deepEqual(tried, ["one", "two", "three"])
  assert.deepEqual([bodies(outbox), shown.size], [[], 0])
})

test("kept messages are sent in order, whatever the order of the storage", async () => {
  for (const [at, body] of [
    [3, "three"],
    [1, "one"],
    [2, "two"],
  ]) {
    storage.setItem(`cop-draft:sending:room:1:3:${body}`, JSON.stringify({ ...said(body), client_id: body, at }))
  }
  await open().open()
  assert.deepEqual(
    [tried, stored],
    [
      ["one", "two", "three"],
      ["one", "two", "three"],
    ],
  )
})

test("the next message waits until the one before it has arrived", async () => {
  let arrive
  outcomes = [new Promise((resolve) => (arrive = resolve))]
  const outbox = open()
  outbox.add(said("one"))
  outbox.add(said("two"))
  await settle()
  assert.deepEqual(tried, ["one"])
  arrive({ state: "stored" })
  await settle()
  assert.deepEqual(tried, ["one", "two"])
})

test("messages said within one millisecond keep their order", () => {
  outcomes = [new Promise(() => {})]
  const outbox = open()
  for (const body of ["one", "two", "three", "four"]) outbox.add(said(body))
  const moments = outbox.entries().map(({ at }) => at)
  assert.deepEqual(bodies(outbox), ["one", "two", "three", "four"])
  assert.equal(new Set(moments).size, 4)
})

test("where the server can't be reached, the message is tried again after a pause, before the later ones", async () => {
  outcomes = [unreachable, unreachable]
  const outbox = open()
  outbox.add(said("one"))
  outbox.add(said("two"))
  await settle()
  assert.deepEqual(tried, ["one"])
  assert.equal([...shown.values()][0].failed, true)
  mock.timers.tick(3_999)
  await settle()
  assert.deepEqual(tried, ["one"])
  mock.timers.tick(1)
  await settle()
  mock.timers.tick(4_000)
  await settle()
  assert.deepEqual(tried, ["one", "one", "one", "two"])
  assert.equal(stored.length, 2)
})

test("each try of a message has the same client id", async () => {
  const ids = []
  const outbox = open({
    post: async ({ client_id }) => ({ state: ids.push(client_id) < 3 ? "unreachable" : "stored" }),
  })
  outbox.add(said("one"))
  for (let n = 0; n < 3; n++) {
    await settle()
    mock.timers.tick(4_000)
  }
  assert.deepEqual([ids.length, new Set(ids).size], [3, 1])
})

test("a message that is refused stays with the reason, and does not hold up the others", async () => {
  outcomes = [{ state: "refused", words: "Te lang" }]
  const outbox = open()
  outbox.add(said("one"))
  await outbox.add(said("two"))
  await settle()
  assert.deepEqual(tried, ["one", "two"])
  assert.deepEqual(bodies(outbox), ["one"])
  assert.equal([...shown.values()][0].words, "Te lang")
  await outbox.flush()
  assert.deepEqual(tried, ["one", "two"])
})

test("a message that was refused is sent again only when the reader asks", async () => {
  outcomes = [{ state: "refused", words: "Te lang" }]
  const outbox = open()
  await outbox.add(said("one"))
  const [{ client_id }] = outbox.entries()
  await outbox.retry(client_id)
  assert.deepEqual([tried, bodies(outbox), shown.size], [["one", "one"], [], 0])
})

test("a message that is taken back can be changed, and is not sent", async () => {
  outcomes = [{ state: "refused" }]
  const outbox = open()
  await outbox.add(said("one"))
  const [{ client_id }] = outbox.entries()
  assert.equal(outbox.take(client_id).body, "one")
  await outbox.flush()
  assert.deepEqual([tried, bodies(outbox)], [["one"], []])
})

test("after the session has expired the message waits, and is sent after signing in", async () => {
  outcomes = [{ state: "signed-out", words: "Meld u aan" }]
  const before = open()
  await before.add(said("one"))
  const [waiting] = before.entries()
  assert.deepEqual([waiting.signedOut, waiting.refused, waiting.words], [true, false, "Meld u aan"])
  before.close()
  const after = open()
  await after.open()
  assert.deepEqual([tried, bodies(after)], [["one", "one"], []])
})

test("what was not sent is shown again after a reload, and sent with the same client id", async () => {
  outcomes = [unreachable, unreachable]
  const before = open()
  await before.add(said("one"))
  const [{ client_id }] = before.entries()
  before.close()
  shown.clear()
  const after = open()
  await after.open()
  assert.deepEqual([...shown.keys()], [client_id])
  mock.timers.tick(4_000)
  await settle()
  assert.deepEqual(stored, [client_id])
})

test("a message that the live connection brings during a failed try is not sent again", async () => {
  let fail
  outcomes = [new Promise((resolve) => (fail = resolve))]
  const outbox = open()
  outbox.add(said("one"))
  await settle()
  outbox.remove(outbox.entries()[0].client_id)
  fail(unreachable)
  await settle()
  mock.timers.tick(60_000)
  await settle()
  assert.deepEqual([tried, bodies(outbox), shown.size], [["one"], [], 0])
})

test("two calls at once do not send a message twice", async () => {
  const outbox = open()
  outbox.add(said("one"))
  await Promise.all([outbox.flush(), outbox.flush()])
  await settle()
  assert.deepEqual(tried, ["one"])
})

test("an outbox that is closed sends nothing more", async () => {
  outcomes = [unreachable]
  const outbox = open()
  await outbox.add(said("one"))
  outbox.close()
  mock.timers.tick(60_000)
  await outbox.flush()
  assert.deepEqual(tried, ["one"])
})

test("messages of another person or room are not sent", async () => {
  outcomes = [unreachable]
  await open().add(said("mine"))
  for (const other of [open({ viewer: "4" }), open({ place: "room:2" }), open({ place: "room:11" })]) {
    await other.open()
    assert.deepEqual(other.entries(), [])
  }
  assert.deepEqual(tried, ["mine"])
})

test("a message whose key is that of another text is kept until the reader decides", async () => {
  outcomes = [{ state: "repeated", words: "It was there already." }]
  const outbox = open()
  await outbox.add(said("two"))
  const [kept] = outbox.entries()
  assert.deepEqual([kept.repeated, kept.refused, kept.words], [true, true, "It was there already."])
  outbox.acknowledge(kept.client_id) // the other text arrives over the live connection
  mock.timers.tick(60_000)
  await settle()
  assert.deepEqual([tried, bodies(outbox)], [["two"], ["two"]])
  await outbox.sendAnew(kept.client_id)
  await settle()
  assert.deepEqual([tried, bodies(outbox), stored.includes(kept.client_id)], [["two", "two"], [], false])
})

test("a message for which the browser has no space is sent nevertheless", async () => {
  storage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError")
  }
  outcomes = [unreachable]
  const outbox = open()
  await outbox.add(said("one"))
  assert.deepEqual([bodies(outbox), shown.size], [["one"], 1])
  mock.timers.tick(4_000)
  await settle()
  assert.deepEqual([tried, bodies(outbox), shown.size], [["one", "one"], [], 0])
})
