import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Cipher } from '../../encryption/cipher.ts'
import type { Standing } from '../storage.ts'
import { attempt } from './errors.ts'
import type { Removal } from './erase.ts'
import { flushFolder } from './file.ts'
import { encoded, type EncodedLine, encodeHeading, entryOf, linesOf, withFile } from './log.ts'
import { type Entry, field } from './rows.ts'
import { NamespaceState } from './state.ts'

/** What the log says besides what is left of its lines. */
export interface Rewriting {
  readonly removal: Removal
  /** How items stand from now on, where that changes. */
  readonly standings: ReadonlyMap<string, Standing>
  /** The last line: deadlines as they are now, and the note of the erasure. */
  readonly last: Entry
}

/** What is left of one line; standings and deadlines are told once, as they are now. */
const remaining = (entry: Entry, before: NamespaceState, { removal, standings }: Rewriting): Entry => ({
  ...field('facts', (entry.facts ?? []).filter(({ id }) => !removal.ids.has(id))),
  ...field(
    'index',
    (entry.index ?? [])
      .filter(({ id }) => !removal.ids.has(id))
      .map((item) => ({ ...item, standing: standings.get(item.id) ?? before.index.standingOf(item.id) ?? item.standing })),
  ),
  ...field('optionSets', (entry.optionSets ?? []).filter(({ key }) => removal.keepsOptionSet(key))),
  ...field('blobs', (entry.blobs ?? []).filter(({ hash }) => removal.keepsBlob(hash))),
})

/** What remains of a log, line by line. */
function* entriesOf(cipher: Cipher, path: string, before: NamespaceState, rewriting: Rewriting, descriptor: number): Generator<Entry, void, undefined> {
  const { removal, last } = rewriting
  const erased = [...before.tombstones.values(), ...removal.tombstones.filter(({ id }) => !before.tombstones.has(id))]
  yield { history: { epoch: before.epoch + 1, last: before.last, erased } }
  for (const line of linesOf(path, descriptor, before.size)) {
    if (line.line > 1) yield remaining(entryOf(cipher, path, before.namespace, line, line.bytes), before, rewriting)
  }
  yield last
}

/**
 * Writes a log anew without what is erased, in one step: until then the old file is whole, and afterwards the text is in no file.
 *
 * @returns the state that the new log leads to
 */
export const rewriteLog = (cipher: Cipher, path: string, before: NamespaceState, rewriting: Rewriting): NamespaceState => {
  const next = `${path}.next`
  const after = new NamespaceState(before.namespace, before.number)
  return attempt(path, () => {
    const target = openSync(next, 'w')
    try {
      const write = ({ bytes, place }: EncodedLine, entry: Entry): void => {
        for (let written = 0; written < bytes.length; ) written += writeSync(target, bytes, written)
        after.apply(entry, place, before.index)
      }
      write(encodeHeading(after), {})
      withFile(path, 'r', (source) => {
        for (const entry of entriesOf(cipher, path, before, rewriting, source)) {
          if (Object.keys(entry).length > 0) write(encoded(cipher, before.namespace, after.next, after.size, entry), entry)
        }
      })
      fsyncSync(target)
    } catch (error) {
      rmSync(next, { force: true })
      throw error
    } finally {
      closeSync(target)
    }
    renameSync(next, path)
    flushFolder(dirname(path))
    return after
  })
}
