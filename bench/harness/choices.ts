import { join } from 'node:path'
import { z } from 'zod'
import type { Option } from '../../src/index.ts'
import { dataFolder, readJson, readJsonLines } from './data.ts'
import { BenchFailure } from './failure.ts'

/** One request of a stream, with the options it may choose from. */
export interface Request {
  readonly text: string
  /** Id of the right option. */
  readonly gold: string
  readonly options: readonly Option[]
}

const option = z.union([
  z.string().transform((id): Option => ({ id })),
  z.object({ id: z.string(), description: z.string().optional() }).transform(({ id, description }): Option => (description === undefined ? { id } : { id, description })),
])

const row = z.object({ text: z.string(), gold: z.string(), candidates: z.array(z.string()).optional() })

/** A stream of requests: `stream.jsonl` with text, gold and perhaps candidates, and `options.json` with id and description. */
export interface Choices {
  readonly options: readonly Option[]
  readonly requests: readonly Request[]
}

/** Reads a folder of choices. A candidate that `options.json` does not describe is an option known by its id alone. */
export const readChoices = (data: string | undefined): Choices => {
  const folder = dataFolder(data, ['stream.jsonl', 'options.json'])
  const options = readJson(join(folder, 'options.json'), z.array(option))
  const byId = new Map(options.map((each) => [each.id, each]))
  const requests = readJsonLines(join(folder, 'stream.jsonl'), row).map(
    ({ text, gold, candidates }): Request => ({ text, gold, options: candidates?.map((id) => byId.get(id) ?? { id }) ?? options }),
  )
  if (requests.length === 0) throw new BenchFailure(`${join(folder, 'stream.jsonl')} is empty. Give it a request a line.`)
  return { options, requests }
}
