import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { BenchFailure } from './failure.ts'

/** The absolute path of a data folder after checking that it holds these files; `data` is what came with `--data`. */
export const dataFolder = (data: string | undefined, files: readonly string[]): string => {
  const list = files.join(' and ')
  if (data === undefined) throw new BenchFailure(`This bench reads ${list}: name the folder that holds them with --data DIR.`)
  const folder = resolve(data)
  if (!existsSync(folder)) throw new BenchFailure(`There is no folder ${folder}. Name the one that holds ${list} with --data DIR.`)
  const missing = files.filter((file) => !existsSync(join(folder, file)))
  if (missing.length > 0) throw new BenchFailure(`${folder} lacks ${missing.join(' and ')}. Name a folder that holds ${list} with --data DIR.`)
  return folder
}

const parseWith = <Row>(schema: z.ZodType<Row>, json: string, place: string): Row => {
  try {
    const result = schema.safeParse(JSON.parse(json))
    if (result.success) return result.data
    const [issue] = result.error.issues
    throw new BenchFailure(`${place}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'has another shape than expected'}`)
  } catch (error) {
    if (error instanceof SyntaxError) throw new BenchFailure(`${place} is not JSON: ${error.message}`, { cause: error })
    throw error
  }
}

/** A JSON file, checked against a schema. */
export const readJson = <Value>(path: string, schema: z.ZodType<Value>): Value => parseWith(schema, readFileSync(path, 'utf8'), path)

/** A file with one JSON value a line, each checked against a schema; empty lines are passed over. */
export const readJsonLines = <Row>(path: string, schema: z.ZodType<Row>): Row[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseWith(schema, line, `${path}:${index + 1}`)]))
