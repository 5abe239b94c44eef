// Putting what the server rendered in a list.
import assert from "node:assert/strict"
import { test } from "node:test"
import { placeAll } from "base/place.js"
import { FakeElement, FakeList } from "./fakes.js"

const message = (seq, more = {}, text = "") => new FakeElement(`message-${seq}`, { seq, ...more }, text)
const place = (list, ...elements) => placeAll(list, { children: elements })

test("elements are ordered by position, in whatever order they come", () => {
  const list = new FakeList()
  place(list, message(3), message(1))
  place(list, message(10))
  place(list, message(2), message(9))
  assert.deepEqual(list.ids, ["message-1", "message-2", "message-3", "message-9", "message-10"])
})

test("an element that comes twice is shown once", () => {
  const list = new FakeList(message(1), message(2))
  place(list, message(2), message(1))
  assert.deepEqual(list.ids, ["message-1", "message-2"])
})

test("a later change replaces an earlier one and keeps the position", () => {
  const list = new FakeList(message(1), message(2), message(3))
  place(list, message(2, { changed: 7 }, "new"))
  assert.deepEqual(list.ids, ["message-1", "message-2", "message-3"])
  assert.equal(list.children[1].text, "new")
})

test("an earlier change that comes late is dropped, and not reported as placed", () => {
  const list = new FakeList(message(2, { changed: 7 }, "new"))
  const placed = place(list, message(2, { changed: 5 }, "old"), message(2, {}, "oldest"))
  assert.equal(list.children[0].text, "new")
  assert.deepEqual(placed, [])
})

test("the same change is taken again: the server's element replaces the one of the page", () => {
  const list = new FakeList(message(2, { changed: 7 }, "page"))
  place(list, message(2, { changed: 7 }, "server"))
  assert.equal(list.children[0].text, "server")
})

test("a message that was retracted replaces its text where it was", () => {
  const list = new FakeList(message(1), message(2, {}, "text"), message(3))
  place(list, message(2, { changed: 4, state: "retracted" }))
  assert.deepEqual(list.ids, ["message-1", "message-2", "message-3"])
  assert.equal(list.children[1].text, "")
})

test("elements without a position, such as the line of a day, do not count", () => {
  const list = new FakeList(new FakeElement("day-1"), message(1), new FakeElement("day-2"), message(5))
  place(list, message(6), message(3), message(0))
  assert.deepEqual(list.ids, ["day-1", "message-0", "message-1", "day-2", "message-3", "message-5", "message-6"])
})

test("each element that is placed says whether it replaced another", () => {
  const list = new FakeList(message(1))
  const events = []
  const elements = [message(1, { changed: 2 }), message(3)]
  for (const element of elements) element.addEventListener("cop:placed", ({ detail }) => events.push(detail.again))
  place(list, ...elements)
  assert.deepEqual(events, [true, false])
})
