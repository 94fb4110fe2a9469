import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Autodidact } from '../autodidact.ts'

let folder = ''
let files = 0
const opened: Autodidact[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'autodidact-keep-'))
})
afterEach(async () => {
  for (const autodidact of opened.splice(0)) await autodidact.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const newFile = (): string => join(folder, `${(files += 1)}.db`)

const openOn = async (file: string): Promise<Autodidact> => {
  const autodidact = await Autodidact.open(file)
  opened.push(autodidact)
  return autodidact
}

const bytesOf = async (autodidact: Autodidact, name = 'state@1'): Promise<number[]> => [...((await autodidact.kept(name))?.bytes ?? [])]

/** Keeps a byte as a state of the log up to now. */
const keepByte = async (autodidact: Autodidact, byte: number, name = 'state@1'): Promise<boolean> => {
  const head = await autodidact.head()
  return autodidact.keep(name, () => ({ ...head, bytes: Uint8Array.of(byte) }))
}

const never = () => Promise.reject(new Error('made in vain'))

test('a state is there in the next process, by name and namespace', async () => {
  const file = newFile()
  const first = await openOn(file)
  await first.remember('something')
  expect(await keepByte(first, 1)).toBe(true)
  expect(await keepByte(first, 2, 'state@2')).toBe(true)
  await first.close()
  const second = await openOn(file)
  expect(await bytesOf(second)).toEqual([1])
  expect(await bytesOf(second, 'state@2')).toEqual([2])
  expect(await bytesOf(second, 'other')).toEqual([])
  expect(await bytesOf(second.in('acme'))).toEqual([])
})

test('a later state takes the place of an earlier one, never the other way round', async () => {
  const autodidact = await openOn(newFile())
  await autodidact.remember('something')
  const early = await autodidact.head()
  await autodidact.remember('something else')
  await keepByte(autodidact, 2)
  await autodidact.keep('state@1', () => ({ ...early, bytes: Uint8Array.of(1) }))
  expect(await bytesOf(autodidact)).toEqual([2])
})

test('an erasure takes the states that knew what was erased, and leaves earlier ones', async () => {
  const autodidact = await openOn(newFile())
  await autodidact.remember('something')
  await keepByte(autodidact, 1, 'before')
  const { id } = await autodidact.remember('something else')
  await keepByte(autodidact, 2, 'after')
  await autodidact.forget({ facts: [id] })
  expect(await bytesOf(autodidact, 'before')).toEqual([1])
  expect(await bytesOf(autodidact, 'after')).toEqual([])
})

test('what was made before an erasure is not kept after it', async () => {
  const autodidact = await openOn(newFile())
  const { id } = await autodidact.remember('something')
  const head = await autodidact.head()
  const isKept = await autodidact.keep('state@1', async () => {
    await autodidact.forget({ facts: [id] })
    return { ...head, bytes: Uint8Array.of(1) }
  })
  expect(isKept).toBe(false)
  expect(await bytesOf(autodidact)).toEqual([])
})

test('nothing is made for a store that keeps nothing, nor while another process is keeping it', async () => {
  const volatile = await openOn(':memory:')
  expect(await volatile.keep('state@1', never)).toBe(false)
  const file = newFile()
  const [one, other] = [await openOn(file), await openOn(file)]
  await one.remember('something')
  const head = await one.head()
  expect(await one.keep('state@1', async () => {
    expect(await other.keep('state@1', never)).toBe(false)
    return { ...head, bytes: Uint8Array.of(1) }
  })).toBe(true)
  await expect(one.keep('state@1', never)).rejects.toThrow('in vain')
  expect(await keepByte(other, 2)).toBe(true)
})

test('names are checked', async () => {
  const autodidact = await openOn(':memory:')
  await expect(autodidact.kept('')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(keepByte(autodidact, 1, '\n')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

test('what is to be done before closing is done once, the latest of each name, and closes whatever happens', async () => {
  const file = newFile()
  const autodidact = await Autodidact.open(file)
  await autodidact.remember('something')
  const done: string[] = []
  autodidact.beforeClose('a', async () => done.push('earlier a'))
  autodidact.beforeClose('a', async () => {
    done.push('a')
    await keepByte(autodidact, 7)
  })
  autodidact.beforeClose('b', () => Promise.reject(new Error('fails')))
  autodidact.in('acme').beforeClose('a', async () => done.push('a of acme'))
  await autodidact.close()
  await autodidact.close()
  expect(done.toSorted()).toEqual(['a', 'a of acme'])
  expect(await bytesOf(await openOn(file))).toEqual([7])
})

test('what is no state is refused by name, and the one before stays', async () => {
  const autodidact = await openOn(newFile())
  await autodidact.remember('something')
  expect(await keepByte(autodidact, 1)).toBe(true)
  const head = await autodidact.head()
  const bytes = Uint8Array.of(2)
  const wrong: readonly [unknown, RegExp][] = [
    [undefined, /keep: state/],
    [{ ...head, sequence: Number.NaN, bytes }, /sequence/],
    [{ ...head, sequence: head.sequence + 1, bytes }, /the log ends at/],
    [{ ...head, bytes: 'text' }, /bytes/],
    [{ ...head, bytes, namespace: 'other' }, /namespace/],
  ]
  for (const [state, words] of wrong) {
    // Whoever calls without types.
    const refused = autodidact.keep('state@1', () => state as never)
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(words) as unknown })
  }
  expect(await bytesOf(autodidact)).toEqual([1])
})

test('a process that was killed while it kept a state holds nobody up', async () => {
  const file = newFile()
  const autodidact = await openOn(file)
  await autodidact.record({ task: 'refund order 1187' })
  const { signal, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, '../../test/support/dying-keeper.ts'), file, 'state@1'], { encoding: 'utf8' })
  expect([signal, stderr]).toEqual(['SIGKILL', ''])
  expect(await keepByte(autodidact, 7)).toBe(true)
  expect(await bytesOf(autodidact)).toEqual([7])
})
