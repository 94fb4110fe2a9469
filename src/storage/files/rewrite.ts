import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Cipher, plaintext } from '../../encryption/cipher.ts'
import type { Standing } from '../storage.ts'
import { attempt } from './errors.ts'
import type { Removal } from './erase.ts'
import { flushFolder } from './file.ts'
import { encodeLine, readLines } from './lines.ts'
import { entryOf, withFile } from './log.ts'
import { formatVersion } from './migrations.ts'
import { type Entry, field, type Heading } from './rows.ts'
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
  let number = 0
  for (const line of readLines(descriptor, before.size)) {
    number += 1
    if (number === 1) continue
    yield remaining(entryOf(cipher, path, before.namespace, number, line.bytes), before, rewriting)
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
      const write = (line: Buffer, entry: Entry): void => {
        for (let written = 0; written < line.length; ) written += writeSync(target, line, written)
        after.apply(entry, { offset: after.size, length: line.length, line: after.lines + 1 }, before.index)
      }
      const heading: Heading = { version: formatVersion, namespace: before.namespace, number: before.number }
      write(Buffer.from(encodeLine(plaintext, '', 1, heading)), {})
      withFile(path, 'r', (source) => {
        for (const entry of entriesOf(cipher, path, before, rewriting, source)) {
          if (Object.keys(entry).length > 0) write(Buffer.from(encodeLine(cipher, before.namespace, after.lines + 1, entry)), entry)
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
