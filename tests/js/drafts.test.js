// The kept copies of what somebody types.
import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"
import { DraftStore } from "base/drafts.js"
import { FakeStorage, settle } from "./fakes.js"

let storage
let sent
let fails

beforeEach(() => {
  storage = new FakeStorage()
  sent = []
  fails = false
  mock.restoreAll()
  mock.timers.reset()
  mock.timers.enable({ apis: ["setTimeout"] })
  mock.method(globalThis, "fetch", async (address, { method, body }) => {
    if (fails) throw new TypeError("offline")
    sent.push([method, address, JSON.parse(body).fields])
    return { ok: true }
  })
})

const store = (more = {}) => new DraftStore({ place: "thread:7", viewer: "3", storage, ...more })

test("what is typed is in the browser at once", () => {
  store().keep({ body: "Da" })
  assert.deepEqual(store().restore({ body: "" }), { body: "Da" })
  assert.deepEqual(sent, [])
})

test("the newest text alone goes to the server, after a pause in typing", () => {
  const draft = store()
  draft.keep({ body: "D" })
  mock.timers.tick(1_000)
  draft.keep({ body: "Da" })
  mock.timers.tick(1_000)
  draft.keep({ body: "Dag" })
  mock.timers.tick(1_499)
  assert.deepEqual(sent, [])
  mock.timers.tick(1)
  assert.deepEqual(sent, [["PUT", "/api/v1/drafts/thread:7", { body: "Dag" }]])
})

test("the newest text wins in the browser too", () => {
  const draft = store()
  draft.keep({ body: "Da" })
  draft.keep({ body: "Dag" })
  assert.equal(draft.restore({ body: "" }).body, "Dag")
})

test("a text that the server rendered is newer than the kept one", () => {
  const draft = store()
  draft.keep({ body: "kept" })
  assert.deepEqual(draft.restore({ body: "rendered" }), {})
})

test("the reply to a post is kept only along with a text", () => {
  const draft = store()
  draft.keep({ body: "", reply_to: "12" })
  assert.deepEqual(draft.restore({ body: "" }), { body: "" })
  draft.keep({ body: "Dag", reply_to: "12" })
  assert.deepEqual(draft.restore({ body: "" }), { body: "Dag", reply_to: "12" })
})

test("the draft of one person or place is not that of another", () => {
  store().keep({ body: "mine" })
  assert.deepEqual(store({ viewer: "4" }).restore({ body: "" }), {})
  assert.deepEqual(store({ place: "thread:8" }).restore({ body: "" }), {})
})

test("a draft that is cleared is gone, and is not sent afterwards", () => {
  const draft = store()
  draft.keep({ body: "posted" })
  draft.clear()
  mock.timers.tick(10_000)
  assert.deepEqual([sent, draft.restore({ body: "" })], [[], {}])
})

test("a draft that is stopped stays in the browser, and is not sent", () => {
  const draft = store()
  draft.keep({ body: "half" })
  draft.stop()
  mock.timers.tick(10_000)
  assert.deepEqual([sent, draft.restore({ body: "" })], [[], { body: "half" }])
})

test("the page hears when the server has it, and nothing while it can't be reached", async () => {
  const saved = []
  const draft = store({ onSaved: (at) => saved.push(at) })
  fails = true
  draft.keep({ body: "Da" })
  mock.timers.tick(1_500)
  await settle()
  assert.equal(saved.length, 0)
  fails = false
  draft.keep({ body: "Dag" })
  mock.timers.tick(1_500)
  await settle()
  assert.equal(saved.length, 1)
})
