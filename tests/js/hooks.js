// The hooks that resolve.js registers. The Socket.IO client is replaced: a test gives the socket.
const STATIC = new URL("../../static/js/", import.meta.url)
const SOCKET = "data:text/javascript,export const io = () => globalThis.socketOfTest"

export function resolve(specifier, context, next) {
  if (specifier === "vendor/socket.io.js") return { url: SOCKET, shortCircuit: true }
  if (!/^(base|chat|documents|minutes|notices|threads)\//.test(specifier)) return next(specifier, context)
  return { url: new URL(specifier, STATIC).href, format: "module", shortCircuit: true }
}
