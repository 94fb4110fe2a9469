import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'
import type { Storage } from '../storage/storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-backup-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'none'
  } catch (error) {
    if (AutodidactError.is(error)) return error.code
    throw error
  }
}

const ids = async (autodidact: Autodidact): Promise<string[]> => {
  const found: string[] = []
  for await (const fact of autodidact.export()) found.push(fact.id)
  return found
}

const filled = async (path: string, runs = 3): Promise<Autodidact> => {
  const autodidact = await Autodidact.open(path, { seed: 1 })
  for (let number = 0; number < runs; number += 1) {
    await autodidact.record({ run: `r${number}`, task: `refund order ${number}`, response: 'long '.repeat(number === 0 ? 9_000 : 1), success: true })
  }
  await autodidact.in('acme').remember({ id: 'k1', content: 'Refunds above 100 need a second signature' })
  return autodidact
}

const kinds = [
  ['sqlite', (name: string) => join(folder, `${name}.db`)],
  ['files', (name: string) => join(folder, `${name}/`)],
] as const

describe.each(kinds)('a store of kind %s', (kind, at) => {
  const copyOf = (name: string): string => join(folder, `${kind} ${name}`)

  test('comes back from its backup with every fact, what was said of it, and what it learned', async () => {
    const autodidact = await filled(at('whole'))
    await autodidact.feedback('r1', 'down')
    const [facts, found] = [await ids(autodidact), (await autodidact.recall('refund order 0')).items]
    const receipt = await autodidact.backup(copyOf('whole'))
    expect(receipt).toMatchObject({ store: kind, path: copyOf('whole'), namespaces: [{ namespace: 'default', facts: 4 }, { namespace: 'acme', facts: 1 }] })
    expect(receipt.digest).toMatch(/^[0-9a-f]{64}$/)
    await autodidact.close()
    const restored = await Autodidact.restore(copyOf('whole'), at('again'))
    expect(restored).toMatchObject({ digest: receipt.digest, madeAt: receipt.madeAt, namespaces: receipt.namespaces, path: at('again') })
    const again = await Autodidact.open(at('again'))
    expect(await ids(again)).toEqual(facts)
    expect((await again.recall('refund order 0')).items).toEqual(found)
    expect(found[0]?.response).toHaveLength(45_000)
    expect((await again.in('acme').recall('second signature')).items.map(({ id }) => id)).toEqual(['k1'])
    // It is a store like any other: it can be written to and backed up.
    await again.record({ run: 'new', task: 'refund order 9', success: true })
    expect((await again.backup(copyOf('of the copy'))).namespaces[0]?.facts).toBe(5)
    await again.close()
  })

  test('is copied as it was at one moment, while it is written to', async () => {
    const autodidact = await filled(at('busy'), 400)
    const written: string[] = []
    const copied = new AbortController()
    const writing = (async () => {
      for (let number = 0; !copied.signal.aborted; number += 1) {
        await autodidact.record({ run: `during ${number}`, task: `refund order ${number}`, success: true })
        written.push(`during ${number}`)
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    })()
    const shares: number[] = []
    await autodidact.backup(copyOf('busy'), { onProgress: (share) => shares.push(share) })
    copied.abort()
    await writing
    await autodidact.close()
    expect(shares.at(-1)).toBe(1)
    await Autodidact.restore(copyOf('busy'), at('calm'))
    const calm = await Autodidact.open(at('calm'))
    const found = await ids(calm)
    // Everything confirmed before it began, and then the first of what came: a beginning of the log, without a gap.
    expect(found.slice(0, 400)).toEqual(Array.from({ length: 400 }, (_, number) => `r${number}`))
    expect(found.slice(400)).toEqual(written.slice(0, found.length - 400))
    await calm.close()
  })

  test('is not written over, unless that is asked for, and then by a backup only', async () => {
    const autodidact = await filled(at('mine'))
    await autodidact.backup(copyOf('mine'))
    expect(await codeOf(autodidact.backup(copyOf('mine')))).toBe('ALREADY_EXISTS')
    await autodidact.record({ run: 'later', task: 'refund order', success: true })
    expect((await autodidact.backup(copyOf('mine'), { overwrite: true })).namespaces[0]?.facts).toBe(4)
    expect(await codeOf(autodidact.backup(at('mine'), { overwrite: true }))).toBe('INVALID_INPUT')
    const other = await filled(at('other'))
    await other.close()
    expect(await codeOf(autodidact.backup(at('other'), { overwrite: true }))).toBe('NOT_ALLOWED')
    expect(await codeOf(autodidact.backup(join(folder, 'nowhere', 'copy')))).toBe('CANNOT_OPEN')
    await autodidact.close()
    expect(await codeOf(autodidact.backup(copyOf('closed')))).toBe('CLOSED')
    expect(existsSync(copyOf('closed'))).toBe(false)
  })

  test('is restored over another one only when that is asked for, and not while that is in use', async () => {
    const first = await filled(at('first'))
    await first.backup(copyOf('first'))
    await first.close()
    const second = await filled(at('second'), 1)
    expect(await codeOf(Autodidact.restore(copyOf('first'), at('second')))).toBe('ALREADY_EXISTS')
    // It may be this process that has it open.
    await expect(Autodidact.restore(copyOf('first'), at('second'), { overwrite: true })).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining('in another process or in this one') })
    await second.record({ run: 'still here', task: 'refund order', success: true })
    await second.close()
    await Autodidact.restore(copyOf('first'), at('second'), { overwrite: true })
    const restored = await Autodidact.open(at('second'))
    expect(await ids(restored)).toEqual(['r0', 'r1', 'r2'])
    expect((await restored.recall('refund order')).items.length).toBeGreaterThan(0)
    await restored.close()
    expect(await codeOf(Autodidact.restore(copyOf('first'), copyOf('first'), { overwrite: true }))).toBe('INVALID_INPUT')
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('is not restored from what is no backup', async () => {
    await (await filled(at('no backup'))).close()
    expect(await codeOf(Autodidact.restore(at('no backup'), at('target')))).toBe('INVALID_INPUT')
    expect(await codeOf(Autodidact.restore(copyOf('nowhere'), at('target')))).toBe('CANNOT_OPEN')
    expect(existsSync(at('target'))).toBe(false)
  })

  test('is restored from an encrypted backup without the key, and opens with it', async () => {
    const encryption = { key: '77'.repeat(32) }
    const autodidact = await Autodidact.open(at('sealed'), { encryption })
    await autodidact.record({ run: 'r1', task: 'refund order', success: true })
    await autodidact.backup(copyOf('sealed'))
    await autodidact.close()
    await Autodidact.restore(copyOf('sealed'), at('unsealed'))
    expect(await codeOf(Autodidact.open(at('unsealed')))).toBe('KEY_REQUIRED')
    const again = await Autodidact.open(at('unsealed'), { encryption })
    expect((await again.recall('refund order')).items.map(({ id }) => id)).toEqual(['r1'])
    await again.close()
  })

  test('that may only be read can be backed up', async () => {
    await (await filled(at('reading'))).close()
    const reader = await Autodidact.open(at('reading'), { readOnly: true })
    expect((await reader.backup(copyOf('reading'))).namespaces).toHaveLength(2)
    await reader.close()
  })

  test('refuses settings that there are not', async () => {
    const autodidact = await filled(at('settings'), 1)
    const wrong = JSON.parse('{"force": true}')
    expect(await codeOf(autodidact.backup(copyOf('settings'), wrong))).toBe('INVALID_INPUT')
    expect(await codeOf(Autodidact.restore(copyOf('settings'), at('x'), wrong))).toBe('INVALID_INPUT')
    expect(await codeOf(autodidact.backup(JSON.parse('7')))).toBe('INVALID_INPUT')
    expect(await codeOf(autodidact.backup(''))).toBe('CANNOT_OPEN')
    await autodidact.close()
  })
})

describe('a damaged backup is refused, whichever byte is wrong, and what is there stays', () => {
  test('of a file', async () => {
    const autodidact = await filled(join(folder, 'damage.db'))
    await autodidact.backup(join(folder, 'damage.backup'))
    await autodidact.close()
    const whole = readFileSync(join(folder, 'damage.backup'))
    const before = readFileSync(join(folder, 'damage.db'))
    const codes = new Set<string>()
    // In every fifth page, at the last byte that is something.
    for (let page = 0; page < whole.length / 4096; page += 5) {
      const content = Buffer.from(whole)
      const at = content.subarray(page * 4096, (page + 1) * 4096).findLastIndex((byte) => byte !== 0)
      if (at < 0) continue
      content[page * 4096 + at] = (content[page * 4096 + at] ?? 0) ^ 0x55
      writeFileSync(join(folder, 'damaged.backup'), content)
      const code = await codeOf(Autodidact.restore(join(folder, 'damaged.backup'), join(folder, 'damage.db'), { overwrite: true }))
      codes.add(code)
      if (code !== 'none') expect(readFileSync(join(folder, 'damage.db')).equals(before)).toBe(true)
      else writeFileSync(join(folder, 'damage.db'), before)
    }
    expect(codes).toContain('CORRUPT')
  })

  test('of a file whose log was changed in a way that SQLite finds in order', async () => {
    const autodidact = await filled(join(folder, 'changed.db'))
    await autodidact.backup(join(folder, 'changed.backup'))
    await autodidact.close()
    for (const change of ["UPDATE facts SET data = replace(data, 'order', 'crime')", "DELETE FROM facts WHERE id = 'r2'", 'DELETE FROM blobs', "UPDATE namespaces SET name = 'other' WHERE number = 2"]) {
      cpSync(join(folder, 'changed.backup'), join(folder, 'tampered.backup'))
      const database = new DatabaseSync(join(folder, 'tampered.backup'))
      database.exec(change)
      database.close()
      expect([change, await codeOf(Autodidact.restore(join(folder, 'tampered.backup'), join(folder, 'never.db')))]).toEqual([change, 'CORRUPT'])
    }
    expect(existsSync(join(folder, 'never.db'))).toBe(false)
  })

  test('of a folder', async () => {
    const autodidact = await filled(join(folder, 'damage/'))
    await autodidact.backup(join(folder, 'damage folder'))
    await autodidact.close()
    const log = join('data', 'default.jsonl')
    const whole = readFileSync(join(folder, 'damage folder', log))
    const damages: Record<string, (copy: string) => void> = {
      'a byte': (copy) => writeFileSync(join(copy, log), Buffer.from(whole.toString('latin1'), 'latin1').fill(0x58, 300, 301)),
      'a line missing': (copy) => writeFileSync(join(copy, log), whole.subarray(0, whole.lastIndexOf('\n', whole.length - 2) + 1)),
      'half a line': (copy) => writeFileSync(join(copy, log), whole.subarray(0, whole.length - 10)),
      'a log missing': (copy) => rmSync(join(copy, log)),
      'a log too many': (copy) => writeFileSync(join(copy, 'data', 'new.jsonl'), whole),
      'no note': (copy) => writeFileSync(join(copy, 'backup.json'), '{}'),
      'a path in the note': (copy) => {
        const note = readFileSync(join(copy, 'backup.json'), 'utf8')
        writeFileSync(join(copy, 'backup.json'), note.replace('"default.jsonl"', '"../../damage/data/default.jsonl"'))
      },
    }
    for (const [what, damage] of Object.entries(damages)) {
      const copy = join(folder, `damaged by ${what}`)
      cpSync(join(folder, 'damage folder'), copy, { recursive: true })
      damage(copy)
      expect([what, await codeOf(Autodidact.restore(copy, join(folder, 'damage/'), { overwrite: true }))]).toEqual([what, 'CORRUPT'])
    }
    const after = await Autodidact.open(join(folder, 'damage/'))
    expect(await ids(after)).toEqual(['r0', 'r1', 'r2'])
    await after.close()
  })
})

test('a damaged file is replaced by its backup, a file of something else is not', async () => {
  const path = join(folder, 'broken.db')
  const autodidact = await filled(path)
  await autodidact.backup(join(folder, 'broken.backup'))
  await autodidact.close()
  const content = readFileSync(path)
  content.fill(0x5a, 4_096)
  writeFileSync(path, content)
  await Autodidact.restore(join(folder, 'broken.backup'), path, { overwrite: true })
  const again = await Autodidact.open(path)
  expect(await ids(again)).toEqual(['r0', 'r1', 'r2'])
  await again.close()
  const diary = join(folder, 'diary.txt')
  writeFileSync(diary, 'Dear diary')
  expect(await codeOf(Autodidact.restore(join(folder, 'broken.backup'), diary, { overwrite: true }))).toBe('NOT_ALLOWED')
  expect(readFileSync(diary, 'utf8')).toBe('Dear diary')
})

test('a folder whose old files cannot all be taken away keeps what was restored to it', async () => {
  const [to, copy] = [join(folder, 'stubborn/'), join(folder, 'copy for the stubborn')]
  const autodidact = await filled(to)
  await autodidact.backup(copy)
  await autodidact.close()
  // Where a note of a backup would lie, a folder that is not taken away like a file.
  mkdirSync(join(to, 'backup.json'))
  expect(await codeOf(Autodidact.restore(copy, to, { overwrite: true }))).not.toBe('none')
  const restored = await Autodidact.open(to)
  expect(await ids(restored)).toEqual(['r0', 'r1', 'r2'])
  await restored.close()
})

test('a folder of something else is not replaced, and neither is a write-ahead log whose file is gone', async () => {
  const autodidact = await filled(join(folder, 'source/'))
  await autodidact.backup(join(folder, 'source folder'))
  await autodidact.close()
  mkdirSync(join(folder, 'project', 'data'), { recursive: true })
  writeFileSync(join(folder, 'project', 'data', 'precious.txt'), 'precious')
  expect(await codeOf(Autodidact.restore(join(folder, 'source folder'), join(folder, 'project'), { overwrite: true }))).toBe('NOT_A_DATABASE')
  expect(readFileSync(join(folder, 'project', 'data', 'precious.txt'), 'utf8')).toBe('precious')
  const memory = await filled(':memory:')
  await memory.backup(join(folder, 'memory.backup'))
  await memory.close()
  writeFileSync(join(folder, 'orphan.db-wal'), '')
  expect(await codeOf(Autodidact.restore(join(folder, 'memory.backup'), join(folder, 'orphan.db')))).toBe('ALREADY_EXISTS')
})

test('a store of somebody’s own without a backup says so', async () => {
  const inMemory = await Autodidact.open(':memory:')
  await inMemory.close()
  const methods = ['commit', 'read', 'head', 'erased', 'search', 'optionSet', 'blob', 'due', 'erase', 'namespaces', 'size']
  const nothing = Object.fromEntries(methods.map((name) => [name, async () => []]))
  // Enough of a store to be opened; the verbs below ask for nothing else.
  const storage = {
    ...nothing,
    capabilities: { persistent: false, manyWriters: false, durability: 'none' },
    snapshots: { load: async () => undefined, save: async () => {} },
    leases: { acquire: async () => undefined, release: async () => {} },
    close: async () => {},
  } as unknown as Storage
  const autodidact = Autodidact.over(storage)
  expect(await codeOf(autodidact.backup(join(folder, 'own')))).toBe('NOT_ALLOWED')
  expect(await codeOf(autodidact.rotateKey({ key: '00'.repeat(32) }))).toBe('NOT_ALLOWED')
  await autodidact.close()
})
