import { z } from 'zod'
import type { Option } from '../decide/policy.ts'
import { refuseSeconds } from '../log/clock.ts'
import type { Fact, FactKind } from '../log/fact.ts'
import { kinds } from '../log/kinds/index.ts'
import { name, time } from '../log/kinds/shared.ts'
import { isFactKind } from '../log/upcast.ts'
import { validated } from '../log/validate.ts'
import { whole } from '../log/blobs.ts'
import type { Scope } from '../scope.ts'
import { cursorAfter } from '../storage/storage.ts'

const settingsInput = z.strictObject({
  kinds: z
    .array(z.string().refine(isFactKind, `is no kind of fact; there are ${Object.keys(kinds).join(', ')}`))
    .optional(),
  runs: z.array(name).max(100_000).optional(),
  since: time.optional(),
  after: z.number().int().min(0).optional(),
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

/** A fact as it is exported: with its long texts in place. */
export type ExportedFact = Fact & {
  /** The options of a decision, by `optionSet`: with the first decision of this export that had them. */
  readonly options?: readonly Option[]
}

/**
 * The facts of the namespace in the order of the log, one at a time, as objects that JSON can hold: long texts are back in place, and nothing of
 * the data is lost. Facts are read in pages of 500: what is erased meanwhile may still come, when its page was read before.
 *
 * @throws AutodidactError `INVALID_INPUT`, and what the storage throws
 */
export async function* exportFacts(scope: Scope, given: ExportSettings = {}): AsyncGenerator<ExportedFact, void, undefined> {
  const { since = 0 } = validated(settingsInput, given, 'export')
  const { storage, namespace } = scope
  const { kinds, runs, after = 0 } = given
  refuseSeconds({ since }, scope.clock(), 'export')
  const exported = new Set<string>()
  const filter = { namespace, ...(kinds === undefined ? {} : { kinds }), ...(runs === undefined ? {} : { runs }) }
  for await (const page of storage.read(cursorAfter(after), filter)) {
    for (const fact of page) {
      if (fact.recordedAt < since) continue
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
}
