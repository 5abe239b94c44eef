// The page's one trusted-types policy, to be imported before anything else.
//
// Turbo and the editor parse HTML that the server has cleaned, through the three parsers named here; every other
// way in (document.write, srcdoc, outerHTML, …) is refused. A string never becomes a script: the policy has no
// createScript, and a default policy without it refuses. One string becomes the address of one: that of our worker,
// where a worker is registered and nowhere else.
// ProseMirror first asks here without naming a parser; refused, it takes the policy ProseMirrorClipboard of its
// own for what is pasted, which it parses in a document apart.

const PARSERS = new Set(["DOMParser parseFromString", "Element innerHTML", "Range createContextualFragment"])

export const WORKER = "/offline.js"

globalThis.trustedTypes?.createPolicy("default", {
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
