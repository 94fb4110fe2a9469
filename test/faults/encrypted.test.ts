import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { Autodidact, type AutodidactSettings } from '../../src/autodidact.ts'
import { seededRandom } from '../../src/decide/random.ts'
import { codeOf, temporaryFolder } from './support/temporary.ts'

/** With a key, nobody reads a word of anybody in what lies on the disk; and a store and its caller agree whether there is a key. */

const folder = temporaryFolder()
const encryption = { key: 'a1'.repeat(32) }

const paths = { sqlite: (name: string) => join(folder, `${name}.db`), files: (name: string) => join(folder, `${name}/`) } as const
const kinds = ['sqlite', 'files'] as const

/** Words of no language, and long enough that none is there by chance, in megabytes that look random. */
const random = seededRandom(11)
const words: string[] = []
const word = (): string => {
  const made = Array.from({ length: 14 }, () => 'bcdfghklmnprstvwz'[Math.floor(random() * 17)]).join('')
  words.push(made)
  return made
}

/** Everything that a verb takes and that somebody may have said, each time with words of its own. */
const confide = async (autodidact: Autodidact): Promise<void> => {
  const origin = { user: word(), session: word(), agent: word(), source: word() }
  const task = `${word()} the ${word()} of ${word()}`
  await autodidact.record({ run: 'r0', task: `${word()} ${word()}`, response: `${word()} `.repeat(20_000), success: true, ...origin })
  const options = [{ id: word(), description: `${word()} ${word()}` }, { id: word(), description: word() }]
  const advice = await autodidact.advise(task, { user: origin.user, choices: { [word()]: options }, context: { [word()]: word() } })
  expect(advice.logged).toBe(true)
  await autodidact.decide(word(), options, { task, run: advice.run })
  await autodidact.record({
    advice,
    ...origin,
    category: word(),
    context: { [word()]: word() },
    state: word(),
    steps: [{ action: word(), input: { [word()]: [word()] }, output: `${word()} `.repeat(9_000), ok: false }],
    response: { [word()]: word() },
    takeaway: word(),
    metrics: { [word()]: 1 },
    agentVersion: word(),
    outcome: { success: false, error: `${word()} failed` },
  })
  await autodidact.feedback(advice.run, 'up', { author: word(), source: word() })
  await autodidact.feedback(advice.run, { correction: { [word()]: word() } }, { author: word() })
  await autodidact.feedback(advice.run, { comment: word() }, { author: word() })
  await autodidact.remember({ title: word(), content: `${word()} ${word()}`, tags: [word()], user: origin.user })
  const head = await autodidact.head()
  await autodidact.keep('state@1', () => ({ ...head, bytes: Buffer.from(word()) }))
  await autodidact.experiments.start({ point: word(), arms: { [word()]: 'uniform', [word()]: 'greedy' } })
}

/** Every byte below a folder, or of a file and what lies beside it; read by another process, because closing a file that SQLite has open gives up its locks. */
const bytesAt = (path: string): Buffer => {
  const all = path.endsWith('/') ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name)) : readdirSync(folder).map((name) => join(folder, name)).filter((name) => name.startsWith(path))
  return execFileSync('cat', all.filter((name) => statSync(name).isFile()), { maxBuffer: 2 ** 28 })
}

/** Of the words that were said, those that can be found: as they are, in UTF-16, in base64, or but for their last letters, as a stemmer leaves them. */
const readable = (bytes: Buffer): string[] => {
  const text = bytes.toString('latin1')
  const [latin, wide] = [text.toLowerCase(), bytes.toString('utf16le').toLowerCase()]
  return words.filter((each) => {
    const beginning = each.slice(0, -2)
    const encoded = [0, 1, 2].map((shift) => Buffer.from(`${'x'.repeat(shift)}${each}`).toString('base64').slice(4, 16))
    return latin.includes(beginning) || wide.includes(beginning) || encoded.some((piece) => text.includes(piece))
  })
}

