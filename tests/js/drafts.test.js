// The copies of a draft in the browser, and what the store does with the answers of the server.
import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"
import { DraftStore } from "base/draft-store.js"
import { FakeStorage, settle } from "./fakes.js"

let storage
let sent
let answers

const answer = (status, body = {}) => ({ ok: status < 300, status, json: async () => body })
const OFFLINE = () => {
  throw new TypeError("offline")
}

beforeEach(() => {
  storage = new FakeStorage()
  sent = []
  answers = []
  mock.restoreAll()
  mock.timers.reset()
  mock.timers.enable({ apis: ["setTimeout"] })
  mock.method(globalThis, "fetch", async (address, { method = "GET", body = '{"fields":{}}', keepalive }) => {
    const { fields, revision, base } = JSON.parse(body)
    sent.push({ method, id: address.split("/").at(-1), body: fields.body, revision, base, keepalive })
    const next = answers.shift()
    return next ? next() : answer(204)
  })
})

function store(more = {}) {
  const log = []
  const on = {
    state: (state) => log.push(state),
    forked: (reason) => log.push(`forked ${reason}`),
    posted: () => log.push("posted"),
  }
  return Object.assign(new DraftStore({ place: "thread:7", viewer: "3", storage, on, ...more }), { log })
}

const records = () => Object.keys(storage).map((key) => JSON.parse(storage.getItem(key)))

async function tick(milliseconds) {
  mock.timers.tick(milliseconds)
  await settle()
}

test("what is typed is in the browser at once, and on the server after a pause", async () => {
  const draft = store()
  draft.keep({ body: "D" })
  draft.keep({ body: "Dag" })
  assert.equal(records()[0].fields.body, "Dag")
  await tick(1_499)
  assert.deepEqual(sent, [])
  await tick(1)
  assert.deepEqual(
    sent.map(({ method, id, body, revision, base }) => [method, id, body, revision, base]),
    [["PUT", draft.id, "Dag", 2, 0]],
  )
  assert.deepEqual(draft.log, ["saved"])
  await tick(10_000)
  assert.deepEqual(records(), []) // the browser keeps only what the server lacks
})

test("a page that was made before the last save finds it in the browser", async () => {
  const draft = store()
  draft.keep({ body: "Dag" })
  await tick(1_500)
  draft.keep({ body: "Dag allemaal" })
  await tick(1_500)
  assert.deepEqual(draft.log, ["saved", "saved"])
  draft.close()
  const [kept] = records()
  const earlier = { id: draft.id, revision: 1, writer: kept.writer }
  assert.equal(store(earlier).restore()?.fields.body, "Dag allemaal")
  storage = new FakeStorage()
  storage.setItem(draft.key, JSON.stringify(kept))
  assert.equal(store({ ...earlier, revision: 2 }).restore(), undefined)
  assert.deepEqual(records(), [])
})

test("a page that was made before the first save asks for it", async () => {
  const draft = store()
  draft.keep({ body: "Dag" })
  await draft.flush() // the page is left, and its successor was made already
  draft.close()
  const [kept] = records()
  const { id, revision, writer } = kept
  const opened = async (given, ...more) => {
    storage = new FakeStorage()
    storage.setItem(draft.key, JSON.stringify(kept))
    sent = []
    answers = given
    const found = []
    const page = store({ on: { found: ({ fields }) => found.push(fields.body) } })
    assert.equal(page.restore(), undefined)
    for (const act of more) act(page)
    await settle()
    assert.deepEqual([sent[0].method, sent[0].id], ["GET", id])
    return [found, records().length, page]
  }
  const [found, left, page] = await opened([() => answer(200, { revision, writer })])
  assert.deepEqual([found, left], [["Dag"], 0])
  page.keep({ body: "Dag allemaal" })
  await tick(1_500)
  assert.deepEqual([sent.at(-1).id, sent.at(-1).revision, sent.at(-1).base], [id, 2, 1])
  // Posted since, or thrown away; changed elsewhere; not to be asked; and with something else typed meanwhile.
  assert.deepEqual((await opened([() => answer(404)])).slice(0, 2), [[], 0])
  assert.deepEqual((await opened([() => answer(200, { revision: 9, writer: "another" })])).slice(0, 2), [[], 0])
  assert.deepEqual((await opened([OFFLINE])).slice(0, 2), [[], 1])
  const typed = await opened([() => answer(200, { revision, writer })], (page) => page.keep({ body: "Iets anders" }))
  assert.deepEqual([typed[0], records().map(({ fields }) => fields.body)], [[], ["Iets anders"]])
})

