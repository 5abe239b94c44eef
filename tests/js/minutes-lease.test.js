// The hold of a page on a block of minutes.
import assert from "node:assert/strict"
import { beforeEach, test } from "node:test"
import { Lease } from "minutes/lease.js"

let now
let sent
let answers
let told

const answer = (status, body = {}) => ({ ok: status < 300, status, json: async () => body })

beforeEach(() => {
  now = 0
  sent = []
  answers = []
  told = []
})

const lease = () =>
  new Lease({
    hold: "/hold",
    release: "/release",
    token: "t",
    now: () => now,
    tell: (state, holder) => told.push([state, holder]),
    send: async (_method, address, { token }) => {
      sent.push(address)
      assert.equal(token, "t")
      const next = answers.shift() ?? answer(200)
      if (next instanceof Error) throw next
      return next
    },
  })

test("a block is taken at the first key and renewed each ten seconds while somebody types", async () => {
  const mine = lease()
  await mine.typed()
  now = 9_999
  await mine.typed()
  assert.deepEqual(sent, ["/hold"])
  now = 10_000
  await mine.typed()
  assert.deepEqual(sent, ["/hold", "/hold"])
  now = 60_000 // nothing is typed: nothing is sent
  assert.equal(sent.length, 2)
  assert.deepEqual(told, [["mine", ""]])
})

test("it is freed once, and taken again at the next key", async () => {
  const mine = lease()
  await mine.release()
  assert.deepEqual(sent, [])
  await mine.typed()
  await mine.release()
  await mine.release()
  await mine.typed()
  assert.deepEqual(sent, ["/hold", "/release", "/hold"])
})

test("where somebody else holds it, the writer is told whom, and it is tried again", async () => {
  const mine = lease()
  answers = [answer(409, { code: "held", holder: "Bram" }), answer(200)]
  await mine.typed()
  assert.deepEqual(told, [["other", "Bram"]])
  now = 10_000
  await mine.typed()
  assert.deepEqual(told.at(-1), ["mine", ""])
})

test("a block that was taken over is known to have been", async () => {
  const mine = lease()
  await mine.typed()
  assert.equal(mine.lost("Eva"), true)
  assert.equal(mine.lost("Eva"), false)
  await mine.release()
  assert.deepEqual(sent, ["/hold"]) // it is not this page's to free
  mine.freed()
  assert.deepEqual(told.at(-1), ["free", ""])
})

test("a lost connection, an ended session and a removed block leave the text alone", async () => {
  const mine = lease()
  answers = [new TypeError("offline"), answer(401), answer(409, { code: "removed" }), answer(404)]
  for (now = 0; now <= 30_000; now += 10_000) await mine.typed()
  assert.deepEqual(told, [
    ["signed-out", ""],
    ["removed", ""],
    ["gone", ""],
  ])
})
