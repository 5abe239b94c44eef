// The page's one trusted-types policy, to be imported before anything else.
//
// Turbo and the editor parse HTML that the server has cleaned, through the three parsers named here; every other
// way in (document.write, srcdoc, outerHTML, …) is refused. A string never becomes a script or the address of
// one: the policy has no createScript and no createScriptURL, and a default policy without them refuses.
// ProseMirror first asks here without naming a parser; refused, it takes the policy ProseMirrorClipboard of its
// own for what is pasted, which it parses in a document apart.

const PARSERS = new Set(["DOMParser parseFromString", "Element innerHTML", "Range createContextualFragment"])

globalThis.trustedTypes?.createPolicy("default", {
  createHTML(html, _type, sink) {
    if (!PARSERS.has(sink)) throw new TypeError(`No HTML from a string: ${sink}`)
    return html
  },
})
