import { fork } from 'node:child_process'
import type { Progress } from './bench.ts'

/** What a child tells on its way: how far it is, and what came out. */
type Message = { readonly advance: number } | { readonly result: unknown }

/**
 * Runs a module in a process of its own, so that its memory and start-up are measured and not those of the bench. The module calls {@link work}.
 *
 * @param flags of Node, before the module
 * @returns what the work returned, and milliseconds from start to end of the process
 */
export const inChild = (module: string, task: object, progress: Progress, flags: readonly string[] = []): Promise<{ result: unknown; processMs: number }> =>
  new Promise((resolve, reject) => {
    const start = performance.now()
    let result: unknown
    const child = fork(module, [JSON.stringify(task)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [...process.execArgv, ...flags] })
    child.on('message', (message: Message) => {
      if ('advance' in message) progress.advance(message.advance)
      else ({ result } = message)
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve({ result, processMs: performance.now() - start })
      else reject(new Error(`${module} ended with code ${code}.`))
    })
  })

const tell = (message: Message): Promise<void> =>
  new Promise((resolve, reject) => {
    if (process.send === undefined) resolve()
    else process.send(message, (error: Error | null) => (error === null ? resolve() : reject(error)))
  })

/** In the child: does the task that was handed over and tells the result. `advance` is passed on now and then. */
export const work = async (perform: (task: unknown, advance: () => void) => Promise<unknown>): Promise<void> => {
  const task: unknown = JSON.parse(process.argv[2] ?? '{}')
  let done = 0
  const advance = (): void => {
    done += 1
    if (done % 100 === 0) void tell({ advance: 100 })
  }
  const result = await perform(task, advance)
  await tell({ result })
  process.disconnect?.()
}