test("without a connection the page says so, tries again, and a reload restores the newest text", async () => {
  const draft = store()
  draft.keep({ body: "Online." })
  await tick(1_500)
  answers = [OFFLINE, OFFLINE]
  draft.keep({ body: "Online. En meer." })
  await tick(1_500)
  assert.equal(draft.log.at(-1), "local")
  // The server rendered its older revision; that of the browser follows it.
  const again = store({ id: draft.id, revision: 1, writer: "another page" })
  const { fields } = again.restore() ?? {}
  assert.equal(fields?.body, "Online. En meer.")
  await tick(0)
  await tick(3_000)
  assert.deepEqual(sent.at(-1).body, "Online. En meer.")
  assert.equal(again.log.at(-1), "saved")
})

test("a browser that keeps nothing and no connection: the page says that nothing is saved", async () => {
  storage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError")
  }
  answers = [OFFLINE]
  const draft = store()
  draft.keep({ body: "Da" })
  await tick(1_500)
  assert.deepEqual(draft.log, ["unsaved"])
})

test("a session that ended keeps the text in the browser", async () => {
  answers = [() => answer(401)]
  const draft = store()
  draft.keep({ body: "Da" })
  await tick(1_500)
  assert.deepEqual([draft.log, records()[0].fields.body], [["signed-out"], "Da"])
})

test("leaving a page sends what is pending at once; it stays here until the next page shows it", async () => {
  const draft = store({ page: "me" })
  draft.keep({ body: "half" })
  draft.close()
  await settle()
  assert.deepEqual([sent[0].body, sent[0].keepalive, records().length], ["half", true, 1])
  store({ id: draft.id, revision: 1, writer: "me" }).restore()
  assert.deepEqual(records(), [])
})

test("what the server had when a page was left does not come back after it was posted elsewhere", async () => {
  const draft = store({ page: "me" })
  draft.keep({ body: "half" })
  draft.close()
  await settle()
  const requests = sent.length
  answers = [() => answer(404)]
  const found = []
  const next = store({ page: "next", on: { found: () => found.push(true) } })
  assert.equal(next.restore(), undefined)
  await settle()
  assert.deepEqual([records(), found, sent.slice(requests).map(({ method }) => method)], [[], [], ["GET"]])
})

test("an older save of the same page is no conflict", async () => {
  const draft = store({ page: "me" })
  answers = [() => answer(409, { code: "draft_changed", stored: { revision: 1, writer: "me" } })]
  draft.keep({ body: "Da" })
  draft.keep({ body: "Dag" })
  await tick(1_500)
  await tick(0)
  assert.deepEqual(sent.at(-1).base, 1)
  assert.deepEqual(draft.log, ["saved"])
})

test("a draft that changed elsewhere: the text here becomes a draft of its own", async () => {
  const draft = store({ id: "one", revision: 1, writer: "other" })
  answers = [() => answer(409, { code: "draft_changed", stored: { revision: 2, writer: "other" } })]
  draft.keep({ body: "Van mij" })
  await tick(1_500)
  await tick(0)
  assert.notEqual(draft.id, "one")
  assert.deepEqual([sent[1].id, sent[1].body, sent[1].base], [draft.id, "Van mij", 0])
  assert.deepEqual(draft.log, ["forked changed", "saved"])
})

