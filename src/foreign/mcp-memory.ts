import { z } from 'zod'
import { name, text } from '../log/kinds/shared.ts'
import { jsonIn } from '../log/payload.ts'
import { type ForeignMemory, type ForeignProblem, mostProblems } from './memory.ts'

/**
 * The file of the reference memory server of the Model Context Protocol (`memory.jsonl`): a graph, with an entity or a relation as a JSON object on each line.
 * Source: https://github.com/modelcontextprotocol/servers/tree/main/src/memory
 */
const entity = z.object({ type: z.literal('entity'), name, entityType: z.string().max(512).optional(), observations: z.array(text).max(100_000).optional() })
const relation = z.object({ type: z.literal('relation'), from: name, to: name, relationType: name })
const line = z.discriminatedUnion('type', [entity, relation])

/** Whether the first line with something on it is one of such a file. */
export const isMcpMemory = (beginning: string): boolean => {
  const first = beginning.replace(/^\uFEFF/, '').split('\n').find((each) => each.trim() !== '')
  if (first === undefined) return false
  const value = jsonIn(first)
  return typeof value === 'object' && value !== null && 'type' in value && (value.type === 'entity' || value.type === 'relation')
}

interface Entity {
  readonly place: number
  readonly category: string | undefined
  readonly parts: Set<string>
}

/** An entity with all that was observed of it, and how it relates to others. */
export const readMcpMemory = (content: string): { readonly memories: readonly ForeignMemory[]; readonly problems: readonly ForeignProblem[] } => {
  const entities = new Map<string, Entity>()
  const problems: ForeignProblem[] = []
  const of = (called: string, place: number, category?: string): Entity => {
    const known = entities.get(called)
    const made = { place: known?.place ?? place, category: known?.category ?? category, parts: known?.parts ?? new Set<string>() }
    entities.set(called, made)
    return made
  }
  for (const [index, each] of content.replace(/^\uFEFF/, '').split('\n').entries()) {
    if (each.trim() === '') continue
    const result = line.safeParse(jsonIn(each))
    if (!result.success) {
      if (problems.length < mostProblems) problems.push({ place: index + 1, unit: 'line', code: 'INVALID_INPUT', message: `Line ${index + 1} is neither an entity nor a relation of an MCP memory. It was left out.` })
      continue
    }
    const { data } = result
    if (data.type === 'relation') of(data.from, index + 1).parts.add(`${data.from} ${data.relationType.replaceAll('_', ' ')} ${data.to}`)
    else {
      const { parts } = of(data.name, index + 1, name.safeParse(data.entityType).data)
      for (const observation of data.observations ?? []) if (observation.trim() !== '') parts.add(observation)
    }
  }
  const memories = [...entities].flatMap(([called, { place, category, parts }]): ForeignMemory[] =>
    parts.size === 0 ? [] : [{ id: called, place, title: called, ...(category === undefined ? {} : { category }), parts: [...parts] }],
  )
  return { memories, problems }
}
