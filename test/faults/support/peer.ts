import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Autodidact, AutodidactSettings } from '../../../src/autodidact.ts'
import { program } from '../../support/programs.ts'

/** What another process answered: a result, or an error that went through a pipe. */
export interface Answer<Result> {
  readonly result?: Result
  readonly code?: string
  readonly message?: string
}

type Verb = 'advise' | 'decide' | 'recall' | 'record' | 'feedback' | 'remember' | 'forget' | 'explain' | 'report' | 'close'

/** Another process at a file. */
export class Peer {
  readonly #process
  readonly #answers
  readonly #exited: Promise<unknown>

  private constructor(path: string, user: number | undefined, settings: AutodidactSettings) {
    this.#process = spawn(process.execPath, [program('peer-process'), path, JSON.stringify(settings)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      ...(user === undefined ? {} : { uid: user, gid: user }),
    })
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
    this.#exited = new Promise((resolve) => this.#process.once('exit', resolve))
  }

  /**
   * Starts a process that opens the file.
   *
   * @param user runs as this user; only root may say so
   * @returns the process, and how opening went
   */
  static async open(path: string, user?: number, settings: AutodidactSettings = {}): Promise<{ readonly peer: Peer; readonly opened: Answer<null> }> {
    const peer = new Peer(path, user, settings)
    return { peer, opened: await peer.#next() }
  }

  async #next<Result>(): Promise<Answer<Result>> {
    const { value, done } = await this.#answers.next()
    if (done === true) throw new Error('the other process ended without an answer')
    // The process on the other side writes answers only.
    return JSON.parse(value) as Answer<Result>
  }

  call<Name extends Verb>(verb: Name, ...args: Parameters<Autodidact[Name]>): Promise<Answer<Awaited<ReturnType<Autodidact[Name]>>>> {
    this.#process.stdin.write(`${JSON.stringify([verb, ...args])}\n`)
    return this.#next()
  }

  /** The kinds of all facts, as `export` gives them. */
  exported(): Promise<Answer<readonly string[]>> {
    this.#process.stdin.write(`${JSON.stringify(['export'])}\n`)
    return this.#next()
  }

  /** Starts a process and kills it some milliseconds after it has begun to create the file. */
  static async killedCreating(path: string, delayMs: number): Promise<void> {
    const peer = new Peer(path, undefined, {})
    while (!existsSync(path)) await sleep(1)
    await sleep(delayMs)
    peer.#process.kill('SIGKILL')
    await peer.#exited
  }

  async end(): Promise<void> {
    this.#process.stdin.end()
    await this.#exited
  }
}

/** Opens a file in another process, and ends it: the code of the error, or undefined when it could be opened. */
export const codeOfOpening = async (path: string, user?: number): Promise<string | undefined> => {
  const { peer, opened } = await Peer.open(path, user)
  await peer.end()
  return opened.code
}