test("a slow save after posting changes nothing", async () => {
  let respond
  answers = [() => new Promise((done) => (respond = done))]
  const draft = store()
  draft.keep({ body: "Klaar" })
  await tick(1_500)
  draft.posting()
  draft.clear()
  respond(answer(410, { code: "posted" }))
  await settle()
  assert.deepEqual([draft.log, records()], [[], []])
})

test("posted without an answer: the same text is cleared, a changed one becomes a new draft", async () => {
  answers = [OFFLINE]
  const draft = store()
  draft.keep({ body: "Klaar" })
  await tick(1_500)
  draft.posting()
  answers = [() => answer(410, { code: "posted" })]
  draft.notPosted()
  await tick(0)
  assert.deepEqual([draft.log, records()], [["local", "posted"], []])

  answers = [OFFLINE]
  draft.keep({ body: "Klaar" })
  await tick(1_500)
  draft.posting()
  draft.notPosted()
  const { id } = draft
  answers = [() => answer(410, { code: "posted" })]
  draft.keep({ body: "Klaar, en meer" })
  await tick(1_500)
  assert.notEqual(draft.id, id)
  assert.equal(draft.log.at(-1), "forked ended")
  await tick(0)
  assert.equal(sent.at(-1).body, "Klaar, en meer")
})

test("two texts posted under one id: nobody knows which was stored, so the newer stays", async () => {
  const draft = store()
  draft.keep({ body: "Versie een." })
  draft.posting()
  draft.notPosted()
  draft.keep({ body: "Versie een. En meer." })
  const { id } = draft
  draft.posting()
  draft.notPosted() // refused: the first was stored
  answers = [() => answer(410, { code: "posted" })]
  await tick(1_500)
  await tick(0)
  assert.notEqual(draft.id, id)
  assert.deepEqual([sent.at(-1).body, draft.log], ["Versie een. En meer.", ["forked ended", "saved"]])
})

test("another text was stored under its id: a save that says so ends nothing", async () => {
  const draft = store()
  draft.keep({ body: "Versie twee." })
  const id = draft.posting()
  draft.otherPosted()
  answers = [() => answer(410, { code: "posted" })]
  await tick(0)
  await tick(0)
  assert.notEqual(draft.id, id)
  assert.deepEqual([sent.at(-1).body, draft.log], ["Versie twee.", ["forked ended", "saved"]])
})

test("a page that was left writes no record when a late answer comes", async () => {
  let respond
  answers = [() => new Promise((done) => (respond = done)), OFFLINE]
  const draft = store({ page: "left" })
  draft.keep({ body: "Een" })
  await tick(1_500)
  draft.keep({ body: "Een twee" })
  draft.close()
  await settle()
  assert.equal(store().restore()?.fields.body, "Een twee") // the next page takes it up
  respond(answer(204))
  await settle()
  assert.deepEqual(
    Object.keys(storage).filter((key) => key.endsWith(":left")),
    [],
  )
})

test("a draft of an open page is left alone; those of closed pages are taken up or sent", async () => {
  answers = [OFFLINE, OFFLINE]
  const one = store()
  const two = store()
  one.keep({ body: "Een" })
  two.keep({ body: "Twee" })
  await tick(1_500)
  assert.equal(store().restore({ alive: () => true }), undefined)
  const open = store()
  const taken = open.restore()
  assert.ok(["Een", "Twee"].includes(taken?.fields.body ?? ""))
  await tick(0)
  assert.deepEqual(
    sent
      .slice(-2)
      .map(({ body }) => body)
      .sort(),
    ["Een", "Twee"],
  )
  assert.ok(records().every(({ revision, base }) => base >= revision)) // the server has all of it
})

test("the draft of one person or place is not that of another", () => {
  store().keep({ body: "mine" })
  assert.equal(store({ viewer: "4" }).restore(), undefined)
  assert.equal(store({ place: "thread:8" }).restore(), undefined)
})

test("an empty form that was never saved leaves nothing behind", async () => {
  const draft = store()
  draft.keep({ body: "x" })
  draft.keep({ body: "" })
  await tick(5_000)
  assert.deepEqual([sent, records()], [[], []])
})
