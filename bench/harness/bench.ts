/** A number, text or switch on the command line of a bench; its type is that of its default. */
export interface Flag<Value extends FlagValue = FlagValue> {
  readonly default: Value
  readonly description: string
}

export type FlagValue = number | string | boolean

/** The values of flags, by name. */
export type FlagValues<Flags extends Readonly<Record<string, Flag>>> = {
  readonly [Name in keyof Flags]: Flags[Name] extends Flag<infer Value> ? Value : never
}

/** `--NAME N`. */
export const number = (value: number, description: string): Flag<number> => ({ default: value, description })

/** `--NAME TEXT`. */
export const text = (value: string, description: string): Flag<string> => ({ default: value, description })

/** `--NAME`; off by default. */
export const toggle = (description: string): Flag<boolean> => ({ default: false, description })

/** A progress bar on a terminal, nothing elsewhere. */
export interface Progress {
  /** Starts over with a new total; `label` says what is counted. */
  start(total: number, label?: string): void
  advance(by?: number): void
}

/** What a bench gets to work with. */
export interface BenchContext<Flags extends Readonly<Record<string, Flag>>> {
  readonly flags: FlagValues<Flags>
  /** `--data`: a data folder as the user wrote it; absent when not given. Hand it to `dataFolder`. */
  readonly data?: string
  /** `--seeds`: how many seeds, shuffles or repetitions. */
  readonly seeds: number
  readonly progress: Progress
}

/** Rows for a person to read; the fields of `--json` are the result itself. */
export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** What `bench/NAME.bench.ts` exports as `bench`, made by {@link defineBench}. */
export interface Bench {
  /** Equal to the file's name before `.bench.ts`. */
  readonly name: string
  /** One line for the list of benches. */
  readonly summary: string
  /** Default of `--seeds`. */
  readonly seeds: number
  readonly flags: Readonly<Record<string, Flag>>
  /** Runs it; `flags` are complete and of the types of their defaults. */
  execute(context: BenchContext<Readonly<Record<string, Flag>>>): Promise<{ readonly result: object; readonly table: Table }>
}

/** A bench as it is written: `run` measures and returns the object that `--json` prints, `table` shows it. */
export interface BenchDefinition<Flags extends Readonly<Record<string, Flag>>, Result extends object> {
  readonly name: string
  readonly summary: string
  /** Default of `--seeds`; 1 when absent. */
  readonly seeds?: number
  readonly flags?: Flags
  run(context: BenchContext<Flags>): Promise<Result>
  table(result: Result): Table
}

/**
 * Makes a bench of its definition, with typed flags and result.
 *
 * ```ts
 * export const bench = defineBench({
 *   name: 'speed',
 *   summary: 'record, recall and decide at size',
 *   flags: { documents: number(100_000, 'documents to record') },
 *   run: async ({ flags, progress }) => ({ recordP50Ms: await measureRecord(flags.documents, progress) }),
 *   table: ({ recordP50Ms }) => ({ head: ['figure', 'ms'], rows: [['record p50', recordP50Ms]] }),
 * })
 * ```
 */
export const defineBench = <Flags extends Readonly<Record<string, Flag>>, Result extends object>(definition: BenchDefinition<Flags, Result>): Bench => ({
  name: definition.name,
  summary: definition.summary,
  seeds: definition.seeds ?? 1,
  flags: definition.flags ?? {},
  execute: async (context) => {
    // The command line gives every flag of `flags` a value of its default's type, which no type can say of a record of names.
    const result = await definition.run(context as unknown as BenchContext<Flags>)
    return { result, table: definition.table(result) }
  },
})
