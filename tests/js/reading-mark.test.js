// How far the reader has read, as it is sent to the server.
import assert from "node:assert/strict"
import { beforeEach, mock, test } from "node:test"
import "./fakes.js"
import { ReadingMark } from "base/reading-mark.js"

let sent
let read
let element

beforeEach(() => {
  sent = []
  read = 5
  element = { dataset: { mark: "5", url: "/rooms/1" } }
  mock.restoreAll()
  mock.timers.reset()
  mock.timers.enable({ apis: ["setTimeout"] })
  mock.method(globalThis, "fetch", async (address, { body, headers }) => {
    assert.equal(headers["X-Viewer"], "4") // the reader of the page, whoever has signed in since
    sent.push([address, JSON.parse(body).seq])
  })
})

const open = () => new ReadingMark(element, () => read)

test("the mark is sent after the pause, up to what has been read by then", () => {
  const mark = open()
  mark.schedule(1_000)
  read = 7
  mock.timers.tick(999)
  assert.deepEqual(sent, [])
  mock.timers.tick(1)
  assert.deepEqual([sent, mark.saved, mark.scheduled], [[["/rooms/1/mark", 7]], 7, false])
})

test("a later schedule replaces the earlier one", () => {
  const mark = open()
  read = 6
  mark.schedule(1_000)
  mock.timers.tick(900)
  mark.schedule(1_000)
  mock.timers.tick(900)
  assert.deepEqual(sent, [])
  mock.timers.tick(100)
  assert.equal(sent.length, 1)
})

test("the mark never moves back, and is not sent where it did not move", () => {
  const mark = open()
  mark.send()
  read = 4
  mark.send()
  assert.deepEqual([sent, mark.saved], [[], 5])
})

test("a mark that is sent at once is not sent again by the timer", () => {
  const mark = open()
  mark.schedule(1_000)
  read = 6
  mark.send()
  mock.timers.tick(5_000)
  assert.equal(sent.length, 1)
})

test("a mark that is cancelled is not sent", () => {
  const mark = open()
  read = 6
  mark.schedule(1_000)
  mark.cancel()
  mock.timers.tick(5_000)
  assert.deepEqual([sent, mark.scheduled], [[], false])
})
