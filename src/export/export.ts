import { described } from '../expect.ts'
import { z } from 'zod'
import type { Option } from '../decide/policy.ts'
import { refuseSeconds } from '../log/clock.ts'
import type { Fact, FactKind } from '../log/fact.ts'
import { select } from '../forget/selection.ts'
import { kinds } from '../log/kinds/index.ts'
import { name, time } from '../log/kinds/shared.ts'
import type { Json } from '../log/payload.ts'
import { isFactKind } from '../log/upcast.ts'
import { validated } from '../log/validate.ts'
import { whole } from '../log/blobs.ts'
import type { Scope } from '../scope.ts'
import { subscriptionsIn } from '../share/bookmarks.ts'
import { cursorAfter } from '../storage/storage.ts'

const settingsInput = z.strictObject({
  kinds: z
    .array(z.string().refine(isFactKind, { error: ({ input }) => `is ${described(input)}, which is no kind of fact; there are ${Object.keys(kinds).join(', ')}` }))
    .optional(),
  runs: z.array(name).max(100_000).optional(),
  since: time.optional(),
  after: z.number().int().min(0).optional(),
  user: name.optional(),
})

/** Which facts to export; without settings all of the namespace. */
export interface ExportSettings {
  /** Only facts of these kinds. */
  readonly kinds?: readonly FactKind[]
  /** Only facts of these runs, at most 100,000: what was advised, decided, done, and said of them, also before they were recorded. */
  readonly runs?: readonly string[]
  /** Only facts that were written at this time or later, in milliseconds since 1970-01-01 UTC. */
  readonly since?: number
  /** Only facts behind this place in the log, the `sequence` of a fact: for whoever has read the log up to there. */
  readonly after?: number
}

/** Everything known about one user: the facts that `forget({ user })` would erase, no others, and then, unless `kinds` or `runs` are named, what learners keep of them, and their subscriptions. */
export interface UserExportSettings extends ExportSettings {
  readonly user: string
}

/** What a learner keeps of one user. */
export interface ExportedLearning {
  readonly kind: 'learned'
  /** `name@version`. */
  readonly learner: string
  readonly user: string
  readonly data: Json
}

/** What a user subscribes to, where agents are called by the names of people. */
export interface ExportedSubscription {
  readonly kind: 'subscription'
  readonly user: string
  readonly data: Json
}

/** A fact as it is exported: with its long texts in place. */
export type ExportedFact = Fact & {
  /** The options of a decision, by `optionSet`: with the first decision of this export that had them. */
  readonly options?: readonly Option[]
}

/**
 * The facts of the namespace in the order of the log, one at a time, as objects that JSON can hold: long texts are back in place, and nothing of
 * the data is lost. Facts are read in pages of 500: what is erased meanwhile may still come, when its page was read before. With `user`, those of one user, and what was learned about them.
 *
 * @throws AutodidactError `INVALID_INPUT`, and what the storage throws
 */
export async function* exportFacts(scope: Scope, given: ExportSettings | UserExportSettings = {}): AsyncGenerator<ExportedFact | ExportedLearning | ExportedSubscription, void, undefined> {
  const { since = 0, user } = validated(settingsInput, given, 'export')
  const { storage, namespace } = scope
  const { kinds, runs, after = 0 } = given
  refuseSeconds({ since }, scope.clock(), 'export')
  const exported = new Set<string>()
  const ofRuns = runs === undefined ? undefined : new Set<string | undefined>(runs)
  const isWanted = ({ kind, run, sequence }: Fact): boolean => sequence > after && kinds?.includes(kind) !== false && ofRuns?.has(run) !== false
  const filter = { namespace, ...(kinds === undefined ? {} : { kinds }), ...(runs === undefined ? {} : { runs }) }
  const pages = user === undefined ? storage.read(cursorAfter(after), filter) : ofUser(scope, user)
  for await (const page of pages) {
    for (const fact of page) {
      if (fact.recordedAt < since || (user !== undefined && !isWanted(fact))) continue
      const exportable = await whole(storage, fact)
      const key = exportable.kind === 'decision.made' ? exportable.data.optionSet : undefined
      if (key === undefined || exported.has(key)) {
        yield exportable
        continue
      }
      exported.add(key)
      const set = await storage.optionSet(namespace, key)
      yield set === undefined ? exportable : { ...exportable, options: set.options as readonly Option[] }
    }
  }
  if (user === undefined || kinds !== undefined || runs !== undefined) return
  for (const { learner, data } of await scope.runner.about(namespace, user)) yield { kind: 'learned', learner, user, data }
  for (const { bookmark: _bookmark, channels, ...kept } of (await subscriptionsIn(scope)).filter(({ agent, name: called }) => agent === user || called === user)) {
    yield { kind: 'subscription', user, data: { ...kept, channels: channels === undefined ? 'all' : [...channels] } }
  }
}

const idsAtOnce = 5_000

/** The facts that an erasure of this user would take, in the order of the log. */
async function* ofUser(scope: Scope, user: string): AsyncGenerator<readonly Fact[], void, undefined> {
  const { storage, namespace } = scope
  const places = new Map<string, number>()
  for (const ids of inParts((await select(scope, { user })).facts)) {
    for await (const page of storage.read('', { namespace, ids })) for (const { id, sequence } of page) places.set(id, sequence)
  }
  const ordered = [...places].sort(([, left], [, right]) => left - right).map(([id]) => id)
  for (const ids of inParts(ordered)) yield* storage.read('', { namespace, ids })
}

const inParts = (ids: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / idsAtOnce) }, (_, part) => ids.slice(part * idsAtOnce, (part + 1) * idsAtOnce))
