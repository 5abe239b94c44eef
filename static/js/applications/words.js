// Counting words, with the same result as cop/base/questionnaires/counting.py on the server.

// Named one by one: \s and Python's split() differ on U+0085 and U+001C.
const SPACES = /[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/u
const WORD = /[\p{L}\p{N}]/u

/**
 * Return the number of words: what stands between spaces and holds a letter or a digit.
 * @param {string} text
 */
export function countWords(text) {
  return text.split(SPACES).filter((word) => WORD.test(word)).length
}
