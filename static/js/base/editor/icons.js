// The icons of the toolbar: strokes on a grid of 24 by 24.

const SVG = "http://www.w3.org/2000/svg"

/** @type {Record<string, string>} */
const STROKES = {
  "heading-2": "M4 6v12M12 6v12M4 12h8M16 11.5a2 2 0 0 1 4 0c0 2.5-4 3-4 6.5h4",
  "heading-3": "M4 6v12M12 6v12M4 12h8M16 10h4l-2 3a2.5 2.5 0 1 1-2 4",
  "heading-4": "M4 6v12M12 6v12M4 12h8M19 18v-8l-3 5h5",
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M10 5h8M6 19h8M14 5l-4 14",
  strike: "M5 12h14M16 8c-.5-2-2-3-4-3-2.5 0-4.5 1-4.5 3.5M8 16c.5 2 2 3 4 3 2.5 0 4.5-1 4.5-3.5",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5",
  "bullet-list": "M9 6h12M9 12h12M9 18h12M4 6h.01M4 12h.01M4 18h.01",
  "ordered-list": "M10 6h11M10 12h11M10 18h11M3 5l1.5-1v5M3 15a1.5 1.5 0 0 1 3 0c0 1.5-3 2-3 4h3",
  "list-indent": "M10 6h11M13 12h8M10 18h11M3 9l3 3-3 3",
  "list-outdent": "M10 6h11M13 12h8M10 18h11M6 9l-3 3 3 3",
  quote: "M5 5v14M10 7h10M10 12h10M10 17h6",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4.2 4.2 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4.2 4.2 0 0 0 6 6l1-1",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  table: "M4 5h16v14H4zM4 9.5h16M4 14.5h16M12 9.5V19",
  "row-add": "M4 5h16v6H4zM12 14v6M9 17h6",
  "row-remove": "M4 5h16v6H4zM9 17h6",
  "column-add": "M5 4h6v16H5zM17 9v6M14 12h6",
  "column-remove": "M5 4h6v16H5zM14 12h6",
  "table-remove": "M4 5h16v14H4zM9 9l6 6M15 9l-6 6",
  undo: "M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10h-3",
  redo: "M16 5l4 4-4 4M20 9H10a5 5 0 0 0 0 10h3",
}

/**
 * Return the icon of a button; the button itself has the words.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg")
  svg.setAttribute("viewBox", "0 0 24 24")
  svg.setAttribute("aria-hidden", "true")
  const path = document.createElementNS(SVG, "path")
  path.setAttribute("d", STROKES[name])
  svg.append(path)
  return svg
}
