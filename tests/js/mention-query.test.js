// When a list of people is offered while somebody types.
import assert from "node:assert/strict"
import { test } from "node:test"
import { MentionQuery, typedName } from "base/mention-query.js"

const NAMES = {
  "@a": "a",
  "Dag @Ann": "Ann",
  "(@Anna": "Anna",
  "eerst\n@Anna": "Anna",
  "@Anna Jansen": "Anna Jansen",
  "@Anna van der Berg": "Anna van der Berg",
  "@Zoë": "Zoë",
  "@D’Arcy": "D’Arcy",
  "@Anne-Marie": "Anne-Marie",
}
for (const [text, name] of Object.entries(NAMES)) {
  test(`${JSON.stringify(text)} asks for ${name}`, () => assert.equal(typedName(text), name))
}

const OTHERS = ["", "@", "Anna", "anna@voorbeeld.nl", "@ Anna", "@1", "@Anna,", "@een twee drie vier vijf", "@Anna  "]
for (const text of OTHERS) {
  test(`${JSON.stringify(text)} asks for nobody`, () => assert.equal(typedName(text), undefined))
}

test("only the end of a long text is read", () => {
  assert.equal(typedName(`@${"a".repeat(200)}`), undefined)
  assert.equal(typedName(`${"woord ".repeat(10_000)}@Anna`), "Anna")
})

test("a name that found nobody is not asked for again when it goes on", () => {
  const query = new MentionQuery()
  query.answered("Xa", false)
  assert.equal(query.next("@Xav"), undefined)
  assert.equal(query.next("@X"), "X")
})

test("after a name that finds people every name is asked for again", () => {
  const query = new MentionQuery()
  query.answered("Xa", false)
  query.answered("X", true)
  assert.equal(query.next("@Xav"), "Xav")
})

test("the words behind a chosen name are no part of it", () => {
  const query = new MentionQuery()
  query.chosen("Anna Jansen")
  assert.equal(query.next("@Anna Jansen heeft"), undefined)
  assert.equal(query.next("@Anna Jansen en @Bram"), "Bram")
})
