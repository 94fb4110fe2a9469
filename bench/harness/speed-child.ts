import { z } from 'zod'
import { Autodidact, errorFixes, executionPatterns, itemUsefulness, optionModel, successPredictor, taskStatistics, workflows } from '../../src/index.ts'
import { work } from './child.ts'
import { Corpus } from './corpus.ts'
import { measure } from './measure.ts'

/** What a child of the speed bench does. */
const speedTask = z.object({
  mode: z.enum(['fill', 'full', 'use', 'open', 'replay', 'replay-all']),
  file: z.string(),
  namespaces: z.number(),
  /** Runs to record, or calls to time. */
  calls: z.number(),
})

export type SpeedTask = z.infer<typeof speedTask>

/** Share of the runs that were advised: recall and a choice before, a rating after. */
const advised = 0.2

const namespaceOf = (place: number, namespaces: number): string => `tenant-${place % namespaces}`

const megabytes = (bytes: number): number => bytes / 1024 / 1024

const memory = () => ({ rssMb: megabytes(process.memoryUsage.rss()), peakRssMb: process.resourceUsage().maxRSS / 1024 })

/** Records runs, a fifth of them advised and rated; times `record` where the file has its size: over the last tenth of the filling, or always. */
const fill = async (autodidact: Autodidact, { mode, calls, namespaces }: SpeedTask, advance: () => void) => {
  const corpus = new Corpus(mode === 'fill' ? 2 : 5)
  const timedFrom = mode === 'fill' ? Math.floor(calls * 0.9) : 0
  const durations: number[] = []
  for (let place = 0; place < calls; place += 1) {
    const tenant = autodidact.in(namespaceOf(place, namespaces))
    const task = corpus.text(8, 40)
    const advice = corpus.chance(advised) ? await tenant.advise(task, { choices: { tool: corpus.tools } }) : undefined
    const run = corpus.run(task)
    const start = performance.now()
    const receipt = await tenant.record(advice === undefined ? run : { ...run, advice, outcome: { judge: 'host', tokens: 900 } })
    if (place >= timedFrom) durations.push(performance.now() - start)
    if (advice !== undefined) await tenant.feedback(receipt.run, corpus.chance(0.6) ? 'up' : 'down')
    advance()
  }
  return { durations, ...memory() }
}

/** Times `recall` and `decide` in every namespace, with what they need in memory already there. */
const use = async (autodidact: Autodidact, { calls, namespaces }: SpeedTask, advance: () => void) => {
  const corpus = new Corpus(3)
  const progress = { start: () => undefined, advance }
  const measuring = { calls, warmUp: Math.max(5 * namespaces, Math.ceil(calls / 10)), progress }
  const tasks = Array.from({ length: 500 }, () => corpus.text(8, 40))
  const taskOf = (place: number): string => tasks[place % tasks.length] ?? ''
  const recall = await measure((place) => autodidact.in(namespaceOf(place, namespaces)).recall(taskOf(place)), measuring)
  const decide = async (options: Corpus['tools'], point: string) =>
    measure((place) => autodidact.in(namespaceOf(place, namespaces)).decide(point, options, { task: taskOf(place) }), measuring)
  const decide10 = await decide(corpus.tools, 'tool')
  const decide150 = await decide(corpus.manyTools, 'library')
  return { recall, decide10, decide150, ...memory() }
}

const open = async ({ file }: SpeedTask) => {
  const { tools } = new Corpus(4)
  const start = performance.now()
  const autodidact = await Autodidact.open(file, { namespace: namespaceOf(0, 1), onError: 'throw' })
  const opened = performance.now()
  await autodidact.decide('tool', tools, { task: 'which tool finds the order of yesterday' })
  const end = performance.now()
  await autodidact.close()
  return { openMs: end - start, fileMs: opened - start }
}

/** Folds every namespace from its first fact with the learners that are always on, or with those too that wait to be asked; the file holds no snapshot. */
const replay = async ({ mode, file, namespaces }: SpeedTask, advance: () => void) => {
  const autodidact = await Autodidact.open(file, { onError: 'throw', ...(mode === 'replay-all' ? { learners: [executionPatterns, workflows, errorFixes, successPredictor] } : {}) })
  const start = performance.now()
  for (let place = 0; place < namespaces; place += 1) {
    const tenant = autodidact.in(namespaceOf(place, namespaces))
    await tenant.learned(itemUsefulness)
    await tenant.learned(optionModel)
    await tenant.learned(taskStatistics)
    advance()
  }
  const replayMs = performance.now() - start
  await autodidact.close()
  return { replayMs, ...memory() }
}

await work(async (given, advance) => {
  const task = speedTask.parse(given)
  if (task.mode === 'open') return open(task)
  if (task.mode === 'replay' || task.mode === 'replay-all') return replay(task, advance)
  const autodidact = await Autodidact.open(task.file, { onError: 'throw', seed: 1, durability: task.mode === 'full' ? 'full' : 'normal' })
  const result = await (task.mode === 'use' ? use : fill)(autodidact, task, advance)
  await autodidact.close()
  return result
})
