// Pasted HTML, before the editor reads it. What is let in is decided by the schema; this only takes away what the
// content security policy would report of even a document that is merely parsed, and saves what it would lose:
// some programs say "bold" in a style alone, or put a text in <b> and say in a style that it is not bold.

const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi
const UNREAD = /<(style|script)\b[\s\S]*?<\/\1\s*>|<(?:base|link|meta)\b[^>]*>/gi
const STYLE = /([\s/"'])style\s*=/gi
const HANDLER = /([\s/"'])on\w+\s*=/gi

const says = (element, pattern) => pattern.test(element.dataset.style)

/** The same HTML, its styles turned into elements where they mean something. */
export function readable(html) {
  const template = document.createElement("template")
  template.innerHTML = html
    .replace(UNREAD, "")
    .replace(TAG, (tag) => tag.replace(STYLE, "$1data-style=").replace(HANDLER, "$1data-on="))
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
