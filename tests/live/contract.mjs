// The browser's Socket.IO client, as pages load it, against a server. Prints what it saw as one line of JSON.
// Usage: node --experimental-websocket contract.mjs '{"address": …, "cookies": {…}, "token": …, "room": …}'

const given = JSON.parse(process.argv[2])
const place = `room:${given.room}`
const clients = []

// The client takes the class of the browser when it is loaded; this one sends the cookie and the origin of a page.
globalThis.WebSocket = class extends globalThis.WebSocket {
  constructor(address) {
    const { who, codes } = clients[new URL(address).searchParams.get("client")]
    super(address, { headers: { Origin: given.address, ...(who ? { Cookie: `cop=${given.cookies[who]}` } : {}) } })
    this.addEventListener("close", ({ code }) => codes.push(code))
  }
}
const { io } = await import("../../static/vendor/socket.io.js")

/** Return a client with the cookie of a person, and the close codes of its websockets. */
function client(who, options = {}) {
  const codes = []
  const query = { client: clients.push({ who, codes }) - 1 }
  const delays = { reconnectionDelay: 50, reconnectionDelayMax: 100 }
  return { socket: io(given.address, { forceNew: true, query, ...delays, ...options }), codes }
}

const once = (socket, event) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${event}`)), 15_000)
    socket.once(event, (...values) => {
      clearTimeout(late)
      resolve(values)
    })
  })

async function opened(who) {
  const made = client(who)
  await once(made.socket, "connect")
  return made
}

const bytes = (length) => Uint8Array.from({ length }, (_none, n) => n % 256)
const ask = (socket, ...values) => socket.timeout(15_000).emitWithAck(...values)
const seen = {}

const first = await opened("anna")
const second = await opened("bram")
seen.ids = typeof first.socket.id === "string" && first.socket.id !== second.socket.id
seen.transport = first.socket.io.engine.transport.name

const joined = await ask(first.socket, "join", { place })
await ask(second.socket, "join", { place })
seen.join = [joined.ok, typeof joined.seq]
seen.refused = await ask(first.socket, "join", { place: "room:999999" })
const values = ["é€𝄞", { diep: [1, null, true, { leeg: {} }] }, 0.5, "x".repeat(60_000)]
seen.echo = JSON.stringify(await ask(first.socket, "echo", values[0])) === JSON.stringify(values[0])
seen.large = (await ask(first.socket, "echo", values[3])).length

const told = once(second.socket, "told")
const posted = await fetch(`${given.address}/api/v1/rooms/${given.room}/messages`, {
  method: "POST",
  headers: { Authorization: `Bearer ${given.token}`, "Content-Type": "application/json" },
  body: JSON.stringify({ body: "Dag allemaal" }),
})
const [event] = await told
seen.broadcast = [posted.status, event.place === place, event.seq === joined.seq + 1, event.html.includes("Dag allemaal")]

for (let n = 0; n < 40; n += 1) first.socket.emit("count", n)
const counted = await ask(first.socket, "count", 40)
seen.counted = counted.length
seen.order = counted.every((number, n) => number === n)

await ask(second.socket, "draw", { at: bytes(3) })
const drawn = once(second.socket, "drawn")
const { size, again } = await ask(first.socket, "draw", { place, at: bytes(50_000) })
const [{ at, by }] = await drawn
const same = (one) => Buffer.compare(Buffer.from(one), Buffer.from(bytes(50_000))) === 0
seen.binary = [size, same(again), same(at), by]

const left = await opened("gerda")
const cut = once(left.socket, "disconnect")
left.socket.emit("draw", { at: bytes(10) }) // it is in no place that takes binary values
seen.binaryElsewhere = (await cut)[0]
seen.binaryElsewhereCode = left.codes[0]
await once(left.socket, "connect")
await ask(left.socket, "join", { place })
const tooLarge = once(left.socket, "disconnect")
left.socket.emit("draw", { at: bytes(given.cap + 1) })
seen.tooLarge = (await tooLarge)[0]
seen.tooLargeCode = left.codes[1]
await once(left.socket, "connect")
left.socket.disconnect()

const lost = once(first.socket, "disconnect")
first.socket.io.engine.transport.ws.close()
seen.lost = (await lost)[0]
await once(first.socket, "connect")
seen.again = (await ask(first.socket, "join", { place })).seq === event.seq

const ended = once(first.socket, "disconnect")
first.socket.emit("end")
seen.ended = (await ended)[0]
const closing = once(second.socket, "disconnect")
second.socket.disconnect()
seen.left = (await closing)[0]

const stranger = client(null, { reconnection: false })
seen.stranger = (await once(stranger.socket, "connect_error"))[0].message

process.stdout.write(`${JSON.stringify(seen)}\n`)
process.exit(0)
