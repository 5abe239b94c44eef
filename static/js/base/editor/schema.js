// What can be written: the nodes and marks that the server's cleaner keeps, and nothing that it would remove.
import {
  Heading,
  Image,
  Link,
  Placeholder,
  StarterKit,
  Table,
  TableCell,
  TableHeader,
  TableRow,
} from "vendor/editor.js"

const SCHEMES = ["http:", "https:", "mailto:"]
const OUR_IMAGE = /^\/files\/\d+\/content(\?[\w=&.%-]*)?$/

/**
 * Whether a link may lead to `address`, read as the browser will read it: in full, or a path of this site.
 * @param {string} address
 */
export function linkable(address) {
  if (URL.canParse(address)) return SCHEMES.includes(new URL(address).protocol)
  return /^\/(?![/\\])/.test(address) && URL.canParse(address, document.baseURI)
}

/**
 * The same, also for what is recognised as an address while typing: "example.org".
 * @param {string} address
 */
function linkableAsTyped(address) {
  return linkable(address) || (!URL.canParse(address) && linkable(`https://${address}`))
}

/**
 * Return the path of a picture that was uploaded here, or null: another server would learn who reads the text.
 * @param {string} address
 */
function ourImage(address) {
  if (!URL.canParse(address, document.baseURI)) return null
  const { origin, pathname, search } = new URL(address, document.baseURI)
  return origin === location.origin && OUR_IMAGE.test(pathname + search) ? pathname + search : null
}

// The page has its own h1; headings pasted from elsewhere keep their order as far as there are levels.
const Headings = Heading.extend({
  parseHTML() {
    return [...this.parent(), { tag: "h1", attrs: { level: 2 } }, { tag: "h5, h6", attrs: { level: 4 } }]
  },
}).configure({ levels: [2, 3, 4] })

// The server adds rel.
const Links = Link.extend({
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [
    {
      tag: "a[href]",
      getAttrs: (/** @type {Element} */ link) => linkable(link.getAttribute("href") ?? "") && null,
    },
  ],
}).configure({
  openOnClick: false,
  defaultProtocol: "https",
  isAllowedUri: linkableAsTyped,
  HTMLAttributes: { target: null, rel: null, class: null },
})

// A mention is one piece: nobody types on in its name. It is stored as a link to the person that begins with "@".
const Mentions = Image.extend({
  name: "mention",
  group: "inline",
  inline: true,
  atom: true,
  draggable: false,
  addOptions: () => ({}),
  addAttributes: () => ({
    href: { default: null },
    name: { default: "", rendered: false, parseHTML: (/** @type {Element} */ link) => link.textContent },
  }),
  parseHTML: () => [
    {
      tag: "a[href^='/people/']",
      priority: 60, // before links
      getAttrs: (/** @type {Element} */ link) => link.textContent.startsWith("@") && null,
    },
  ],
  renderHTML: (/** @type {any} */ { node, HTMLAttributes }) => ["a", HTMLAttributes, node.attrs.name],
  renderText: (/** @type {any} */ { node }) => node.attrs.name,
  addNodeView: null,
  addCommands: () => ({}),
  addInputRules: () => [],
})

/** @param {Element} image */
const sourceOf = (image) => ourImage(image.getAttribute("src") ?? "")

const Images = Image.extend({
  addAttributes: () => ({
    src: { default: null, parseHTML: sourceOf },
    alt: { default: "" },
  }),
  parseHTML: () => [{ tag: "img[src]", getAttrs: (/** @type {Element} */ image) => sourceOf(image) !== null && null }],
  addInputRules: () => [],
})

// TipTap writes the widths of columns as inline style, which the content security policy refuses.
const Tables = Table.extend({
  renderHTML: (/** @type {{ HTMLAttributes: object }} */ { HTMLAttributes }) => ["table", HTMLAttributes, ["tbody", 0]],
}).configure({ View: null })
const cell = { addAttributes: () => ({ colspan: { default: 1 }, rowspan: { default: 1 } }) }

// Only where the caret could not get past the last node; elsewhere it would widen "select all" to an empty line.
const trailingNode = { notAfter: ["heading", "blockquote", "bulletList", "orderedList", "codeBlock"] }

/**
 * Return the extensions of the editor.
 * @param {string} placeholder
 */
export function extensions(placeholder) {
  return [
    StarterKit.configure({ heading: false, link: false, trailingNode }),
    Headings,
    Links,
    Mentions,
    Images,
    Tables,
    TableRow,
    TableHeader.extend(cell),
    TableCell.extend(cell),
    Placeholder.configure({ placeholder }),
  ]
}
