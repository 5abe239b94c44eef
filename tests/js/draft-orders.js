// Drives the real DraftStore through random orders of what people and networks do; tests/things/test_draft_orders.py
// runs it against the real server, which it reaches by lines of JSON on its standard streams.
//   node --import ./resolve.js draft-orders.js FIRST_SEED ORDERS
import { createInterface } from "node:readline"
import { mock } from "node:test"
import { DraftStore } from "base/draft-store.js"
import { FakeStorage } from "./fakes.js"

const [first, orders] = process.argv.slice(2).map(Number)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const turn = globalThis.setImmediate
let random
let online
let held // requests on their way: functions that deliver them
let words

/** Return a generator of numbers below 1 (mulberry32). */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

let line = Promise.resolve()
function server(method, path, given) {
  line = line.then(async () => {
    process.stdout.write(`${JSON.stringify({ method, path, given })}\n`)
    return JSON.parse((await lines.next()).value)
  })
  return line
}

/** A request as a browser makes it: it may fail before or after the server, or come late. */
globalThis.fetch = async (path, { method = "GET", body = "null" }) => {
  if (!online) throw new TypeError("offline")
  const fate = random()
  const given = JSON.parse(body)
  if (fate < 0.2) await new Promise((deliver) => held.push(deliver))
  const { status, body: answer } = await server(method, path.replace("/api/v1", ""), given)
  if (fate > 0.9 && !words.last) throw new TypeError("the answer got lost")
  return { ok: status < 300, status, json: async () => answer }
}

async function settle() {
  for (let n = 0; n < 3; n++) {
    await line
    await new Promise((done) => turn(done))
  }
}

async function tick(milliseconds) {
  mock.timers.tick(milliseconds)
  await settle()
}

/** A page with the form: the newest draft of the server, and what the browser kept. */
async function open(storage, tabs, place) {
  const { body } = await server("GET", `/drafts?place=${place}`)
  const draft = body.items[0]
  const tab = { text: draft?.fields.body ?? "", closed: false }
  const on = {
    posted: () => {
      tab.text = ""
    },
    found: ({ fields }) => {
      tab.text = fields.body
    },
  }
  const { id, revision, writer } = draft ?? {}
  tab.store = new DraftStore({ place, viewer: "1", storage, id, revision, writer, on })
  const locks = new Set(tabs.filter(({ closed }) => !closed).map(({ store }) => store.lock))
  const taken = tab.store.restore({ alive: (lock) => locks.has(lock) })
  if (taken) tab.text = taken.fields.body
  tabs.push(tab)
  return tab
}

/** A page that crashes sends nothing, and receives no answers. */
function crash(tab) {
  online = false
  tab.store.close()
  online = true
}

/** Post the text of a page; `asked` says that the server was asked before which text it has under this id. */
async function post(tab, path, asked = false) {
  if (!tab.text || tab.busy) return
  tab.busy = true
  const id = tab.store.posting()
  const body = tab.text
  let response
  try {
    response = await fetch(`/api/v1${path}`, {
      method: "POST",
      body: JSON.stringify({ body, format: "plain", client_id: id, ...tab.store.replaces }),
    })
  } catch {
    tab.busy = false
    return tab.store.notPosted()
  }
  tab.busy = false
  if (response.ok) {
    if (tab.store.posted(id)) tab.text = ""
  } else if (response.status === 409 && !asked) {
    await post(tab, path, true) // what is there now may be what was stored
  } else if (response.status === 409) {
    tab.store.otherPosted()
    if (random() < 0.5) await tick(1) // a save may go first
    if (tab.store.id === id) tab.store.fork()
    await post(tab, path)
  }
}

async function order(seed) {
  random = generator(seed)
  online = true
  held = []
  words = { n: 0, last: false }
  mock.timers.reset()
  mock.timers.enable({ apis: ["setTimeout"] })
  const storage = new FakeStorage()
  const tabs = []
  const { body: thread } = await server("BEGIN", "")
  const place = `thread:${thread}`
  const typed = []
  let left = false // whether there was more than one page, or one was left while its text was being posted
  const posting = []
  const pick = (list) => list[Math.floor(random() * list.length)]
  const there = () => tabs.filter(({ closed }) => !closed)
  await open(storage, tabs, place)
  const acts = {
    async type() {
      const tab = pick(there())
      const word = `s${seed}w${++words.n}`
      typed.push(word)
      tab.text = `${tab.text} ${word}`.trim()
      tab.store.keep({ body: tab.text, format: "plain" })
    },
    save: () => tick(1_500),
    async lose() {
      online = false
    },
    async find() {
      online = true
      for (const { store } of there()) store.retry()
      await tick(0)
    },
    async arrive() {
      held.splice(Math.floor(random() * held.length), 1)[0]?.()
      await settle()
    },
    async reload() {
      if (!online) return // there is no page without a connection
      const tab = pick(there())
      tab.closed = true
      left ||= tab.busy
      if (random() < 0.7) tab.store.close()
      else crash(tab)
      await settle()
      await open(storage, tabs, place)
    },
    async second() {
      if (online && there().length < 3) await open(storage, tabs, place)
    },
    async post() {
      posting.push(post(pick(there()), `/threads/${thread}/posts`))
      await settle()
    },
  }
  const likely = ["type", "type", "type", "save", "save", "lose", "find", "arrive", "reload", "second", "post"]
  for (let step = 0; step < 18; step++) await acts[pick(likely)]()
  left ||= tabs.length > 1
  // In the end the connection works, every request arrives, and all pages are closed.
  words.last = online = true
  for (let round = 0; round < 8; round++) {
    for (const deliver of held.splice(0)) deliver()
    for (const { store } of there()) store.retry()
    await tick(30_000)
  }
  await Promise.all(posting)
  for (const tab of there()) {
    tab.store.close()
    tab.closed = true
  }
  await settle()
  for (let round = 0; round < 4; round++) {
    const last = await open(storage, tabs, place)
    for (const deliver of held.splice(0)) deliver()
    await tick(30_000)
    last.store.close()
    last.closed = true
    await settle()
  }
  await server("END", "", { seed, typed, left: Boolean(left), kept: Object.values(storage) })
}

for (let seed = first; seed < first + orders; seed++) await order(seed)
process.exit(0)
