// What office programs, Google Docs and Teams put in HTML that other programs don't read: lists and headings that are
// paragraphs with a level, lists in pieces, links that lead past a scanner, empty lines, runs of non-breaking spaces, and
// emoji as pictures. The attributes style, id and name have been renamed to data-style and so on (base/editor/pasted.js).

const LEVEL = /mso-list:\s*\S+\s+level(\d)/
const OUTLINE = /mso-outline-level:\s*(\d)/
const IGNORED = /mso-list:\s*ignore/i
const NUMBER = /^\(?(\d+|[a-z]{1,4})[.)]/i
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u
const SPACES = /[ \u00a0]*\u00a0[ \u00a0]+|[ \u00a0]+\u00a0[ \u00a0]*/g
const SCANNER = ".safelinks.protection.outlook.com"
const NOTHING = "span.EOP, br.Apple-interchange-newline, [data-id^=docs-internal-guid] > br"

/** @typedef {{ element: Element, level: number }[]} OpenLists the lists around a place, the outermost first */

/**
 * Turn what office programs write into the elements that it means.
 * @param {DocumentFragment} content
 */
export function plainElements(content) {
  for (const image of content.querySelectorAll("img[alt]")) emoji(image)
  for (const nothing of content.querySelectorAll(NOTHING)) nothing.remove()
  for (const empty of content.querySelectorAll("o\\:p")) if (!empty.textContent?.trim()) removeLine(empty)
  headings(content)
  lists(content)
  pieces(content)
  links(content)
  spaces(content)
}

/**
 * Remove the mark of the end of a paragraph, and the paragraph where that is all it holds: it was white space.
 * @param {Element} mark
 */
function removeLine(mark) {
  const paragraph = mark.closest("p")
  mark.remove()
  if (paragraph && !paragraph.textContent?.trim() && !paragraph.querySelector("img")) {
    if (!paragraph.closest("td, th, li")) paragraph.remove()
  }
}

/**
 * Make headings of paragraphs that have the level of one; the title of a document is the highest.
 * @param {DocumentFragment} content
 */
function headings(content) {
  const named = "p.MsoTitle, p[role=heading][aria-level], p[data-style*=mso-outline-level]"
  for (const paragraph of /** @type {NodeListOf<HTMLElement>} */ (content.querySelectorAll(named))) {
    const said = paragraph.getAttribute("aria-level") ?? OUTLINE.exec(paragraph.dataset.style ?? "")?.[1] ?? "1"
    const heading = document.createElement(`h${Math.min(Math.max(Math.trunc(Number(said)) || 1, 1), 6)}`)
    heading.append(...paragraph.childNodes)
    paragraph.replaceWith(heading)
  }
}

/**
 * Lead links of Outlook to where they lead in the end.
 * @param {DocumentFragment} content
 */
function links(content) {
  for (const link of content.querySelectorAll(`a[href*="${SCANNER}"]`)) {
    const href = link.getAttribute("href") ?? ""
    if (!URL.canParse(href)) continue
    const { hostname, searchParams } = new URL(href)
    const end = searchParams.get("url")
    if (end && hostname.endsWith(SCANNER)) link.setAttribute("href", end) // judged like every other link
  }
}

/** @param {Element} image */
function emoji(image) {
  const alt = image.getAttribute("alt") ?? ""
  if (alt.length < 30 && EMOJI.test(alt)) image.replaceWith(alt)
}

/**
 * Make one list of each row of paragraphs with a level.
 * @param {DocumentFragment} content
 */
function lists(content) {
  /** @type {OpenLists} */
  let open = []
  /** @type {Element | undefined} */
  let last
  for (const paragraph of /** @type {NodeListOf<HTMLElement>} */ (content.querySelectorAll("[data-style*=mso-list]"))) {
    const level = Number(LEVEL.exec(paragraph.dataset.style ?? "")?.[1] ?? 0)
    if (!level || paragraph.closest("li")) continue
    if (paragraph.previousElementSibling !== last) open = []
    const mark = takeMark(paragraph)
    const number = NUMBER.exec(mark)
    const list = listAt(open, level, number ? "ol" : "ul", Number(number?.[1]), paragraph)
    last = open[0].element
    const item = document.createElement("li")
    const text = document.createElement("p")
    text.append(...paragraph.childNodes)
    item.append(text)
    list.append(item)
    paragraph.remove()
  }
}

/**
 * Make one list of the pieces that Word on the web makes of it: one for each item, whatever its level.
 * @param {DocumentFragment} content
 */
function pieces(content) {
  /** @type {OpenLists} */
  let open = []
  for (const piece of content.querySelectorAll(".ListContainerWrapper")) {
    if (piece.previousElementSibling !== open[0]?.element) open = []
    for (const item of piece.querySelectorAll("li[aria-level]")) {
      const from = item.closest("ol, ul")
      const start = Number(from?.getAttribute("start"))
      listAt(open, Number(item.getAttribute("aria-level")), from?.localName ?? "ul", start, piece).append(item)
    }
    piece.remove()
  }
}

/**
 * Return the list of this level, within the last item of the one above it; a new one where none is open.
 * @param {OpenLists} open
 * @param {number} level
 * @param {string} tag
 * @param {number} start the number of its first item
 * @param {Element} place before which an outermost list is put
 */
function listAt(open, level, tag, start, place) {
  while (open.length && (open[open.length - 1].level > level || replaces(open[open.length - 1], level, tag))) open.pop()
  if (!open.length || open[open.length - 1].level < level) {
    const list = document.createElement(tag)
    if (start > 1) list.setAttribute("start", String(start))
    const within = open[open.length - 1]?.element.lastElementChild
    if (within) within.append(list)
    else place.before(list)
    open.push({ element: list, level })
  }
  return open[open.length - 1].element
}

/**
 * Whether a list of another kind begins at the same level.
 * @param {{ element: Element, level: number }} list
 * @param {number} level
 * @param {string} tag
 */
function replaces(list, level, tag) {
  return list.level === level && list.element.localName !== tag
}

/**
 * Take the typed mark out of a paragraph and return it.
 * @param {HTMLElement} paragraph
 */
function takeMark(paragraph) {
  const marks = /** @type {HTMLElement[]} */ ([...paragraph.querySelectorAll("[data-style*=mso-list]")])
  const ignored = marks.find(({ dataset }) => IGNORED.test(dataset.style ?? ""))
  const mark = ignored?.textContent ?? ""
  ignored?.remove()
  return mark.replaceAll("\u00a0", " ").trim()
}

/**
 * Leave one space of each run with non-breaking ones, outside code.
 * @param {DocumentFragment} content
 */
function spaces(content) {
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode)
    if (!text.parentElement?.closest("pre, code")) text.data = text.data.replace(SPACES, " ")
  }
}