describe.each(kinds)('a store of kind %s', (kind) => {
  const open = (name: string, settings: AutodidactSettings = {}): Promise<Autodidact> => Autodidact.open(paths[kind](name), { seed: 1, ...settings })

  test('holds no word of anybody, while it is open, when it is closed, and in a backup', async () => {
    const path = paths[kind]('secret')
    const autodidact = await open('secret', { encryption })
    words.length = 0
    for (let number = 0; number < 3; number += 1) await confide(autodidact.in(`tenant${number}`))
    expect(words.length).toBeGreaterThan(100)
    expect(readable(bytesAt(path))).toEqual([])
    const copy = join(folder, `copy of ${kind}`)
    await autodidact.backup(copy)
    expect(readable(bytesAt(kind === 'files' ? `${copy}/` : copy))).toEqual([])
    await autodidact.close()
    expect(readable(bytesAt(path))).toEqual([])
    const again = await open('secret', { encryption })
    const { items } = await again.in('tenant0').recall(words.slice(0, 8).join(' '))
    expect(items.length).toBeGreaterThan(0)
    await again.close()
  })

  test('would have been caught if it did', async () => {
    const autodidact = await open('plain')
    words.length = 0
    await confide(autodidact)
    // Point, option and context of decisions are features as hashes; all that anybody said in words is there.
    expect(readable(bytesAt(paths[kind]('plain'))).length).toBeGreaterThan(words.length * 0.8)
    await autodidact.close()
  })

  test('recalls, decides and explains with a key as without', async () => {
    const nouns = ['order', 'refund', 'invoice', 'parcel', 'voucher', 'customer', 'address', 'return']
    const results: unknown[] = []
    for (const settings of [{}, { encryption }]) {
      let now = 1_000
      const autodidact = await open(`same ${results.length}`, { ...settings, clock: () => (now += 1) })
      for (let number = 0; number < 60; number += 1) {
        const task = `${nouns[number % 8]} ${nouns[(number * 3 + 1) % 8]} for ${nouns[(number * 5 + 2) % 8]} ${number}`
        await autodidact.record({ run: `r${number}`, task, response: `done ${number}`, user: `u${number % 3}`, success: number % 4 !== 0 })
      }
      const found = await autodidact.recall('refund of the order by voucher', { user: 'u1' })
      const decision = await autodidact.decide('tool', ['pay', 'wait'], { task: 'refund', run: 'r99' })
      const forgotten = await autodidact.forget({ user: 'u1' })
      results.push({
        items: found.items.map(({ id, relevance, reason }) => [id, relevance.toFixed(9), reason]),
        propensity: decision.propensity,
        // An encrypted store has more bytes.
        forgotten: { ...forgotten, scan: { ...forgotten.scan, bytes: 0 } },
        runs: (await autodidact.report()).runs,
        after: (await autodidact.recall('refund of the order by voucher')).items.map(({ id }) => id),
      })
      await autodidact.close()
    }
    expect(results[1]).toEqual(results[0])
    expect(results[0]).toMatchObject({ forgotten: { facts: 20, status: 'proven', scan: { found: 0 } }, runs: 40 })
  })

  test('with a key opens with that key only, and says which is missing', async () => {
    await (await open('keyed', { encryption })).close()
    const before = bytesAt(paths[kind]('keyed'))
    expect(await codeOf(open('keyed'))).toBe('KEY_REQUIRED')
    expect(await codeOf(open('keyed', { readOnly: true }))).toBe('KEY_REQUIRED')
    expect(await codeOf(open('keyed', { encryption: { key: 'b2'.repeat(32) } }))).toBe('WRONG_KEY')
    expect(await codeOf(open('keyed', { encryption: { passphrase: 'correct horse' } }))).toBe('WRONG_KEY')
    expect(await codeOf(open('keyed', { encryption: { key: 'b2' } }))).toBe('INVALID_INPUT')
    expect(bytesAt(paths[kind]('keyed')).equals(before)).toBe(true)
    await (await open('keyed', { encryption, readOnly: true })).close()
    // As it is read from a file, or beside a setting that is not set.
    for (const given of [{ key: `${encryption.key}\n` }, { key: `${encryption.key}\r\n` }, { ...encryption, passphrase: undefined }]) {
      await (await open('keyed', { encryption: given })).close()
    }
  })

  test('is not made, nor anything else, with a secret that cannot be one', async () => {
    const secrets: readonly [unknown, string][] = [
      [{ ...encryption, passphrase: 'correct horse' }, 'a key and a passphrase'],
      [{ passphrase: undefined }, 'neither'],
      [{}, 'neither'],
      [{ passphrase: 'short' }, '8 characters'],
      [{ key: 'ab' }, '64 hexadecimal digits'],
      [{ key: new Uint8Array(16) }, '32 bytes'],
    ]
    for (const [given, reason] of secrets) {
      const failed: unknown = await open('never made', { encryption: given as typeof encryption }).catch((error: unknown) => error)
      expect(failed).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(reason) as string })
      expect(existsSync(paths[kind]('never made'))).toBe(false)
    }
  })

  test('without a key is not opened with one, and stays as it was', async () => {
    const clear = await open('clear')
    await clear.record({ run: 'r1', task: 'refund order', success: true })
    await clear.close()
    expect(await codeOf(open('clear', { encryption }))).toBe('NOT_ENCRYPTED')
    const again = await open('clear')
    expect(await codeOf(again.rotateKey(encryption))).toBe('NOT_ENCRYPTED')
    expect((await again.recall('refund order')).items).toHaveLength(1)
    await again.close()
  })

  test('opens with the new key after a rotation, and with no other', async () => {
    const next = { passphrase: 'correct horse' }
    const autodidact = await open('rotated', { encryption })
    await autodidact.record({ run: 'r1', task: 'refund order', success: true })
    expect(await codeOf(autodidact.rotateKey({ passphrase: 'short' }))).toBe('INVALID_INPUT')
    await autodidact.rotateKey(next)
    await autodidact.record({ run: 'r2', task: 'refund order', success: true })
    await autodidact.close()
    expect(await codeOf(open('rotated', { encryption }))).toBe('WRONG_KEY')
    const again = await open('rotated', { encryption: next })
    expect((await again.report()).runs).toBe(2)
    await again.close()
  })

  test('does not tell the key in what can be printed of it', async () => {
    const autodidact = await open('printed', { encryption })
    const { inspect } = await import('node:util')
    expect(inspect(autodidact, { depth: 20, showHidden: true })).not.toContain(encryption.key)
    await autodidact.close()
    const error: unknown = await open('printed', { encryption: { key: 'b2'.repeat(31) } }).catch((thrown: unknown) => thrown)
    expect(String(error)).not.toContain('b2b2')
  })
})

