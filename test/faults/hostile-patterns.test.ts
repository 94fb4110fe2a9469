import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { beforeAll, describe, expect, test } from 'vitest'
import { readers } from './support/pattern-readers.ts'
import { program } from '../support/programs.ts'

/**
 * Texts that are made to be slow to read take time in proportion to their length. What is asserted is no time but an end: each text has 80,000 characters, which take some
 * hundredths of a second where each is looked at a bounded number of times; where each is looked at from each other, that is 6 billion looks, and the process is killed.
 */

/** Without a word for so long, a reader will not come to an end; several hundred times as long as the slowest takes on an idle machine. */
const silenceMs = 6_000

/** By reader, the text that it did not come to the end of. */
const stuck = new Map<string, string>()

/** Lets readers read in a process of their own, one after the other; those it came to, the last of which is stuck unless the process ended by itself. */
const reading = async (wanted: readonly string[]): Promise<{ readonly begun: readonly string[]; readonly last: string; readonly ended: boolean }> => {
  const child = spawn(process.execPath, ['--no-warnings', program('pattern-readers'), ...wanted], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const begun = new Set<string>()
  let last = 'the beginning'
  let timer: NodeJS.Timeout | undefined
  const listen = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => child.kill('SIGKILL'), ms)
  }
  // Starting takes a while on a busy machine, and has nothing to do with texts.
  listen(10 * silenceMs)
  for await (const line of createInterface({ input: child.stdout })) {
    last = line
    const { reader } = JSON.parse(line) as { readonly reader: string }
    begun.add(reader)
    listen(silenceMs)
  }
  clearTimeout(timer)
  const [code] = await exited
  return { begun: [...begun], last, ended: code === 0 }
}

beforeAll(async () => {
  let left = Object.keys(readers)
  while (left.length > 0) {
    const { begun, last, ended } = await reading(left)
    const at = begun.at(-1) ?? left[0] ?? ''
    // The next ones are read by another process.
    left = left.slice(left.indexOf(at) + 1)
    if (!ended) stuck.set(at, last)
    else if (left.length > 0) throw new Error(`The process ended before ${left[0]}`)
  }
}, 600_000)

describe('hostile texts are read in linear time by', () => {
  test.each(Object.keys(readers))('%s', (reader) => {
    expect(stuck.get(reader)).toBeUndefined()
  })
})
