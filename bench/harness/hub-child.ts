import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { Autodidact, type Subscription } from '../../src/index.ts'
import { linesOf } from './hub-lines.ts'

/** One process of the hub bench: it subscribes, says so, shares its part when it is told to, and ends when each of its subscribers has everything. */
const hubTask = z.object({
  mode: z.enum(['work', 'idle']),
  file: z.string(),
  /** Where the deliveries are written down, before they are acknowledged. */
  deliveries: z.string(),
  process: z.number(),
  subscribers: z.array(z.string()),
  /** The subscriber that takes its time with each message, in milliseconds. */
  slow: z.object({ name: z.string(), ms: z.number() }),
  /** Messages that this process shares, in so many milliseconds, and those that are shared altogether. */
  shares: z.number(),
  spanMs: z.number(),
  total: z.number(),
})

export type HubTask = z.infer<typeof hubTask>

const task = hubTask.parse(JSON.parse(process.argv[2] ?? '{}'))

const tell = (message: object): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)))
  })

/** Takes everything in, as an agent would: deals with it, then acknowledges. */
const takeIn = async (subscription: Subscription): Promise<void> => {
  const { name } = subscription
  const before = existsSync(task.deliveries) ? linesOf(readFileSync(task.deliveries, 'utf8')) : []
  const seen = new Set(before.filter((line) => line.subscriber === name).map(({ id }) => id))
  if (seen.size === task.total) return
  for await (const message of subscription) {
    appendFileSync(task.deliveries, `delivered ${name} ${message.id} ${Date.now() - message.sharedAt}\n`)
    if (name === task.slow.name) await sleep(task.slow.ms)
    await message.acknowledge()
    appendFileSync(task.deliveries, `acknowledged ${name} ${message.id} 0\n`)
    seen.add(message.id)
    if (seen.size === task.total) return
  }
}

const share = async (autodidact: Autodidact): Promise<void> => {
  const start = performance.now()
  for (let number = 0; number < task.shares; number += 1) {
    await sleep(Math.max(0, (number * task.spanMs) / task.shares - (performance.now() - start)))
    await autodidact.share({ id: `m-${task.process}-${number}`, author: `sharer ${task.process}`, channel: 'code', content: `Lesson ${number} of process ${task.process}: name things after what they are.` })
  }
}

const autodidact = await Autodidact.open(task.file)
const subscriptions = await Promise.all(task.subscribers.map((name) => autodidact.channels.subscribe(name, { from: 'beginning' })))
if (task.mode === 'idle') {
  const waits = subscriptions.map((subscription) => subscription.next())
  await sleep(1_000)
  const [start, used] = [performance.now(), process.cpuUsage()]
  await sleep(task.spanMs)
  const { user, system } = process.cpuUsage(used)
  await tell({ idleShare: (user + system) / 1_000 / (performance.now() - start) })
  for (const subscription of subscriptions) subscription.close()
  await Promise.all(waits)
} else {
  const going = new Promise((resolve) => {
    process.once('message', resolve)
  })
  const taking = Promise.all(subscriptions.map(takeIn))
  await tell({ ready: true })
  await going
  await Promise.all([taking, share(autodidact)])
}
await autodidact.close()
process.disconnect?.()
