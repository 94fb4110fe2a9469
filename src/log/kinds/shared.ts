import { z } from 'zod'

/** Texts keep every Unicode plane; only lone surrogates are replaced, because no UTF-8 file can hold them. */
export const text = z.string().transform((value) => value.toWellFormed())

/** What was asked: a text with something in it. */
export const task = text.refine((value) => value.trim() !== '', 'is empty')

/** An id or a name: 1 to 512 characters, well-formed, no control characters. Kept byte for byte. */
export const name = z
  .string()
  .min(1, 'is empty')
  .max(512, 'has more than 512 characters')
  .refine((value) => value.isWellFormed(), 'has a lone surrogate, which no UTF-8 file can hold')
  // eslint-disable-next-line no-control-regex
  .refine((value) => !/[\u0000-\u001f\u007f]/.test(value), 'has a control character')

/** A name, or none: the empty text. */
export const nameOrNone = z.string().max(512, 'has more than 512 characters').refine((value) => value === '' || name.safeParse(value).success, 'is no name')

/** Milliseconds since 1970-01-01 UTC. Finer clocks exist (`performance.timeOrigin + performance.now()`), and the log counts in milliseconds: rounded down, as those of `clock` are. */
export const time = z.number().min(0).max(8.64e15).transform(Math.floor)

export const unit = z.number().min(0).max(1)

/** Who judged: `check` (a test), `user`, `host` (the surrounding program), `model`. */
export const judge = z.enum(['check', 'user', 'host', 'model'])

/** Any JSON value. Non-finite numbers are refused: JSON would turn them into null without a word. */
export const json = z.json()

const hasPrototypeName = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__')

/** Values by name. `__proto__` is refused, because a record would be read back without it and nobody would be told. */
export const byName = <Value extends z.ZodType>(value: Value) =>
  z
    .unknown()
    .refine((given) => !hasPrototypeName(given), 'has the name "__proto__", which cannot be kept')
    .pipe(z.record(name, value))

/** Situation of a task: finite numbers and categories by name. */
export const context = byName(z.union([z.number(), z.string().max(512), z.boolean()]))

/** What a task takes, as far as a host says so: the kind of work, what must be done before, how much it is. */
export const workload = {
  type: name.optional(),
  dependencies: z.array(name).max(1_000).optional(),
  effort: z.number().min(0).optional(),
}

export const packedFeatures = z.object({ hashes: z.string(), values: z.string() })
