// The trusted-types policy of the page, to be imported before anything else.
//
// Turbo and the editor parse HTML that the server has cleaned, through the three parsers named here; every other
// sink (document.write, srcdoc, outerHTML, …) is refused. A string never becomes a script: the policy has no
// createScript, and a default policy without it refuses. One string becomes the address of a script: that of our
// worker, and only to register it.
// ProseMirror first asks here without naming a parser. Refused, it uses its own policy ProseMirrorClipboard for what
// is pasted, which it parses in a separate document.

const PARSERS = new Set(["DOMParser parseFromString", "Element innerHTML", "Range createContextualFragment"])

export const WORKER = "/offline.js"

window.trustedTypes?.createPolicy("default", {
  createHTML(html, _type, sink) {
    if (!PARSERS.has(sink)) throw new TypeError(`No HTML from a string: ${sink}`)
    return html
  },
  createScriptURL(address, _type, sink) {
    if (sink !== "ServiceWorkerContainer register" || address !== WORKER)
      throw new TypeError(`No script from a string: ${sink}`)
    return address
  },
})