test('a payload that is put in the place of another is found out', async () => {
  const path = paths.sqlite('moved')
  const autodidact = await Autodidact.open(path, { encryption })
  for (const run of ['r1', 'r2']) await autodidact.record({ run, task: `refund ${run}`, success: true })
  await autodidact.close()
  const database = new DatabaseSync(path)
  database.exec("UPDATE facts SET data = (SELECT data FROM facts WHERE id = 'r1') WHERE id = 'r2'")
  database.close()
  const again = await Autodidact.open(path, { encryption })
  const read = async (): Promise<void> => {
    for await (const _ of again.export()) continue
  }
  expect(await codeOf(read())).toBe('CORRUPT')
  await again.close()
})

const linesOf = (name: string): string[] => readFileSync(join(folder, name, 'data', 'default.jsonl'), 'utf8').split('\n')

test('a line of a log that is put in the place of another is found out, and so is one that is not encrypted', async () => {
  const path = paths.files('lines')
  const autodidact = await Autodidact.open(path, { encryption })
  for (const run of ['r1', 'r2', 'r3']) await autodidact.record({ run, task: `refund ${run}`, success: true })
  await autodidact.close()
  const plain = await Autodidact.open(paths.files('foreign'))
  for (const run of ['r1', 'r2', 'r3']) await plain.record({ run, task: `refund ${run}`, success: true })
  await plain.close()
  const [heading = '', first = '', second = '', third = '', end = ''] = linesOf('lines')
  for (const [name, lines] of Object.entries({
    swapped: [heading, second, first, third, end],
    missing: [heading, first, third, end],
    foreign: [heading, first, linesOf('foreign')[2] ?? '', third, end],
  })) {
    cpSync(path, join(folder, `lines ${name}`), { recursive: true })
    writeFileSync(join(folder, `lines ${name}`, 'data', 'default.jsonl'), lines.join('\n'))
    const again = await Autodidact.open(join(folder, `lines ${name}`), { encryption })
    expect([name, await codeOf(again.recall('refund'))]).toEqual([name, 'CORRUPT'])
    await again.close()
  }
})

test('a file of a version without encryption is brought up to date and stays in clear', async () => {
  const path = paths.sqlite('older')
  const autodidact = await Autodidact.open(path)
  await autodidact.record({ run: 'r1', task: 'refund order', success: true })
  await autodidact.close()
  const database = new DatabaseSync(path)
  database.exec('DROP TABLE bookmarks; DROP TABLE encryption; PRAGMA user_version = 2')
  database.close()
  copyFileSync(path, `${path}.copy`)
  expect(await codeOf(Autodidact.open(`${path}.copy`, { encryption }))).toBe('NOT_ENCRYPTED')
  const again = await Autodidact.open(path)
  expect((await again.recall('refund order')).items).toHaveLength(1)
  await again.close()
})

test('what was learned and cannot be decrypted is learned again', async () => {
  const path = paths.sqlite('learned')
  const autodidact = await Autodidact.open(path, { encryption })
  for (let number = 0; number < 20; number += 1) {
    const { run } = await autodidact.decide('tool', ['pay', 'wait'], { task: 'refund order' })
    await autodidact.record({ run, task: 'refund order', success: true })
  }
  const head = await autodidact.head()
  await autodidact.keep('state@1', () => ({ ...head, bytes: Uint8Array.of(1) }))
  await autodidact.close()
  const database = new DatabaseSync(path)
  expect(database.prepare('UPDATE snapshots SET bytes = zeroblob(length(bytes))').run().changes).toBeGreaterThan(1)
  database.close()
  const again = await Autodidact.open(path, { encryption })
  expect(await again.kept('state@1')).toBeUndefined()
  expect((await again.advise('refund order', { choices: { tool: ['pay', 'wait'] } })).warnings).toEqual([])
  expect((await again.report()).points[0]?.decisions).toBe(21)
  await again.close()
})
