import { AutodidactError } from '../../errors.ts'
import { contentDigest } from '../../log/canonical.ts'
import { checkedItem, writtenOf } from '../remember.ts'
import type { Entry } from './entry.ts'
import type { ItemRecord } from './record.ts'

/** What people write by hand: a list of texts, a line for each rule, a section for each lesson. No part of it has a number or a history; an item without an id gets one of what it says. */

const verb = 'knowledge.import: item'

/** The same text is the same item, whenever and by whomever it is imported. */
const idOf = ({ kind, title, content, data, context }: Pick<ReturnType<typeof writtenOf>, 'kind' | 'title' | 'content' | 'data' | 'context'>): string =>
  `imported_${contentDigest({ kind, title, content, data, ...(context === undefined ? {} : { context }) })}`

/** A first version, of the fields that `knowledge.add` takes. */
const recordOf = (value: unknown): ItemRecord => {
  const given = checkedItem(value, verb)
  const { item: _item, number: _number, ...written } = writtenOf(given, verb)
  const { id = idOf(written), agent, user, session, source = 'import', trust = 'user', occurredAt } = given
  const whose = { ...(agent === undefined ? {} : { agent }), ...(user === undefined ? {} : { user }), ...(session === undefined ? {} : { session }) }
  return { id, state: 'experimental', versions: [{ number: 1, source, trust, ...whose, ...(occurredAt === undefined ? {} : { occurredAt }), ...written }] }
}

/**
 * A text, or the fields of an item, as an item of a file.
 *
 * @param place from 1: in a list, or the line
 */
export const handWritten = (place: number, value: unknown): Entry => {
  try {
    return { place, value: recordOf(value) }
  } catch (error) {
    if (!AutodidactError.is(error)) throw error
    return { place, problem: error }
  }
}

/** A line of a text, with its number from 1. */
export interface Line {
  readonly place: number
  readonly text: string
}

interface Block {
  readonly place: number
  readonly isItem: boolean
  readonly lines: string[]
}

const textOf = ({ lines }: Block): string => lines.join('\n').trim()

const bullet = /^ ?(?:[-*+]|\d{1,3}[.)])\s+(\S.*)$/
const rule = /^\s*\[\s*[A-Z]+_[A-Z]+\s*[|\]]/i
const heading = /^ {0,3}(#{1,6})\s+(.*?)[\s#]*$/
const fence = /^\s*(?:```|~~~)/
const ignored = /^\s*(?:<!--.*-->|-{3,}|\*{3,}|_{3,})\s*$/

/** Whether a text begins with a rule, such as `[CORE_RULE|1.0] Be kind.` */
export const beginsWithRule = (text: string): boolean => rule.test(text.replace(/^[\uFEFF\s]+/, ''))

/** What stands below one heading, or above all of them. */
class Section {
  readonly #place: number
  readonly #title: string | undefined
  readonly #blocks: Block[] = []
  #open: Block | undefined
  #isFenced = false

  constructor(place: number, title?: string) {
    this.#place = place
    this.#title = title
  }

  get isFenced(): boolean {
    return this.#isFenced
  }

  add({ place, text }: Line): void {
    const item = this.#isFenced ? undefined : rule.test(text) ? text.trim() : bullet.exec(text)?.[1]
    if (!this.#isFenced && ignored.test(text)) return
    if (fence.test(text)) this.#isFenced = !this.#isFenced
    if (item !== undefined) this.#begin(place, true, item)
    else if (text.trim() === '' && !this.#isFenced) this.#open = undefined
    else if (this.#open !== undefined) this.#open.lines.push(this.#open.isItem && !this.#isFenced ? text.trim() : text)
    else this.#begin(place, false, text)
  }

  #begin(place: number, isItem: boolean, text: string): void {
    this.#open = { place, isItem, lines: [text] }
    this.#blocks.push(this.#open)
  }

  /** Items of a list are one each; a section without any is one as a whole. */
  entries(): Entry[] {
    const isList = this.#blocks.some(({ isItem }) => isItem)
    if (!isList && this.#title !== undefined && this.#blocks.length > 0) return [handWritten(this.#place, { title: this.#title, content: this.#blocks.map(textOf).join('\n\n') })]
    return this.#blocks.map((block) => (block.isItem ? handWritten(block.place, textOf(block)) : { place: block.place, problem: strayText(block.place) }))
  }
}

const strayText = (place: number): AutodidactError =>
  new AutodidactError('INVALID_INPUT', `knowledge.import: line ${place}: this stands outside of any item and was not imported. Put "- " before it, or a heading "## Title" above it, and import the file again: what is there already is not written twice.`)

/**
 * What people write as Markdown: each item of a list, each line that begins like a rule, and each section with a heading of the second level or deeper that has no list. A text that is none of these is a problem.
 */
export const handWrittenIn = (lines: readonly Line[]): Entry[] => {
  const entries: Entry[] = []
  let section = new Section(1)
  for (const line of lines) {
    const found = section.isFenced ? undefined : heading.exec(line.text)
    if (found === undefined || found === null) {
      section.add(line)
      continue
    }
    entries.push(...section.entries())
    const [, marks = '', title = ''] = found
    section = marks.length === 1 || title === '' ? new Section(line.place) : new Section(line.place, title)
  }
  return [...entries, ...section.entries()]
}
