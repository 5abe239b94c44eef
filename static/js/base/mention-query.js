// When to look for people while somebody types: after "@" and the beginning of a name.

const TYPED = /(?:^|[\s(])@(\p{L}[\p{L}\p{M}.'’-]*(?: [\p{L}\p{M}.'’-]+){0,3})$/u
const LONGEST = 80

/**
 * Return the beginning of a name that follows an "@" at the end of a text, if there is one.
 * @param {string} text up to the caret
 */
export function typedName(text) {
  return TYPED.exec(text.slice(-LONGEST))?.[1]
}

/** Which names are worth looking for: none that goes on from one that found nobody, or was chosen just now. */
export class MentionQuery {
  /** @type {string | null} */
  #finished = null

  /**
   * Return the name to look for, given the text up to the caret; nothing where there is none.
   * @param {string} text
   */
  next(text) {
    const name = typedName(text)
    if (name === undefined || (this.#finished !== null && name.startsWith(this.#finished))) return undefined
    return name
  }

  /**
   * Note whether a name found people.
   * @param {string} name
   * @param {boolean} found
   */
  answered(name, found) {
    this.#finished = found ? null : name
  }

  /**
   * Note the name that was chosen: the words that follow are no part of it.
   * @param {string} name
   */
  chosen(name) {
    this.#finished = name
  }
}
