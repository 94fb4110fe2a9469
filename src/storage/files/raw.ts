import { createReadStream, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { nextTurn } from '../../next-turn.ts'
import type { RawBytes } from '../storage.ts'
import type { Connection } from './connection.ts'
import { attempt } from './errors.ts'
import { readLines } from './lines.ts'
import { logSuffix } from './file.ts'
import { withFile } from './log.ts'
import { isSnapshot, stateOf } from './snapshots.ts'

/** All files of the folder, but for the lock: that is empty, and to close it would give it up. */
const filesOf = ({ folder }: Connection): readonly string[] =>
  attempt(folder, () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name !== 'lock')
      .map((name) => join(folder, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true),
  )

/** Every file as it is, then what lies in some of them in another form: states of learners, which are compressed. */
export async function* rawBytes(connection: Connection): AsyncGenerator<RawBytes, void, undefined> {
  const files = filesOf(connection)
  for (const path of files) yield { files: 1, chunks: createReadStream(path) }
  yield { files: 0, chunks: statesIn(connection, files) }
}

async function* statesIn(connection: Connection, files: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const path of files.filter(isSnapshot)) {
    const state = attempt(path, () => stateOf(connection, path))
    if (state !== undefined) yield state
    await nextTurn()
  }
}

const fields = 'crc sealed version namespace number history epoch last erased id sequence compression zstd kind erasedAt facts index standings optionSets options description blobs hash text deadlines run expiresAt standing learner checksum kept recordedAt occurredAt digest trust agentVersion'
const standings = 'episode knowledge success failure unverified superseded'

/** A heading, or what was erased: here, or in the store that this is a copy of. */
const toldBySelf = /^\{"crc":"[0-9a-f]{8}","(?:version|history)"/

/** Names of fields in what learners keep: `"uses":`. */
const fieldName = /"([A-Za-z]\w{0,39})":/g

const fieldNamesIn = (text: string): string => Array.from(text.matchAll(fieldName), ([, field]) => field).join('\n')

/** The fields of every line, whose the logs are, and the ids of what was erased. */
export async function* ownTexts(connection: Connection): AsyncGenerator<string, void, undefined> {
  yield `${fields} ${standings} ${JSON.stringify(connection.description)} ${filesOf(connection).join(' ')}`
  for (const path of filesOf(connection)) {
    if (path.endsWith(logSuffix)) {
      yield withFile(path, 'r', (descriptor) => {
        const told: string[] = []
        for (const { bytes } of readLines(descriptor)) if (toldBySelf.test(bytes.subarray(0, 40).toString('latin1'))) told.push(bytes.toString())
        return told.join('\n')
      })
    } else for await (const chunk of createReadStream(path, 'latin1')) yield fieldNamesIn(String(chunk))
  }
  for await (const state of statesIn(connection, filesOf(connection))) yield fieldNamesIn(Buffer.from(state.buffer, state.byteOffset, state.byteLength).toString('latin1'))
}

