import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { hasDied, thisProcess } from './processes.ts'

const printed = (source: string): string => spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' }).stdout

/** Of a process that came and went. */
const gone = (): { pid: number; life: string } => ({ pid: Number(printed('process.stdout.write(String(process.pid))')), life: '1' })

const refusedWith = (code: string): void => {
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error(code), { code })
  })
}

const marks = z.array(z.object({ host: z.string(), pid: z.number(), life: z.string() }))

/** The marks that a process makes which loads this module once, and twice more when the system says something else; and whether it takes another one of the last for dead. */
const markedWhen = (change: string): { readonly before: string; readonly changed: string; readonly again: string; readonly isDead: boolean } => {
  const source = `
    import fs from 'node:fs'
    import os from 'node:os'
    import { syncBuiltinESMExports } from 'node:module'
    const load = (name) => import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'processes.ts')).href)} + '?' + name)
    const before = await load('before')
    ${change}
    syncBuiltinESMExports()
    const [changed, again] = [await load('changed'), await load('again')]
    const isDead = changed.hasDied({ ...again.thisProcess, life: 'of another' })
    process.stdout.write(JSON.stringify([isDead, [before, changed, again].map(({ thisProcess }) => thisProcess)]))`
  const [isDead, made] = z.tuple([z.boolean(), marks]).parse(JSON.parse(printed(source)))
  const [before = '', changed = '', again = ''] = made.map((mark) => JSON.stringify(mark))
  return { before, changed, again, isDead }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a process has died', () => {
  test('when nobody has its number, or this process has it now', () => {
    expect(hasDied({ ...thisProcess, ...gone() })).toBe(true)
    expect(hasDied({ ...thisProcess, life: 'of one before' })).toBe(true)
  })

  test('not while it is there, whoever may send it a signal', () => {
    expect(hasDied(thisProcess)).toBe(false)
    expect(hasDied({ ...thisProcess, pid: process.ppid, life: '1' })).toBe(false)
    for (const code of ['EPERM', 'ENOSYS', 'ERR_INVALID_ARG_TYPE']) {
      refusedWith(code)
      expect(hasDied({ ...thisProcess, pid: 4_000_000, life: '1' })).toBe(false)
    }
  })

  test('not on another machine, which nobody can ask', () => {
    expect(hasDied({ ...thisProcess, ...gone(), host: 'another' })).toBe(false)
  })

  test('not by what is no number', () => {
    for (const pid of [Number.NaN, 1.5, Infinity, 2 ** 40]) expect(hasDied({ ...thisProcess, pid, life: '1' })).toBe(false)
  })
})

describe('the mark of a process', () => {
  test('is the same wherever it is made in it, also while a test has stopped the clock', () => {
    const { before, changed } = markedWhen("globalThis.performance = { timeOrigin: 0, now: () => 0 }")
    expect(changed).toBe(before)
  })

  test.skipIf(process.platform !== 'linux').each([
    ['has another name', "os.hostname = () => 'elsewhere'"],
    // Node reads modules by the same function.
    ['was started again', "const { readFileSync } = fs; fs.readFileSync = (path, ...others) => String(path).endsWith('boot_id') ? 'another' : readFileSync(path, ...others)"],
    ['is another container', "fs.readlinkSync = () => 'pid:[1]'"],
  ])('is of another machine when it %s', (_what, change) => {
    const { before, changed, again } = markedWhen(change)
    expect([changed === before, again === changed]).toEqual([false, true])
  })

  test.skipIf(process.platform !== 'linux')('is nobody else’s where a sandbox does not show in which one it is: the number of another one there may be at work', () => {
    const { changed, again, isDead } = markedWhen("fs.readlinkSync = () => { throw new Error('ENOENT') }")
    expect([again === changed, isDead]).toEqual([false, false])
  })
})
