import { AutodidactError, wordsOf } from '../../errors.ts'
import { textDigest } from '../../log/canonical.ts'
import { type Entry, isObject } from './entry.ts'
import { handWrittenIn, type Line } from './hand-written.ts'
import type { ItemRecord, VersionRecord } from './record.ts'

const opening = '<!-- autodidact item '
const closing = '<!-- /autodidact item -->'
const title = '# Knowledge'
const note = '<!-- autodidact knowledge 1: headings and texts may be edited, which makes new versions of them. The comments are needed to read this again. -->'

/** Lines of a text that look like one of ours, which get a backslash in front; a person reads them as before. */
const looksLikeOurs = /^\\*<!-- \/?autodidact item/

/** A text as an editor may leave it: other line ends, and nothing around it. */
const plain = (text: string): string => text.replaceAll(/\r\n?/g, '\n').trim()

const escaped = (text: string): string => text.split('\n').map((line) => (looksLikeOurs.test(line) ? `\\${line}` : line)).join('\n')

const unescaped = (text: string): string => text.split('\n').map((line) => (line.startsWith('\\') && looksLikeOurs.test(line) ? line.slice(1) : line)).join('\n')

/** JSON that no comment ends in, whatever it says: in JSON these signs stand within texts only, where each has another spelling. */
const inComment = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('--', '-\\u002d')

const fenceFor = (text: string): string => '`'.repeat(Math.max(3, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length + 1)))

const bodyOf = ({ content, data }: VersionRecord): string => {
  if (data === undefined) return plain(content)
  const text = JSON.stringify(data, undefined, 2)
  const fence = fenceFor(text)
  return `${fence}json\n${text}\n${fence}`
}

const headingOf = (id: string, named: unknown): string => plain(typeof named === 'string' && named.trim() !== '' ? named : id).replaceAll(/\s+/g, ' ')

/** By which an edit is known. Editors take blanks at line ends away, and nobody means anything by that. */
const bodyDigest = (body: string): string => textDigest(body.replaceAll(/[^\S\n]+$/gm, ''))

/**
 * One section an item. What it says stands there to be read and edited, and all of it in the comment, too: an edited text is a new version, and the one before it is
 * not lost with it.
 */
const sectionOf = (record: ItemRecord): string => {
  const last = record.versions.at(-1)
  if (last === undefined) return ''
  const body = bodyOf(last)
  return `${opening}${inComment({ ...record, body: bodyDigest(body) })} -->\n## ${headingOf(record.id, last.title)}\n\n${escaped(body)}\n\n${closing}\n`
}

/** Readable and editable: a section for each item. */
export const toMarkdownFile = (records: readonly ItemRecord[]): string => `${[note, title, ...records.map(sectionOf)].join('\n\n').trimEnd()}\n`

/** Lines of one section, without its comments. */
interface Section {
  readonly place: number
  readonly about: string
  readonly lines: string[]
}

const wrong = (place: number, what: string): Entry => ({
  place,
  problem: new AutodidactError('INVALID_INPUT', `knowledge.import: line ${place}: ${what}. Correct it and import the file again: what is there already is not written twice.`),
})

const dataIn = (body: string): unknown => JSON.parse(body.split('\n').slice(1, -1).join('\n'))

/** The heading of a section, and what stands below it. */
const readIn = (lines: readonly string[]): { readonly heading: string | undefined; readonly body: string } => {
  const first = lines.findIndex((line) => line.trim() !== '')
  const found = /^##(?!#)\s*(.*)$/.exec(lines[first] ?? '')?.[1]
  const rest = found === undefined ? lines : lines.slice(first + 1)
  return { heading: found?.trim(), body: plain(unescaped(rest.join('\n'))) }
}

/** What a section says now: the item as it was, and behind it a new version where somebody edited it. */
const valueOf = (about: Readonly<Record<string, unknown>>, { lines }: Section): unknown => {
  const { body: told, ...item } = about
  const versions: readonly unknown[] = Array.isArray(item.versions) ? item.versions : []
  const last = versions.at(-1)
  if (!isObject(last)) throw new AutodidactError('INVALID_INPUT', 'its comment tells of no versions')
  const { heading, body } = readIn(lines)
  const shown = headingOf(String(item.id), last.title)
  const isRenamed = heading !== undefined && heading !== '' && heading !== shown
  const isEdited = bodyDigest(body) !== told
  if (!isEdited && !isRenamed) return item
  const { uses: _uses, restores: _restores, author: _author, occurredAt: _occurredAt, content, data, ...lasting } = last
  const before = { content, ...(data === undefined ? {} : { data }) }
  const said = data === undefined ? { content: body } : { content: '', data: dataIn(body) }
  const edited = {
    ...lasting,
    ...(isEdited ? said : before),
    ...(isRenamed ? { title: heading } : {}),
    number: Number(last.number) + 1,
    source: 'host',
    trust: 'user',
    reason: 'Edited in Markdown.',
  }
  return { ...item, versions: [...versions, edited] }
}

const entryOf = (section: Section): Entry => {
  try {
    const about: unknown = JSON.parse(section.about)
    if (!isObject(about)) return wrong(section.place, 'its comment is no JSON object')
    return { place: section.place, value: valueOf(about, section) }
  } catch (error) {
    return wrong(section.place, wordsOf(error, false).slice(0, 200))
  }
}

const ending = ' -->'

/** What the comment that begins an item tells; undefined where the line is another one. No pattern: to those some signs within a text end a line. */
const aboutIn = (line: string): string | undefined => (line.startsWith(opening) && line.endsWith(ending) ? line.slice(opening.length, -ending.length) : undefined)

const isFrame = (line: string): boolean => line.trim() === title || line.startsWith('<!-- autodidact knowledge')

/** Lines into sections. A section ends at its mark, where the next one begins, or with the file; what stands outside of all of them was written by hand. */
export const fromMarkdownFile = (text: string): Entry[] => {
  const entries: Entry[] = []
  const outside: Line[] = []
  let section: Section | undefined
  let isDamaged = false
  const end = (): void => {
    if (section !== undefined) entries.push(entryOf(section))
    section = undefined
    isDamaged = false
  }
  for (const [index, line] of text.replace(/^\uFEFF/, '').split(/\r\n?|\n/).entries()) {
    const found = aboutIn(line.trimEnd())
    if (found !== undefined) {
      end()
      section = { place: index + 1, about: found, lines: [] }
    } else if (line.startsWith(closing)) end()
    else if (line.startsWith(opening)) {
      end()
      isDamaged = true
      entries.push(wrong(index + 1, 'a comment that begins an item does not end on its line'))
    } else if (section !== undefined) section.lines.push(line)
    else if (!isDamaged && !isFrame(line)) outside.push({ place: index + 1, text: line })
  }
  end()
  return [...entries, ...handWrittenIn(outside)]
}
