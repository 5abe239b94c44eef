// A Socket.IO server that sends what is posted to everybody in the room. Usage: node server.js PORT
import { createServer } from "node:http"
import { Server } from "socket.io"

const http = createServer((request, response) => {
  if (request.method !== "POST") return response.end("ok")
  let body = ""
  request.on("data", (part) => (body += part))
  request.on("end", () => {
    seq += 1
    io.to("room:1").emit("told", { place: "room:1", seq, verb: "messages.say", id: seq, html: JSON.parse(body).body })
    response.writeHead(201, { "Content-Type": "application/json" })
    response.end(JSON.stringify({ id: seq, seq }))
  })
})
let seq = 0
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false })
io.on("connection", (socket) => {
  socket.on("join", ({ place }, acknowledge) => {
    socket.join(place)
    acknowledge({ ok: true, seq })
  })
})
http.listen(Number(process.argv[2]), "127.0.0.1")
