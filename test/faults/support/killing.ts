import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from '../../../src/decide/random.ts'
import { program } from '../../support/programs.ts'

/** What the parent knows of the writers when all is over. */
export interface Killed {
  readonly kills: number
  /** Processes that were killed before they had opened the file. */
  readonly killedWhileOpening: number
  /** Ids of facts that a writer was told are written. */
  readonly acknowledged: ReadonlySet<string>
  /** Failures other than the kill. */
  readonly faults: readonly string[]
}

export interface KillingSettings {
  readonly path: string
  readonly kills: number
  /** Where compiled code is kept, so that the next process starts sooner. */
  readonly cache: string
  readonly seed: number
  readonly onKill?: () => void
}

const slots = 4

class Writer {
  readonly slot: number
  readonly ready: Promise<void>
  readonly exited: Promise<void>
  /** The last number it has begun. */
  tried = 0
  opened = false
  #begins = (): void => {}
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>

  constructor(slot: number, { path, cache }: KillingSettings, hear: (word: string, rest: string) => void) {
    this.slot = slot
    this.#process = spawn(process.execPath, [program('writer'), path, String(slot)], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: cache },
    })
    // The killed one's pipe is broken; that is no news.
    this.#process.stdin.on('error', () => {})
    const errors: string[] = []
    this.#process.stderr.on('data', (data: Buffer) => errors.push(data.toString()))
    const lines = createInterface({ input: this.#process.stdout })
    const heard = new Promise<void>((resolve) => lines.once('close', resolve))
    this.exited = new Promise((resolve) => {
      this.#process.once('exit', (code) => {
        if (code !== null && code !== 0) hear('fault', `exit code ${code}: ${errors.join('')}`)
        // What it said last may still be in the pipe.
        void heard.then(resolve)
      })
    })
    this.ready = new Promise((resolve) => {
      void this.exited.then(resolve)
      lines.on('line', (line) => {
        const [word = '', ...rest] = line.split(' ')
        if (word === 'ready') {
          this.opened = true
          resolve()
        } else if (word === 'try') {
          this.tried = Number(rest[0])
          this.#begins()
        } else hear(word, rest.join(' '))
      })
    })
  }

  tell(line: string): void {
    this.#process.stdin.write(`${line}\n`)
  }

  /** Resolves when it begins with its next number, or has ended. */
  busy(): Promise<void> {
    const begins = new Promise<void>((resolve) => {
      this.#begins = resolve
    })
    return Promise.race([begins, this.exited])
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.exited
  }
}

/**
 * Lets four processes write to one file and kills one of them at a random moment, again and again; each is followed by another that begins with the number
 * at which it was interrupted. One in eight dies while it is still opening the file.
 */
export const killWriters = async (settings: KillingSettings): Promise<Killed> => {
  const random = seededRandom(settings.seed)
  const acknowledged = new Set<string>()
  const faults: string[] = []
  let kills = 0
  let killedWhileOpening = 0
  const hear = (word: string, rest: string): void => {
    if (word === 'ack') acknowledged.add(rest)
    else if (word === 'fault') faults.push(rest)
  }
  const start = (slot: number): Writer => new Writer(slot, settings, hear)
  // Compiled code is kept at an orderly end only, and no other process here has one.
  const first = start(0)
  await first.ready
  first.tell('stop')
  await first.exited
  const active = Array.from({ length: slots }, (_, slot) => start(slot))
  // Successors are started ahead: starting a process takes longer than the time between two kills.
  const next = active.map(({ slot }) => start(slot))
  await Promise.all(active.map((writer) => writer.ready))
  for (const writer of active) writer.tell('go 0')
  while (kills < settings.kills) {
    const slot = Math.floor(random() * slots)
    if (random() < 1 / 8) {
      const early = next[slot]
      await sleep(random() * 100)
      if (early?.opened === false) killedWhileOpening += 1
      await early?.kill()
      next[slot] = start(slot)
    } else {
      const victim = active[slot]
      const successor = next[slot]
      if (victim === undefined || successor === undefined) throw new TypeError('every slot has a writer and a successor')
      // Between two numbers it does nothing that a kill could hurt.
      await victim.busy()
      await sleep(random() * 12)
      await victim.kill()
      await successor.ready
      successor.tell(`go ${victim.tried}`)
      successor.tried = victim.tried
      active[slot] = successor
      next[slot] = start(slot)
    }
    kills += 1
    settings.onKill?.()
  }
  for (const writer of [...active, ...next]) writer.tell('stop')
  await Promise.all(active.map((writer) => writer.exited))
  // Those that never began have nothing to close.
  await Promise.all(next.map((writer) => writer.kill()))
  return { kills, killedWhileOpening, acknowledged, faults }
}
