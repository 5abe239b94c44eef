// Pasted HTML, before the editor reads it. The schema decides what is accepted; here the elements and attributes are
// renamed that the content security policy would report even of a document that is only parsed, and the names by which
// the fields of a form hide its own properties. Bold and italic are kept where a style alone says them: some programs
// do that, or put a text in <b> and say in a style that it is not bold.

import { plainElements } from "base/editor/office.js"

const UNREAD = /<(\/?)(?:style|script)\b/gi
const VOID = /<(?:base|link|meta)\b/gi
const TAG = /<[a-z][^<>]*>/gi
const ATTRIBUTE = /([\s/"'])(style|id|name|on\w+)\s*=/gi

/**
 * Whether the style of an element matches.
 * @param {HTMLElement} element
 * @param {RegExp} pattern
 */
const says = (element, pattern) => pattern.test(element.dataset.style ?? "")

/**
 * Return the same HTML, with elements for the styles that mean something.
 * @param {string} html
 */
export function readable(html) {
  const template = document.createElement("template")
  template.innerHTML = html
    .replace(UNREAD, "<$1template")
    .replace(VOID, "<wbr")
    .replace(TAG, (tag) => tag.replace(ATTRIBUTE, "$1data-$2="))
  for (const unread of template.content.querySelectorAll("template")) unread.remove()
  plainElements(template.content)
  /** @type {NodeListOf<HTMLElement>} */
  const styled = template.content.querySelectorAll("[data-style]")
  for (const element of styled) {
    if (element.matches("b, strong") && says(element, /(?<![\w-])font-weight:\s*(normal|400)/)) {
      element.replaceWith(...element.childNodes)
    } else if (element.matches("span")) {
      if (says(element, /(?<![\w-])font-weight:\s*(bold|[6-9]00)/)) enclose(element, "strong")
      if (says(element, /(?<![\w-])font-style:\s*italic/)) enclose(element, "em")
    }
  }
  return template.innerHTML
}

/**
 * Put what an element holds in a new element inside it.
 * @param {HTMLElement} element
 * @param {"strong" | "em"} tag
 */
function enclose(element, tag) {
  const mark = document.createElement(tag)
  mark.append(...element.childNodes)
  element.append(mark)
}
