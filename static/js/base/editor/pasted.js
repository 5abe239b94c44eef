// Pasted HTML, before the editor reads it. What is let in is decided by the schema; here what the content security
// policy would report of even a document that is merely parsed gets another name, as do the names by which a form's
// fields stand in the way of its own properties. And it saves what would be lost with the styles: some programs
// say "bold" in a style alone, or put a text in <b> and say in a style that it is not bold.

const UNREAD = /<(\/?)(?:style|script)\b/gi
const VOID = /<(?:base|link|meta)\b/gi
const TAG = /<[a-z][^<>]*>/gi
const ATTRIBUTE = /([\s/"'])(style|id|name|on\w+)\s*=/gi

const says = (element, pattern) => pattern.test(element.dataset.style)

/** The same HTML, its styles turned into elements where they mean something. */
export function readable(html) {
  const template = document.createElement("template")
  template.innerHTML = html
    .replace(UNREAD, "<$1template")
    .replace(VOID, "<wbr")
    .replace(TAG, (tag) => tag.replace(ATTRIBUTE, "$1data-$2="))
  for (const unread of template.content.querySelectorAll("template")) unread.remove()
  for (const element of template.content.querySelectorAll("[data-style]")) {
    if (element.matches("b, strong") && says(element, /font-weight:\s*(normal|400)/)) {
      element.replaceWith(...element.childNodes)
    } else if (element.matches("span")) {
      if (says(element, /font-weight:\s*(bold|[6-9]00)/)) enclose(element, "strong")
      if (says(element, /font-style:\s*italic/)) enclose(element, "em")
    }
  }
  return template.innerHTML
}

function enclose(element, tag) {
  const mark = document.createElement(tag)
  mark.append(...element.childNodes)
  element.append(mark)
}
