import type { Bench, FlagValue, Progress } from './bench.ts'

const silent: Progress = { start: () => undefined, advance: () => undefined }

/** What a test tells a bench; flags that are not named have their defaults. */
export interface Execution {
  readonly data?: string
  readonly seeds?: number
  readonly flags?: Readonly<Record<string, FlagValue>>
}

/** Runs a bench as the command line would, without a terminal. */
export const execute = (bench: Bench, { data, seeds = bench.seeds, flags = {} }: Execution): ReturnType<Bench['execute']> => {
  const defaults = Object.fromEntries(Object.entries(bench.flags).map(([name, flag]) => [name, flag.default]))
  return bench.execute({ flags: { ...defaults, ...flags }, seeds, progress: silent, ...(data === undefined ? {} : { data }) })
}
