// What office programs and Teams put in HTML that other programs don't read: lists that are paragraphs with a typed
// mark and a level in `mso-list`, runs of non-breaking spaces, and emoji as pictures.
// The attributes style, id and name have been renamed to data-style and so on (base/editor/pasted.js).

const LEVEL = /mso-list:\s*\S+\s+level(\d)/
const IGNORED = /mso-list:\s*ignore/i
const NUMBER = /^\(?(\d+|[a-z]{1,4})[.)]/i
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u
const SPACES = /[ \u00a0]*\u00a0[ \u00a0]+|[ \u00a0]+\u00a0[ \u00a0]*/g

/**
 * Turn what office programs write into the elements that it means.
 * @param {DocumentFragment} content
 */
export function plainElements(content) {
  for (const image of content.querySelectorAll("img[alt]")) emoji(image)
  for (const empty of content.querySelectorAll("o\\:p")) if (!empty.textContent?.trim()) empty.remove()
  lists(content)
  spaces(content)
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
  /** @type {{ element: Element, level: number }[]} */
  let open = []
  /** @type {Element | undefined} */
  let last
  for (const paragraph of /** @type {NodeListOf<HTMLElement>} */ (content.querySelectorAll("[data-style*=mso-list]"))) {
    const level = Number(LEVEL.exec(paragraph.dataset.style ?? "")?.[1] ?? 0)
    if (!level || paragraph.closest("li")) continue
    if (paragraph.previousElementSibling !== last) open = []
    const mark = takeMark(paragraph)
    const number = NUMBER.exec(mark)
    const tag = number ? "ol" : "ul"
    while (open.length && (open[open.length - 1].level > level || replaces(open[open.length - 1], level, tag)))
      open.pop()
    if (!open.length || open[open.length - 1].level < level) {
      const list = document.createElement(tag)
      if (number && Number(number[1]) > 1) list.setAttribute("start", number[1])
      const within = open[open.length - 1]?.element.lastElementChild
      if (within) within.append(list)
      else {
        paragraph.before(list)
        last = list
      }
      open.push({ element: list, level })
    }
    const item = document.createElement("li")
    const text = document.createElement("p")
    text.append(...paragraph.childNodes)
    item.append(text)
    open[open.length - 1].element.append(item)
    paragraph.remove()
  }
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
