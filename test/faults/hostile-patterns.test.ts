import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readers } from './support/pattern-readers.ts'

/**
 * Texts that are made to be slow to read take time in proportion to their length. What is asserted is no time but an end: each text has 80,000 characters, which take some
 * hundredths of a second where each is looked at a bounded number of times; where each is looked at from each other, that is 6 billion looks, and the process is killed.
 */

const program = join(import.meta.dirname, 'support/pattern-readers.ts')

/** Without a word for so long, a reader will not come to an end; several hundred times as long as the slowest takes on an idle machine. */
const silenceMs = 6_000

/** The text that a reader did not come to the end of; undefined when it has read all of them. */
const stuckAt = async (reader: string): Promise<string | undefined> => {
  const child = spawn(process.execPath, ['--no-warnings', program, reader], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let last: string | undefined
  let timer: NodeJS.Timeout | undefined
  const listen = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => child.kill('SIGKILL'), ms)
  }
  // Starting takes a while on a busy machine, and has nothing to do with texts.
  listen(10 * silenceMs)
  for await (const line of createInterface({ input: child.stdout })) {
    last = line
    listen(silenceMs)
  }
  clearTimeout(timer)
  const [code] = await ended
  return code === 0 ? undefined : last ?? 'the beginning'
}

describe('hostile texts are read in linear time by', () => {
  test.each(Object.keys(readers))('%s', { timeout: 600_000 }, async (reader) => {
    expect(await stuckAt(reader)).toBeUndefined()
  })
})
