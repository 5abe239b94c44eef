// One draft of a form: in the browser at once, on the server a moment later (docs/decisions/0019).
//
// A draft has an id (the client_id of its form), a revision that grows with each change, and the revision that the
// server has acknowledged: the base. The server stores a revision that builds on what it has. Where it has another,
// the text here becomes a draft of its own; the browser keeps it until the server has stored it.
import { viewerHeader } from "base/http.js"

const PAUSE = 1_500
const AMBIGUOUS = -1 // which of several revisions was stored is unknown, or it is another text
const RETRY = [3_000, 10_000, 30_000]
const PATIENCE = 10_000 // after that a save counts as failed
const ARRIVES = 10_000 // by then a page that was asked for has arrived

/**
 * The fields of a form.
 * @typedef {Record<string, any>} Fields
 */

/**
 * What the browser keeps of a draft that the server may lack. `posting` is the revision that was posted without an
 * answer.
 * @typedef {object} DraftRecord
 * @property {string} id
 * @property {number} revision
 * @property {number} base
 * @property {string} writer
 * @property {Fields} fields
 * @property {Record<string, string>} [titles] of the files, by id
 * @property {number} [posting]
 * @property {number} at
 */

/**
 * What the server made of a save.
 * @typedef {"stored" | "changed" | "posted" | "dropped" | "unreachable" | "signed-out" | "refused"} SaveOutcome
 */

/**
 * `words` say why a save was refused.
 * @typedef {{ outcome: SaveOutcome, stored?: { revision: number, writer: string }, words?: string }} SaveAnswer
 */

/**
 * "saved" on the server, "local" in this browser only, "signed-out" the same after a session that ended, "unsaved"
 * nowhere, "refused" when the server says what is wrong with the text.
 * @typedef {"saved" | "local" | "signed-out" | "unsaved" | "refused"} DraftState
 */

/**
 * Called by a store.
 * @typedef {object} DraftHandlers
 * @property {(state: DraftState, at: Date, words?: string) => void} [state]
 * @property {(id: string) => void} [renamed] the draft has a new id
 * @property {(revision: number, writer: string) => void} [stored]
 * @property {(reason: "changed" | "ended", other: string) => void} [forked] the text here became a draft of its own
 * @property {(record: DraftRecord) => void} [found] the server has this, and it is taken up
 * @property {() => void} [posted] this text turned out to be posted
 */

/** @param {Fields} fields */
const isBlank = (fields) =>
  ![fields.body, fields.title, fields.situation, fields.tried, fields.wanted, fields.files?.length].some(
    (value) => value,
  )

/**
 * Return the storage of this browser, or one that keeps nothing where it has none.
 * @returns {Storage}
 */
export function browserStorage() {
  try {
    return localStorage
  } catch {
    return /** @type {any} */ ({ getItem: () => null, removeItem() {} })
  }
}

/** The copies of one draft. */
export class DraftStore {
  #storage
  #prefix
  #on
  #page
  #place
  #viewer
  /** @type {DraftRecord} */
  #now
  #titles = {}
  #dirty = false
  #kept = true // whether this browser could keep it
  #failures = 0
  /** @type {number | undefined} */
  #posting // the revision that is being posted; until the answer comes the draft keeps its id
  #closed = false
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** @type {Promise<void> | undefined} */
  #sending

