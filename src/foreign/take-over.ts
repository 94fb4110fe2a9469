import { basename } from 'node:path'
import { z } from 'zod'
import { AutodidactError } from '../errors.ts'
import { examined } from '../knowledge/examined.ts'
import { ofTheItem } from '../knowledge/exchange/entry.ts'
import { Knowledge } from '../knowledge/knowledge.ts'
import { checkedItem, writeItem, writtenOf } from '../knowledge/remember.ts'
import { textDigest } from '../log/canonical.ts'
import { refuseImpossible } from '../log/clock.ts'
import { name } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import type { Scope } from '../scope.ts'
import { type ForeignFormat, type ForeignMemory, type ForeignProblem, readForeign } from './foreign.ts'
import { memoryPath, mostProblems, placeUnits } from './memory.ts'
import { setApart } from './set-apart.ts'

export interface MemoryImportSettings {
  /** True: everything is checked and nothing is written. */
  readonly dryRun?: boolean
  /** Who told it, so that `forget({ source })` can undo it; default: the format and the name of the file. */
  readonly source?: string
}

/** What came of taking a memory over. With `dryRun`, what would come of it. */
export interface MemoryImportReport {
  readonly status: 'imported' | 'dry-run'
  readonly format: ForeignFormat
  readonly source: string
  /** Items that are new, that say something else than before, that were here already, and that were refused. */
  readonly stored: number
  readonly updated: number
  readonly merged: number
  readonly failed: number
  /** Items that look suspicious and are shown to nobody before somebody has looked at them. */
  readonly quarantined: readonly string[]
  /** The first 100 parts that cannot be read, and items that were refused. */
  readonly problems: readonly ForeignProblem[]
}

const settingsInput = z.strictObject({ dryRun: z.boolean().optional(), source: name.optional() })

/** The same file under the same name is the same items, whoever imports it and however often. Ids outlive an erasure, so that nothing of what the memory calls its entities is in them: these may be people. */
const idOf = (source: string, { id }: ForeignMemory): string => `memory_${textDigest(`${source}\n${id}`)}`

/** What was forgotten does not come back with the next import of the same file; whoever wants it back says so. */
const refusal = ({ code, message }: AutodidactError): string =>
  code === 'FORGOTTEN' ? 'This was imported before and forgotten, and stays so under the same source. To take it over again, name another source.' : message

const contentOf = ({ parts }: ForeignMemory): string => parts.join('\n')

/** A date of another program may be none that can be: then it is as if it had told none. */
const possible = (occurredAt: number | undefined, now: number): { readonly occurredAt?: number } => {
  if (occurredAt === undefined) return {}
  try {
    refuseImpossible({ occurredAt }, now, 'import')
    return { occurredAt }
  } catch {
    return {}
  }
}

const inputOf = (source: string, memory: ForeignMemory, now: number) => {
  const { title, category, user, agent, session, occurredAt } = memory
  return checkedItem(
    {
      id: idOf(source, memory),
      kind: 'discovery',
      content: contentOf(memory),
      source,
      trust: 'imported',
      ...(title === undefined ? {} : { title }),
      ...(category === undefined ? {} : { category }),
      ...(user === undefined ? {} : { user }),
      ...(agent === undefined ? {} : { agent }),
      ...(session === undefined ? {} : { session }),
      ...possible(occurredAt, now),
    },
    'import',
  )
}

interface Taken {
  readonly status: 'stored' | 'updated' | 'merged'
  readonly quarantined?: string
}

const takeOne = async (scope: Scope, source: string, memory: ForeignMemory, dryRun: boolean): Promise<Taken> => {
  const input = inputOf(source, memory, scope.clock())
  const knowledge = new Knowledge(scope)
  const id = idOf(source, memory)
  const known = await knowledge.get(id)
  const said = scope.redact(contentOf(memory), 'content')
  // Whether it ever said so: an older state of the file does not undo what a newer one, or somebody here, has changed.
  if (known !== undefined && (await knowledge.history(id)).some(({ content }) => content === said)) return { status: 'merged' }
  const status = known === undefined ? 'stored' : 'updated'
  if (dryRun) {
    const { doubt } = examined(scope.redact, writtenOf(input, 'import'), 'imported')
    return doubt === undefined ? { status } : { status, quarantined: id }
  }
  const receipt = known === undefined
    ? await writeItem(scope, input, 'import')
    : await knowledge.update(id, { content: contentOf(memory), source, trust: 'imported', reason: 'The memory that it is from has changed.' })
  return receipt.state === 'quarantined' ? { status, quarantined: id } : { status }
}

/**
 * Takes over what another program remembers, as knowledge that is trusted as `imported`: an item for each entity of an MCP memory, with what was observed and how it relates to others, and for each memory of mem0;
 * what gives orders or hides text is an item of its own, in quarantine. The same file again writes nothing; what has changed
 * in it is a new version; what was deleted there stays here.
 *
 * @param path of the JSON lines of an MCP memory server, or of a SQLite file of mem0
 * @throws AutodidactError `INVALID_INPUT` where it is no memory that is known, `CANNOT_OPEN`, `CORRUPT`, `LIMIT_EXCEEDED`, `READ_ONLY`, `BUSY`, `DISK_FULL`, `CLOSED`
 *
 * @example
 * ```ts
 * import { mkdtempSync, writeFileSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { Autodidact } from 'autodidact'
 *
 * const path = join(mkdtempSync(join(tmpdir(), 'memory-')), 'memory.jsonl')
 * writeFileSync(path, '{"type":"entity","name":"Ada","entityType":"person","observations":["Speaks French"]}\n{"type":"relation","from":"Ada","to":"Shop","relationType":"works_at"}\n')
 * const autodidact = await Autodidact.open(':memory:')
 * const { stored } = await autodidact.importMemory(path)
 * const { items } = await autodidact.recall('which languages does Ada speak?')
 * console.assert(stored === 1 && items[0]?.content === 'Speaks French\nAda works at Shop')
 * console.assert((await autodidact.importMemory(path)).merged === 1)
 * await autodidact.close()
 * ```
 */
export const importMemory = async (scope: Scope, path: string, settings: MemoryImportSettings = {}): Promise<MemoryImportReport> => {
  const { dryRun = false, source: given } = validated(settingsInput, settings, 'importMemory')
  const { format, memories, problems: unreadable } = await readForeign(validated(memoryPath, path, 'importMemory: path'))
  const source = given ?? `${format} ${basename(path).replaceAll(/\p{Cc}/gu, ' ').toWellFormed().slice(0, 100)}`
  const counts: Record<Taken['status'], number> = { stored: 0, updated: 0, merged: 0 }
  const quarantined: string[] = []
  const problems = [...unreadable]
  let failed = unreadable.length
  for (const memory of setApart(memories)) {
    try {
      const taken = await takeOne(scope, source, memory, dryRun)
      counts[taken.status] += 1
      if (taken.quarantined !== undefined) quarantined.push(taken.quarantined)
    } catch (error) {
      if (!AutodidactError.is(error) || !ofTheItem.has(error.code)) throw error
      failed += 1
      if (problems.length < mostProblems) problems.push({ place: memory.place, unit: placeUnits[format], code: error.code, message: refusal(error) })
    }
  }
  return { status: dryRun ? 'dry-run' : 'imported', format, source, ...counts, failed, quarantined, problems }
}
