import type { FactData } from './fact.ts'

type Recorded = FactData['run.recorded']

/** What a host may count in another way than by steps: under these names in `metrics`, a count is taken for what the steps would say. */
export const counted = (metrics: Recorded['metrics'], name: 'iterations' | 'errors'): number | undefined => {
  const value = metrics !== undefined && Object.hasOwn(metrics, name) ? metrics[name] : undefined
  return value !== undefined && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined
}

/** How often an agent went about it: `metrics.iterations`, or the number of steps. */
export const iterationsOf = ({ metrics, steps }: Pick<Recorded, 'metrics' | 'steps'>): number => counted(metrics, 'iterations') ?? steps.length
