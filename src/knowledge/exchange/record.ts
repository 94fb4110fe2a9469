import { z } from 'zod'
import type { FactData, FactOf } from '../../log/fact.ts'
import { knowledgeState } from '../../log/kinds/knowledge-moved.ts'
import { knowledgeWritten } from '../../log/kinds/knowledge-written.ts'
import { name, time } from '../../log/kinds/shared.ts'
import { itemName, kindName, trust } from '../input.ts'

const { item: _item, number: _number, ...said } = knowledgeWritten.schema.shape

const sums = z
  .strictObject({ uses: z.number().int().min(1).max(1e9), up: z.number().min(0).max(1e9), down: z.number().min(0).max(1e9) })
  // A use counts as much as its verdict is believed, at most 1; sums have rounding errors.
  .refine(({ uses, up, down }) => up + down <= uses * 1.000_001, 'up and down are more than all uses')

const saysSomething = ({ content, data }: { readonly content: string; readonly data?: unknown }): boolean =>
  data === undefined ? content.trim() !== '' : content === '' && typeof data === 'object' && data !== null && Object.keys(data).length > 0

/** One version of an item, as it stands in a file: everything its fact says, and how its uses went. */
export const versionRecord = z
  .strictObject({
    number: z.number().int().min(1),
    /** Default: now. */
    occurredAt: time.optional(),
    agent: name.optional(),
    user: name.optional(),
    session: name.optional(),
    source: name,
    trust,
    ...said,
    kind: kindName,
    uses: sums.optional(),
  })
  .refine(saysSomething, 'says nothing, or has a text beside data')

/** Numbers of versions that were erased are passed over; so many in a row at most, so that there are always some left. */
const mostPassedOver = 100_000

const inOrder = (versions: readonly { readonly number: number }[]): boolean =>
  versions.every(({ number }, place) => {
    const before = versions[place - 1]?.number ?? 0
    return number > before && number <= before + mostPassedOver
  })

/** One item with all its versions, as it stands in a file. */
export const itemRecord = z.strictObject({
  id: itemName,
  state: knowledgeState,
  /** Where it went, if it is archived for that. */
  mergedInto: name.optional(),
  lastUsedAt: time.optional(),
  votes: z.array(z.tuple([name, z.boolean()])).max(100_000).optional(),
  viewed: z.array(name).max(100_000).optional(),
  applied: z.array(name).max(100_000).optional(),
  versions: z
    .array(versionRecord)
    .min(1)
    .max(100_000)
    .refine(inOrder, `must be in the order of their numbers, with less than ${mostPassedOver} left out`),
})

export type VersionRecord = z.output<typeof versionRecord>
export type ItemRecord = z.output<typeof itemRecord>

/** The same fields always in the same order, whoever wrote them: the same knowledge has the same bytes. */
const fields = Object.keys(said) as readonly (keyof typeof said)[]

const saidIn = (data: FactData['knowledge.written']): Pick<VersionRecord, keyof typeof said> =>
  // All fields that a fact has are among them, and what it has not is left out.
  Object.fromEntries(fields.flatMap((field) => (data[field] === undefined ? [] : [[field, data[field]]]))) as Pick<VersionRecord, keyof typeof said>

/** What a file says of a version, from the fact that holds it. */
export const versionOf = ({ occurredAt, agent, user, session, source, trust: believed, data }: FactOf<'knowledge.written'>, uses: VersionRecord['uses']): VersionRecord => ({
  number: data.number ?? 1,
  occurredAt,
  ...(agent === undefined ? {} : { agent }),
  ...(user === undefined ? {} : { user }),
  ...(session === undefined ? {} : { session }),
  source,
  trust: believed,
  ...saidIn(data),
  ...(uses === undefined ? {} : { uses }),
})

/** What a version says, as a fact holds it. */
export const writtenIn = (id: string, record: VersionRecord): FactData['knowledge.written'] => {
  const { number, occurredAt: _occurredAt, agent: _agent, user: _user, session: _session, source: _source, trust: _trust, uses: _uses, ...written } = record
  return { ...written, ...(number === 1 ? {} : { item: id, number }) }
}
