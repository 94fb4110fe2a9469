import { DatabaseSync } from 'node:sqlite'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Autodidact } from '../autodidact.ts'
import { itemUsefulness } from '../learn/learners/item-usefulness.ts'
import { opened, temporaryFile } from '../../test/support/instance.ts'
import { contentDigest, textDigest } from './canonical.ts'
import type { BlobReference, FactKind, NewFact } from './fact.ts'
import { kinds } from './kinds/index.ts'
import { isFactKind, upcast, upcastBy } from './upcast.ts'

/** One folder for each version of a kind, one file for each kind, one fact a line. A file that was published is never changed. */
const fixtures = resolve(import.meta.dirname, '../../fixtures/log')

interface Line {
  readonly kind: string
  readonly version: number
  readonly data: unknown
  readonly blobs?: readonly BlobReference[]
}

const fileOf = (kind: string, version: number): string => join(fixtures, `v${version}`, `${kind}.jsonl`)

const linesOf = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Line => JSON.parse(line))

const factKinds = Object.keys(kinds).filter(isFactKind)
const howTo = 'Give the kind a sample, run "AUTODIDACT_WRITE_FIXTURES=1 npx vitest run src/log/fixtures.test.ts", and commit the file that this writes.'

// Writes what is missing only: a fixture is what an older version wrote, and must stay so.
if (process.env.AUTODIDACT_WRITE_FIXTURES !== undefined) {
  for (const kind of factKinds) {
    const { version, sample } = kinds[kind]
    if (existsSync(fileOf(kind, version))) continue
    mkdirSync(join(fixtures, `v${version}`), { recursive: true })
    writeFileSync(fileOf(kind, version), `${JSON.stringify({ kind, version, data: sample })}\n`)
  }
}

const files = readdirSync(fixtures, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl'))
const written = files.flatMap((name) => linesOf(join(fixtures, name)).map((line) => ({ name, line })))

describe('a kind of fact', () => {
  test.each(factKinds)('%s has a sample of its present version', (kind) => {
    expect(kinds[kind].schema.parse(kinds[kind].sample)).toEqual(kinds[kind].sample)
    expect(kinds[kind].kind).toBe(kind)
  })

  test.each(factKinds)('%s has a fixture of every version it ever had, and a step from each to the next', (kind) => {
    const { version, upcast: steps } = kinds[kind]
    const missing = Array.from({ length: version }, (_, index) => fileOf(kind, index + 1)).filter((file) => !existsSync(file))
    expect(missing, howTo).toEqual([])
    expect(steps).toHaveLength(version - 1)
  })
})

describe('a fact that any version wrote', () => {
  test.each(written)('is read by this one: $name', ({ line }) => {
    const { kind, version, data } = line
    if (!isFactKind(kind)) throw new Error(`${kind} is no kind of this version`)
    const present = upcast(kind, version, data)
    // Nothing is dropped on the way: what the schema does not know would be lost when facts are read and written again.
    expect(kinds[kind].schema.parse(present)).toEqual(present)
  })

  test('is folded and exported by this one, with what lies in blobs', async () => {
    const { autodidact, storage, log } = await opened()
    const texts = ['Once upon a time there was a report.', '[{"city":"Oslo"}]']
    const facts = written.map(({ line }, place) => {
      const kind = line.kind as FactKind
      const id = `fixture-${place}`
      const run = kind === 'knowledge.written' || kind === 'subject.forgotten' ? undefined : 'run-1'
      const envelope = { id, run, occurredAt: 1, source: 'fixture', trust: 'imported', digest: contentDigest(line) }
      return { ...envelope, kind, version: line.version, data: line.data, blobs: line.blobs } as NewFact
    })
    await storage.commit({ namespace: 'default', facts, blobs: texts.map((text) => ({ hash: textDigest(text), text })) })
    expect(await log()).toHaveLength(written.length)
    await expect(autodidact.learned(itemUsefulness)).resolves.toBeDefined()
    const long = []
    for await (const { data } of autodidact.export({ kinds: ['run.recorded'] })) if ('response' in data) long.push(data)
    expect(long).toContainEqual(expect.objectContaining({ response: [{ city: 'Oslo' }], steps: [{ action: 'read', output: { text: texts[0] } }] }))
  })
})

const add = (step: string) => (data: unknown): unknown => `${String(data)} ${step}`

test('older data goes through each step from its version on, in order', () => {
  const third = { kind: 'run.expired', version: 3, upcast: [add('1-2'), add('2-3')] } as const
  expect([1, 2, 3].map((version) => upcastBy(third, version, `v${version}`))).toEqual(['v1 1-2 2-3', 'v2 2-3', 'v3'])
})

describe('a fact of a version this one does not know', () => {
  test.each(factKinds)('%s is refused by name', (kind) => {
    const { version, sample } = kinds[kind]
    expect(() => upcast(kind, version + 1, sample)).toThrow(expect.objectContaining({ code: 'NEWER_VERSION', message: expect.stringContaining(kind) }))
  })

  test.each([
    ['version', 'UPDATE facts SET version = 99'],
    ['kind', "UPDATE facts SET kind = 'dream.dreamt'"],
  ])('in a file is refused by its %s, and the agent goes on without the learning layer', async (_what, change) => {
    const file = temporaryFile()
    const writer = await Autodidact.open(file)
    const { run } = await writer.record({ task: 'Refund order 1187', response: 'done', success: true })
    await writer.close()
    const database = new DatabaseSync(file)
    database.exec(change)
    database.close()
    const { autodidact } = await opened({}, file)
    await expect(autodidact.recall('Refund order 1187')).rejects.toMatchObject({ code: 'NEWER_VERSION' })
    await expect(autodidact.feedback(run, 'up')).rejects.toMatchObject({ code: 'NEWER_VERSION' })
    const advice = await autodidact.advise('Refund order 1187', { choices: { tool: ['a', 'b'] } })
    expect(advice).toMatchObject({ prompt: '', items: [], logged: false, warnings: [{ code: 'NEWER_VERSION' }] })
    expect(advice.choose['tool']).toMatch(/^[ab]$/)
  })
})
