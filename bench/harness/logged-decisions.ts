import { type NewFact, type NewFactOf } from '../../src/log/fact.ts'
import { featurize, type Storage } from '../../src/index.ts'
import { kinds } from '../../src/log/kinds/index.ts'
import { packFeatures } from '../../src/log/packed.ts'

/** One decision of another system, with the reward that it had. */
export interface DecisionRow {
  readonly options: readonly string[]
  readonly option: string
  /** In (0, 1]. */
  readonly propensity: number
  /** In [0, 1]. */
  readonly reward: number
  readonly context: Readonly<Record<string, number | string | boolean>>
}

const batchSize = 1_000

const common = { occurredAt: 0, source: 'bench', trust: 'imported' } as const

/** A decision and its run as facts. Of the probabilities only the one of the option taken is known; the others share the rest. */
const factsOf = (point: string, { options, option, propensity, reward, context }: DecisionRow, place: number): [NewFactOf<'decision.made'>, NewFactOf<'run.recorded'>] => {
  const index = options.indexOf(option)
  const features = packFeatures(featurize({ task: '', context }))
  const others = options.length > 1 ? (1 - propensity) / (options.length - 1) : 0
  const run = `run-${place}`
  return [
    {
      ...common,
      id: `decision-${place}`,
      kind: 'decision.made',
      version: kinds['decision.made'].version,
      run,
      digest: `decision-${place}`,
      data: {
        point, option, index, propensity, features, context,
        optionSet: options.join(' '),
        probabilities: { floor: others, exceptions: [[index, propensity]] },
        policy: 'logged',
        estimated: false,
        seed: 0,
        similarities: {},
      },
    },
    { ...common, id: run, kind: 'run.recorded', version: kinds['run.recorded'].version, run, digest: run, data: { task: '', features, steps: [], outcome: { score: reward, judge: 'check' } } },
  ]
}

/** Writes a logged stream into a store as if its decisions had been made there. */
export const writeDecisions = async (storage: Storage, point: string, rows: readonly DecisionRow[], advance: (by: number) => void): Promise<void> => {
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = rows.slice(start, start + batchSize)
    const facts = batch.flatMap((row, offset): NewFact[] => factsOf(point, row, start + offset))
    const optionSets = [...new Set(batch.map(({ options }) => options))].map((options) => ({ key: options.join(' '), options: options.map((id) => ({ id })) }))
    await storage.commit({ namespace: 'default', facts, optionSets })
    advance(batch.length)
  }
}
