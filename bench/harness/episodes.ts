import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { BenchFailure } from './failure.ts'

const episode = z.object({
  task: z.string(),
  category: z.string().optional(),
  success: z.boolean(),
  steps: z.array(z.object({ action: z.string(), input: z.unknown().optional(), ok: z.boolean().optional() })),
})

/** A run of a real agent, with what it did and how that went. */
export type Episode = z.infer<typeof episode>

/** Episodes of a folder: `episodes.jsonl`, plain or with `.gz`; one JSON object a line. */
export const readEpisodes = (data: string): Episode[] => {
  const folder = resolve(data)
  const file = ['episodes.jsonl', 'episodes.jsonl.gz'].map((name) => join(folder, name)).find((path) => existsSync(path))
  if (file === undefined) throw new BenchFailure(`There is neither episodes.jsonl nor episodes.jsonl.gz in ${folder}. Name another folder with --data DIR.`)
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const result = episode.safeParse(JSON.parse(line))
    if (result.success) return [result.data]
    throw new BenchFailure(`${file}:${index + 1}: ${result.error.issues[0]?.path.join('.') ?? ''} ${result.error.issues[0]?.message ?? 'has another shape than expected'}`)
  })
}
