// The Socket.IO client with the websocket as its one transport: build.js leaves polling and WebTransport out.
import { io as connect } from "socket.io-client"

/** Connects like Socket.IO's own `io`: `io(address, options)` or `io(options)`. */
export function io(address, options) {
  const [where, how] = typeof address === "object" ? [undefined, address] : [address, options]
  return connect(where, { ...how, transports: ["websocket"] })
}