  /**
   * @param {object} options
   * @param {string} options.place as in "thread:7"
   * @param {string} options.viewer who types: after a session that ended the draft stays, and the next may be another
   * @param {string} [options.id]
   * @param {number} [options.revision] the stored revision that the page was made from; 0 without one
   * @param {string} [options.writer] who saved that
   * @param {string} [options.page] the name of this page
   * @param {DraftHandlers} [options.on]
   * @param {Storage} [options.storage]
   */
  constructor({ place, viewer, id, revision = 0, writer, page, on = {}, storage = browserStorage() }) {
    this.#place = place
    this.#viewer = viewer
    this.#prefix = `cop-draft:${viewer}:${place}:` // signing out clears what begins with cop-draft
    this.#on = on
    this.#storage = storage
    this.#page = page ?? crypto.randomUUID()
    const writes = { writer: this.#page, fields: {}, at: 0 }
    this.#now = { id: id || crypto.randomUUID(), revision, base: revision, ...writes }
    this.rendered = { id: id ?? "", revision, writer: writer ?? "" }
  }

  get id() {
    return this.#now.id
  }

  /** The name of the lock that a page holds while it is open. */
  get lock() {
    return `cop-draft:${this.#page}`
  }

  /** The locks of the pages that left drafts of this place in the browser. */
  get left() {
    return this.#left(() => false).map(([key]) => lockOf(key))
  }

  /**
   * Take up what an earlier page left in this browser: return the record to put in the form, if it is newer than what
   * the server rendered. Other drafts are sent to the server.
   * @param {object} [given]
   * @param {(lock: string) => boolean} [given.alive] whether a page is still open: its drafts are its own
   * @param {string} [given.chosen] the id that the address asks for, "new" for none
   * @param {boolean} [given.filled] whether the form holds a text that was sent and refused, which is the newest
   * @returns {DraftRecord | undefined}
   */
  restore({ alive = () => false, chosen = "", filled = false } = {}) {
    const mine = this.rendered
    /** @type {DraftRecord | undefined} */
    let taken
    /** @type {[string, DraftRecord][]} */
    const stored = []
    for (const [key, record] of this.#left(alive)) {
      const same = record.id === mine.id
      const follows = record.writer === mine.writer ? record.revision > mine.revision : record.base === mine.revision
      const known = same && record.writer === mine.writer && record.revision <= mine.revision
      const wanted = mine.id ? same && follows : !chosen || chosen === record.id
      const has = record.base >= record.revision && !(same && follows) // the server, or had
      if (known || (filled && same)) this.#storage.removeItem(key)
      else if (has && wanted && !filled) stored.push([key, record])
      else if (has) this.#storage.removeItem(key)
      else if (wanted && !filled && !taken) {
        taken = record
        this.#now = { ...record }
        this.#titles = record.titles ?? {}
        this.#dirty = true
        this.#write()
        this.#storage.removeItem(key)
      } else this.#deliver(key, record)
    }
    if (taken) {
      this.#on.renamed?.(this.id)
      this.#schedule(0)
    } else this.#look(stored)
    return taken
  }

  /**
   * Take up the newest of these drafts that the server has: it stored them after it made this page.
   * @param {[string, DraftRecord][]} stored
   */
  async #look(stored) {
    for (const [key, record] of stored) {
      const there = await this.#has(record)
      if (there === undefined) continue // a later page asks again
      this.#storage.removeItem(key)
      if (!there || this.#closed || this.#now.revision) continue
      this.#now = { ...record }
      this.#titles = record.titles ?? {}
      this.#on.renamed?.(this.id)
      this.#on.stored?.(this.#now.base, record.writer)
      this.#on.found?.(record)
    }
  }

  /**
   * Keep these fields in the browser, and after a pause in typing on the server.
   * @param {Fields} fields
   * @param {Record<string, string>} [titles] of the files, by id
   */
  keep(fields, titles = this.#titles) {
    this.#titles = titles
    this.#now = { ...this.#now, revision: this.#now.revision + 1, fields, at: Date.now() }
    if (isBlank(fields) && !this.#now.base && !this.#sending) {
      this.stop()
      this.#dirty = false
      return this.#remove()
    }
    this.#dirty = true
    this.#write()
    this.#schedule(PAUSE)
    if (globalThis.navigator?.onLine === false) this.#on.state?.(this.#kept ? "local" : "unsaved", new Date())
  }

  /** Note that the text as it is now is being posted: where no answer comes, it may have been. Return its id. */
  posting() {
    const { revision, posting = revision } = this.#now
    this.#now.posting = posting === revision ? revision : AMBIGUOUS
    this.#posting = revision
    this.stop()
    if (this.#dirty) this.#write()
    return this.id
  }

  /**
   * The fields that say, along with a text that is posted, which stored revision it replaces: another one is the text
   * of another page, and stays.
   */
  get replaces() {
    const { base, revision, writer } = this.#now
    return { draft_base: String(base), draft_revision: String(revision), draft_writer: writer }
  }

  /**
   * Take note that the text was stored under this id. Return whether the form is to be emptied: not where it was
   * changed since, or where an answer to a save said the same before.
   * @param {string} id
   */
  posted(id) {
    const changed = this.#posting !== this.#now.revision
    this.#posting = undefined
    if (id !== this.id) return false
    if (changed) this.fork()
    else this.clear()
    return !changed
  }

  /** Take note that posting failed, or that no answer came. */
  notPosted() {
    this.#posting = undefined
    this.retry()
  }

  /** Take note that another text was posted under this id: the text here was not, whatever a save says. */
  otherPosted() {
    this.#now.posting = AMBIGUOUS
    if (this.#dirty) this.#write()
    this.notPosted()
  }

  /** Begin a new draft: the server has stored this text, or it was handed on to what posts it. */
  clear() {
    this.stop()
    this.#remove()
    this.#dirty = false
    this.#failures = 0
    const { writer } = this.#now
    this.#now = { id: crypto.randomUUID(), revision: 0, base: 0, writer, fields: {}, at: 0 }
    this.#on.renamed?.(this.id)
    this.#on.stored?.(0, "")
  }

  /** Go on with the same text under a new id. */
  fork() {
    const { key } = this
    const { posting, ...now } = this.#now
    this.#now = { ...now, id: crypto.randomUUID(), base: 0, at: Date.now() }
    this.#dirty = true
    this.#write()
    this.#storage.removeItem(key)
    this.#on.renamed?.(this.id)
    this.#schedule(0)
  }

  /** Send what the server lacks now, also while the page is being left. */
  flush() {
    if (!this.#dirty) return
    this.stop()
    return this.#send(true)
  }

  /** Send what the server lacks again, after the connection came back. */
  retry() {
    if (this.#dirty && !this.#closed) this.#schedule(0)
  }

  /** Send nothing more by itself. */
  stop() {
    clearTimeout(this.#timer)
  }

  close() {
    this.flush()
    this.#closed = true
    this.stop()
  }

  get key() {
    return `${this.#prefix}${this.id}:${this.#page}`
  }

  /** Write the newest revision to the browser; where that fails, only the server has it. */
  #write() {
    try {
      this.#storage.setItem(this.key, JSON.stringify({ ...this.#now, titles: this.#titles }))
      this.#kept = true
    } catch {
      this.#kept = false // full, or not allowed
    }
  }

  #remove() {
    this.#storage.removeItem(this.key)
  }

  /** Remove what the server has; not at once, for the next page may be on its way, made before the server had it. */
  #removeLater() {
    const { key } = this
    setTimeout(() => {
      if (key !== this.key || !this.#dirty) this.#storage.removeItem(key)
    }, ARRIVES)
  }

  /** @param {number} pause */
  #schedule(pause) {
    this.stop()
    this.#timer = setTimeout(() => this.#send(false), pause)
  }

  /**
   * Send the newest revision; one request at a time, except when the page is left.
   * @param {boolean} leaving
   */
  async #send(leaving) {
    if (this.#sending && !leaving) {
      await this.#sending
      if (!this.#dirty || this.#closed) return
    }
    const sent = { ...this.#now }
    this.#sending = this.#receive(sent, this.#put(sent, leaving), leaving)
    await this.#sending
    this.#sending = undefined
  }

  /**
   * @param {DraftRecord} sent
   * @param {Promise<SaveAnswer>} answer
   * @param {boolean} leaving the next page may have been made before the server had this: it takes up what stays here
   */
  async #receive(sent, answer, leaving) {
    const { outcome, stored, words } = await answer
    if (sent.id !== this.id) return // posted, or under a new id since
    if (outcome === "stored" || (outcome === "changed" && stored?.writer === sent.writer)) {
      this.#failures = 0
      this.#now.base = Math.max(this.#now.base, stored?.revision ?? sent.revision)
      this.#on.stored?.(this.#now.base, sent.writer)
      this.#dirty = this.#now.base < this.#now.revision
      // Another page may have taken up what a closed one left.
      if (!this.#closed || this.#storage.getItem(this.key)) this.#write()
      if (!this.#dirty && !leaving) this.#removeLater()
      if (!this.#dirty) return this.#on.state?.("saved", new Date())
      if (!this.#closed) this.#schedule(outcome === "changed" ? 0 : PAUSE)
    } else if (this.#closed) {
      // The next page takes up what this one left in the browser.
    } else if (this.#posting !== undefined && outcome !== "unreachable" && outcome !== "signed-out") {
      // What comes of posting decides.
    } else if (outcome === "posted" && this.#now.posting === this.#now.revision) {
      this.clear()
      this.#on.posted?.()
    } else if (outcome === "changed" || outcome === "posted" || outcome === "dropped") {
      this.fork()
      this.#on.forked?.(outcome === "changed" ? "changed" : "ended", sent.id)
    } else if (outcome === "refused" && words) {
      this.#on.state?.("refused", new Date(), words)
    } else {
      this.#on.state?.(this.#kept ? (outcome === "signed-out" ? outcome : "local") : "unsaved", new Date())
      if (outcome === "unreachable" && !this.#closed) {
        this.#schedule(RETRY[Math.min(this.#failures++, RETRY.length - 1)])
      }
    }
  }

  /**
   * Send a draft that an earlier page left; it stays in this browser until the server has it.
   * @param {string} key
   * @param {DraftRecord} record
   * @returns {Promise<void>}
   */
  async #deliver(key, record) {
    const { outcome, stored } = await this.#put(record, false)
    const has = outcome === "changed" && stored?.writer === record.writer && stored.revision >= record.revision
    const posted = outcome === "posted" && record.posting === record.revision
    if (outcome === "stored" || has || posted) return this.#storage.removeItem(key)
    if (outcome !== "changed" && outcome !== "posted" && outcome !== "dropped") return
    const { posting, ...text } = record
    const base = outcome === "changed" && stored?.writer === record.writer ? { base: stored.revision } : null
    const again = { ...text, ...(base ?? { id: crypto.randomUUID(), base: 0 }) }
    const renamed = `${this.#prefix}${again.id}:${key.slice(key.lastIndexOf(":") + 1)}`
    this.#storage.setItem(renamed, JSON.stringify(again))
    if (renamed !== key) this.#storage.removeItem(key)
    return this.#deliver(renamed, again)
  }

  /**
   * @param {DraftRecord} record
   * @param {boolean} leaving
   * @returns {Promise<SaveAnswer>}
   */
  async #put({ id, revision, base, writer, fields }, leaving) {
    const body = JSON.stringify({ place: this.#place, fields, revision, base, writer })
    try {
      const response = await fetch(`/api/v1/drafts/${id}`, {
        method: "PUT",
        keepalive: leaving && body.length < 60_000, // a browser refuses more
        headers: { "Content-Type": "application/json", Accept: "application/json", ...viewerHeader(this.#viewer) },
        body,
        ...(!leaving && { signal: AbortSignal.timeout(PATIENCE) }),
      })
      if (response.ok) return { outcome: "stored" }
      if (response.status === 401) return { outcome: "signed-out" }
      if (response.status >= 500 || response.status === 429) return { outcome: "unreachable" }
      const { code, stored, errors } = await response.json()
      if (response.status === 422) return { outcome: "refused", words: errors?.fields }
      if (response.status === 409 && stored) return { outcome: "changed", stored }
      if (response.status === 410) return { outcome: code === "posted" ? "posted" : "dropped" }
      return { outcome: "refused" }
    } catch {
      return { outcome: "unreachable" }
    }
  }

  /**
   * Return whether the server has this revision, undefined where it could not be asked.
   * @param {DraftRecord} record
   */
  async #has({ id, revision, writer }) {
    const asked = { headers: viewerHeader(this.#viewer), signal: AbortSignal.timeout(PATIENCE) }
    try {
      const response = await fetch(`/api/v1/drafts/${id}`, asked)
      const stored = await response.json()
      if (response.ok) return stored.revision === revision && stored.writer === writer
      if (response.status === 404) return false
    } catch {
      // nobody knows
    }
  }

  /**
   * Return what earlier pages left in this browser, newest first.
   * @param {(lock: string) => boolean} alive
   * @returns {[string, DraftRecord][]}
   */
  #left(alive) {
    return Object.keys(this.#storage)
      .filter((key) => key.startsWith(this.#prefix) && key !== this.key)
      .filter((key) => !alive(lockOf(key)))
      .flatMap((key) => {
        const record = parsed(this.#storage.getItem(key))
        return record ? [/** @type {[string, DraftRecord]} */ ([key, record])] : []
      })
      .sort(([, a], [, b]) => b.at - a.at)
  }
}

/**
 * Return the name of the lock of the page that wrote a record.
 * @param {string} key
 */
function lockOf(key) {
  return `cop-draft:${key.slice(key.lastIndexOf(":") + 1)}`
}

/**
 * @param {string | null} kept
 * @returns {DraftRecord | undefined}
 */
function parsed(kept) {
  try {
    const record = JSON.parse(kept ?? "")
    return record?.id && record.fields ? record : undefined
  } catch {
    return undefined
  }
}
