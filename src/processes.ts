import { hash, randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
// Not the global one: tests that stop the clock put another in its place, and the process would seem to be a later one of its own number.
import { performance } from 'node:perf_hooks'

/** What a process leaves where others on its machine must know whether it is still there. */
export interface ProcessMark {
  /** Digest of the machine, of its start, and of the container on it. */
  readonly host: string
  readonly pid: number
  /** Of this process and none before it of the same number; the same in all its threads. */
  readonly life: string
}

/**
 * Numbers of processes mean something on one machine since it was started, and in one container of it. Machines of one name are many, and each of them calls its first container the same;
 * a sandbox that does not show these things may be one of several, so nobody outside of a process is known there.
 */
const machine = (): string => {
  if (process.platform !== 'linux') return hostname()
  try {
    return [hostname(), readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), readlinkSync('/proc/self/ns/pid')].join(' ')
  } catch {
    return randomUUID()
  }
}

/** The mark of this process. */
export const thisProcess: ProcessMark = { host: hash('sha256', machine()), pid: process.pid, life: `${performance.timeOrigin}` }

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
