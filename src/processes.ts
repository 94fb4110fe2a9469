import { hash } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** What a process leaves where others on its machine must know whether it is still there. */
export interface ProcessMark {
  /** Digest of the machine, and of the container on it. */
  readonly host: string
  readonly pid: number
  /** Of this process and none before it of the same number; the same in all its threads. */
  readonly life: string
}

/** Numbers of processes mean something on one machine, and in one container of it. */
const machine = (): string => {
  let container = ''
  try {
    container = readlinkSync('/proc/self/ns/pid')
  } catch {
    // Other systems have no such thing.
  }
  return hash('sha256', `${hostname()} ${container}`)
}

/** The mark of this process. */
export const thisProcess: ProcessMark = { host: machine(), pid: process.pid, life: `${performance.timeOrigin}` }

/**
 * Whether the process of a mark is gone for certain, so that nobody need wait for it. False where it cannot be told: on another machine, or when a later process was given its number.
 */
export const hasDied = ({ host, pid, life }: ProcessMark): boolean => {
  if (host !== thisProcess.host || life === thisProcess.life) return false
  if (pid === thisProcess.pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
