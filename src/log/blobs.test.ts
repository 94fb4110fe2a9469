import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { Autodidact } from '../autodidact.ts'
import type { Policy } from '../decide/policy.ts'
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { logOf, opened } from '../../test/support/instance.ts'
import { asWritten, comparable, longestInline, payloadOf, whole } from './blobs.ts'
import { canonicalJson } from './canonical.ts'
import type { Fact, FactKind, NewFact } from './fact.ts'
import { kinds } from './kinds/index.ts'
import type { Json } from './payload.ts'
import { isFactKind } from './upcast.ts'

const words = (count: number, word: string): string => Array.from({ length: count }, (_, place) => `${word}${place}`).join(' ')
const long = words(5_000, 'wort')
const rows = Array.from({ length: 2_000 }, (_, place) => ({ id: place, city: `city ${place}` }))

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Bytes of the longest text anywhere in a value. */
const longestText = (value: unknown): number => {
  if (typeof value === 'string') return Buffer.byteLength(value)
  return typeof value === 'object' && value !== null ? Math.max(0, ...Object.values(value).map(longestText)) : 0
}

/** Gives every option another probability: the longest form that they have. */
const rising: Policy = {
  name: 'rising',
  estimated: false,
  weigh: (_, { options }) => Float64Array.from(options, (_option, place) => (2 * (place + 1)) / options.length / (options.length + 1)),
}

describe('a payload of more than 16 KB', () => {
  test('lies in the blob table under the hash of its content, once, and comes back whole', async () => {
    const { autodidact, storage, facts } = await opened()
    const { run } = await autodidact.record({ task: 'Summarise the report', response: long, steps: [{ action: 'read', output: { text: long } }], success: true })
    await autodidact.record({ task: 'Translate the report', response: long, success: true })
    const [first, second] = await facts('run.recorded')
    const preview = textOf(first?.data.response)
    expect(preview).toBe(`${long.slice(0, 512)}…`)
    expect(second?.data.response).toBe(preview)
    expect(first?.data.steps[0]?.output).toEqual({ text: preview })
    const hash = second?.blobs?.[0]?.hash ?? ''
    expect(first?.blobs).toEqual([
      { place: ['response'], hash, form: 'text' },
      { place: ['steps', 0, 'output', 'text'], hash, form: 'text' },
    ])
    expect(await storage.blob('default', hash)).toBe(long)
    const { items } = await autodidact.recall('Summarise the report')
    expect(items.find(({ id }) => id === run)?.response).toBe(long)
  })

  test('is one payload where none of its texts is long by itself', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.record({ task: 'List the cities', response: rows, steps: [{ action: 'query', output: { rows } }], success: true })
    expect(JSON.stringify((await facts('run.recorded'))[0]?.data).length).toBeLessThan(4_000)
    expect((await autodidact.recall('List the cities')).items[0]?.response).toEqual(rows)
  })

  test('is one payload where the ways to its texts are long', async () => {
    const { autodidact, facts } = await opened()
    const response = { ['k'.repeat(10_000)]: { a: long, b: long } }
    await autodidact.record({ task: 'a', response, success: true })
    expect((await facts('run.recorded'))[0]?.blobs).toMatchObject([{ place: ['response'], form: 'json' }])
    expect((await autodidact.recall('a')).items[0]?.response).toEqual(response)
  })

  test('stays inline up to the limit, in bytes', async () => {
    const { autodidact, facts } = await opened()
    const steps = [{ action: 'b', output: 'é'.repeat(8 * 1024) }, { action: 'c', output: 'é'.repeat(8 * 1024 + 1) }]
    await autodidact.record({ task: 'a', response: 'x'.repeat(16 * 1024), steps })
    const [fact] = await facts('run.recorded')
    expect(fact?.data.response).toHaveLength(16 * 1024)
    expect(fact?.data.steps[0]?.output).toHaveLength(8 * 1024)
    expect(fact?.blobs).toMatchObject([{ place: ['steps', 1, 'output'] }])
  })

  test('is found by words of its end, when it is the task or knowledge', async () => {
    const { autodidact, log } = await opened()
    const { run } = await autodidact.record({ task: `${long} zanzibar`, response: 'done', success: true })
    const { id } = await autodidact.remember({ title: `${words(5_000, 'titel')} yucatan`, content: `${words(5_000, 'satz')} xylophon` })
    expect((await autodidact.recall('zanzibar', { floor: 0 })).items).toMatchObject([{ id: run, task: `${long} zanzibar` }])
    for (const word of ['xylophon', 'yucatan']) {
      const { items } = await autodidact.recall(word, { floor: 0 })
      expect(items).toMatchObject([{ id, task: expect.stringMatching(/ yucatan$/), content: expect.stringMatching(/ xylophon$/) }])
    }
    expect(longestText((await log()).map(({ data }) => data))).toBeLessThan(longestInline)
  })

  test('is no burden of an advice, a decision, a correction, a comment or an error either', async () => {
    const { autodidact, log } = await opened({ points: { tool: { policy: rising } } })
    await autodidact.remember({ title: 'All cities', content: words(20_000, 'city') })
    const options = Array.from({ length: 6_000 }, (_, place) => `option ${place}`)
    const advice = await autodidact.advise(`All cities ${long}`, { choices: { tool: options }, recall: { floor: 0, tokens: 100_000, itemTokens: 100_000 } })
    expect(advice.prompt.length).toBeGreaterThan(100_000)
    await autodidact.record({ advice: advice.id, outcome: { success: false, error: long }, response: 'x', takeaway: advice.prompt })
    await autodidact.feedback(advice.run, { correction: rows, comment: long })
    for (const { kind, data } of await log()) expect([kind, longestText(data)]).toEqual([kind, expect.toSatisfy((length: number) => length <= longestInline)])
    expect((await autodidact.recall(long)).items[0]).toMatchObject({ id: advice.run, task: `All cities ${long}`, response: rows, replaced: 'x', takeaway: undefined })
    expect((await autodidact.explain(advice.run)).decisions[0]?.options).toHaveLength(options.length)
  })

  test('is the same answer as a correction of the same content, whichever came first', async () => {
    const { autodidact } = await opened()
    for (const response of [rows, long]) {
      const { run } = await autodidact.record({ task: 'a', response })
      expect((await autodidact.feedback(run, { correction: response })).standing).toBe('success')
      await autodidact.feedback('early', { correction: response }, { author: 'check', id: `of ${response.length}` })
      await autodidact.feedback('early', { retract: `of ${response.length}` })
    }
    await autodidact.feedback('early', { correction: `${long}!` }, { author: 'grace' })
    await autodidact.record({ run: 'early', task: 'a', response: long, steps: [{ action: 'x' }] })
    const { outcome } = await autodidact.explain('early')
    expect(outcome.votes.map(({ reward, stands }) => [reward, stands])).toEqual([[0, false], [1, false], [0, true]])
  })

  test('is written by no verb but in a kind that says where', () => {
    // What may be of any length, and stays in the fact: numbers that are read whenever the log is folded, and hashes of fixed length.
    const bounded = new Set(['advice.given features', 'run.recorded features', 'decision.made features', 'decision.made optionSet'])
    for (const kind of Object.keys(kinds).filter(isFactKind)) {
      const unbounded = unboundedIn(z.toJSONSchema(kinds[kind].schema, { io: 'input' })).filter((way) => !bounded.has(`${kind} ${way.split('.')[0]}`))
      expect([kind, new Set(unbounded)]).toEqual([kind, new Set(kinds[kind].long)])
    }
  })
})

interface Schema {
  readonly type?: string
  readonly maxLength?: number
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly additionalProperties?: Schema | false
  readonly $ref?: string
}

/** Ways to everything that a JSON schema lets be of any length: texts without a limit, and payloads, which refer to the schema of any JSON. */
const unboundedIn = (schema: unknown, way = ''): string[] => {
  const { type, maxLength, enum: among, properties = {}, items, anyOf = [], additionalProperties, $ref } = schema as Schema
  const below = (key: string): string => (way === '' ? key : `${way}.${key}`)
  if ($ref !== undefined || (type === 'string' && maxLength === undefined && among === undefined)) return [way]
  return [
    ...Object.entries(properties).flatMap(([key, entry]) => unboundedIn(entry, below(key))),
    ...anyOf.flatMap((entry) => unboundedIn(entry, way)),
    ...[items, additionalProperties].flatMap((entry) => (entry === undefined || entry === false ? [] : unboundedIn(entry, below('*')))),
  ]
}

/** Any JSON, among it texts that look like references in any form that there was, long texts, and long payloads without one. */
const payloads = (): fc.Arbitrary<Json> => {
  const hash = fc.string({ unit: fc.constantFrom('0', '1', '9', 'a', 'f'), minLength: 32, maxLength: 32 })
  const leaf = fc.oneof(
    { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json> },
    hash.map((name) => `${long.slice(0, 512)}…[blob ${name} of ${long.length} characters]`),
    hash.map((name) => JSON.stringify({ place: ['response'], hash: name, form: 'text' })),
    fc.constantFrom<Json>(long, `${long.slice(0, 512)}…`, rows, '\u{1F9E0}'.repeat(5_000), { blobs: [{ place: [], hash: '0'.repeat(32), form: 'json' }] }),
  )
  const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'a.b', '0', '*', 'blobs'))
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('tree'), { maxLength: 4 }), fc.array(fc.tuple(name, tie('tree')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries))),
  }))
  // As JSON has it: without negative zeros, and with well-formed texts.
  return tree.map((value) => JSON.parse(JSON.stringify(value, (_, entry: unknown) => (typeof entry === 'string' ? entry.toWellFormed() : entry))) as Json)
}

const shared = async (): Promise<{ autodidact: Autodidact; storage: SqliteStorage }> => {
  const storage = await SqliteStorage.open(':memory:')
  const autodidact = Autodidact.over(storage, { redact: false })
  onTestFinished(() => autodidact.close())
  return { autodidact, storage }
}

const exported = async (autodidact: Autodidact): Promise<Fact[]> => {
  const facts: Fact[] = []
  for await (const fact of autodidact.export()) facts.push(fact)
  return facts
}

const json = (value: unknown): string => JSON.stringify(value)

const hashesOf = (facts: readonly Fact[]): ReadonlySet<string> => new Set(facts.flatMap(({ blobs = [] }) => blobs.map(({ hash }) => hash)))

describe('whatever a payload says', () => {
  test('it comes back byte for byte, from record, feedback and remember', async () => {
    const { autodidact, storage } = await shared()
    let number = 0
    await fc.assert(
      fc.asyncProperty(payloads(), payloads(), payloads(), async (response, output, correction) => {
        const here = autodidact.in(`n${(number += 1)}`)
        const [title, content] = [JSON.stringify(output), `says ${JSON.stringify(response)}`]
        await here.record({ run: 'r', task: content, takeaway: title, response, steps: [{ action: 'x', input: response, output }, { action: 'y', output }] })
        await here.feedback('r', { correction, comment: content })
        await here.remember({ title, content })
        const [run, feedback, knowledge] = await exported(here)
        expect(run?.kind === 'run.recorded' && json([run.data.task, run.data.takeaway, run.data.response, run.data.steps])).toBe(
          json([content, title, response, [{ action: 'x', input: response, output }, { action: 'y', output }]]),
        )
        expect(feedback?.kind === 'feedback.received' && json([feedback.data.correction, feedback.data.comment])).toBe(json([correction, content]))
        expect(knowledge?.kind === 'knowledge.written' && json([knowledge.data.title, knowledge.data.content])).toBe(json([title, content]))
        for (const fact of await logOf(storage, `n${number}`)) {
          expect(longestText(fact.data)).toBeLessThanOrEqual(longestInline)
          expect(json(fact.blobs ?? []).length).toBeLessThan(4 * longestInline)
        }
        const { items } = await here.recall(content, { unverified: true, floor: 0 })
        const recalled = items.find(({ id }) => id === 'r')
        if (recalled !== undefined) expect(json([recalled.task, recalled.response, recalled.replaced])).toBe(json([content, correction, response]))
      }),
      { numRuns: 60 },
    )
  })

  test('erasing a fact takes its blobs and only its own', async () => {
    const { autodidact, storage } = await shared()
    let number = 0
    await fc.assert(
      fc.asyncProperty(fc.array(payloads(), { minLength: 2, maxLength: 5 }), fc.nat(), async (responses, chosen) => {
        const namespace = `n${(number += 1)}`
        const here = autodidact.in(namespace)
        for (const [place, response] of responses.entries()) await here.record({ run: `r${place}`, task: `task ${place}`, response })
        const before = await logOf(storage, namespace)
        const erased = `r${chosen % responses.length}`
        await here.forget({ facts: [erased] })
        const kept = hashesOf(before.filter(({ id }) => id !== erased))
        for (const hash of hashesOf(before)) expect((await storage.blob(namespace, hash)) === undefined).toBe(!kept.has(hash))
        const left = (await exported(here)).filter(({ kind }) => kind === 'run.recorded')
        expect(left.map(({ id, data }) => [id, 'response' in data && json(data.response)])).toEqual(
          responses.map((response, place) => [`r${place}`, json(response)]).filter(([id]) => id !== erased),
        )
      }),
      { numRuns: 100 },
    )
  })
})

const kindsOfFacts: readonly FactKind[] = Object.keys(kinds).filter(isFactKind)

test.each(kindsOfFacts)('a short %s is written as it is', (kind) => {
  const fact = { id: 'a', kind, version: 1, occurredAt: 1, source: 'test', trust: 'agent', digest: '', data: kinds[kind].sample } as unknown as NewFact
  const { facts, blobs } = asWritten([fact])
  expect(facts[0]).toBe(fact)
  expect(blobs).toEqual([])
})

const envelope = { id: 'a', version: 1, occurredAt: 1, source: 'test', trust: 'agent', digest: '' } as const

/** What a payload compares by once it was written, as the response of a run and as a correction. */
const comparableOf = (value: Json): readonly string[] => {
  const facts: readonly NewFact[] = [
    { ...envelope, kind: 'run.recorded', data: { ...kinds['run.recorded'].sample, response: value } },
    { ...envelope, kind: 'feedback.received', data: { correction: value } },
  ]
  return asWritten(facts).facts.flatMap((written) => {
    const fact = { ...written, sequence: 1, namespace: 'default', recordedAt: 1 }
    const payload = fact.kind === 'run.recorded' ? payloadOf(fact, 'response') : fact.kind === 'feedback.received' ? payloadOf(fact, 'correction') : undefined
    return payload === undefined ? [] : [comparable(payload)]
  })
}

/** Keys in reverse order, and blanks around a text: the same content. */
const otherwise = (value: Json): Json => (typeof value === 'string' ? ` \n${value}\u00a0\n` : reversed(value))

const reversed = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).reverse().map(([key, entry]) => [key, reversed(entry)]))
}

/** Another content, of the same length wherever that is possible; the difference is at the end, and inside of what is long. */
const changed = (value: Json): Json => {
  if (typeof value === 'string') return value.trim() === '' ? `${value}x` : `${value.trimEnd().slice(0, -1)}${value.trimEnd().endsWith('y') ? 'z' : 'y'}`
  if (Array.isArray(value)) return value.length === 0 ? [null] : [...value.slice(0, -1), changed(value.at(-1) ?? null)]
  if (typeof value !== 'object' || value === null) return typeof value === 'number' ? (value === 1 ? 2 : 1) : [value]
  const last = Object.entries(value).at(-1)
  return last === undefined ? { a: null } : { ...value, [last[0]]: changed(last[1]) }
}

const contentOf = (value: Json): string => canonicalJson([typeof value === 'string' ? value.trim() : value])

const expectComparable = (left: Json, right: Json): void => {
  const texts = new Set([...comparableOf(left), ...comparableOf(right)])
  expect(texts.size).toBe(contentOf(left) === contentOf(right) ? 1 : 2)
}

describe('two payloads compare as equal exactly where their content is', () => {
  /** Around the limit, where one of two forms of the same content may be longer than the other. */
  const edge = fc.integer({ min: longestInline - 8, max: longestInline + 8 })
  const texts = fc.oneof(edge.map((length) => 'x'.repeat(length)), edge.map((length) => `x${' '.repeat(length)}`), fc.constantFrom(long, 'x', '[1]', JSON.stringify(rows)), fc.string())
  const tables = fc.oneof(edge.map((length) => ({ b: 1, a: 'x'.repeat(length - 14) })), edge.map((length) => ({ z: 'x'.repeat(length), y: 'x'.repeat(length) })), fc.constantFrom<Json>(rows, [1], { b: long, a: long }))
  const any = fc.oneof(texts, tables, payloads())

  test('whatever they are, and however long', () => {
    fc.assert(
      fc.property(any, any, (value, other) => {
        expectComparable(value, otherwise(value))
        expectComparable(value, changed(value))
        expectComparable(value, other)
      }),
      { numRuns: 300 },
    )
  })

  test('wherever the limit falls between texts that lie apart and a payload that does as a whole', () => {
    const forms = new Set<string | undefined>()
    for (let length = longestInline - 700; length < longestInline - 560; length += 1) {
      const value = { b: long, a: 'x'.repeat(length) }
      expectComparable(value, otherwise(value))
      forms.add(comparableOf(value)[0]?.split(' ')[0])
    }
    expect(forms).toEqual(new Set(['parts', 'json']))
  })

  test('so a long answer that is right is credited as right', async () => {
    const { autodidact } = await opened()
    const turned = rows.map(({ id, city }) => ({ city, id }))
    const pairs: readonly (readonly [Json, Json])[] = [[rows, turned], [long, `${long}\n`], [{ a: long, b: `${long}!` }, { b: `${long}!`, a: long }]]
    for (const [response, correction] of pairs) {
      const { run } = await autodidact.record({ task: 'a', response })
      expect((await autodidact.feedback(run, { correction })).standing).toBe('success')
      expect((await autodidact.explain(run)).outcome.votes.map(({ reward }) => reward)).toEqual([1])
    }
  })
})

test('where a blob is gone, its beginning stays, and so does the reference to it', async () => {
  const { storage, autodidact, facts } = await opened()
  await autodidact.record({ task: 'a', response: { text: long, more: `${long}?` } })
  const [fact] = await facts('run.recorded')
  const gone = fact?.blobs?.[0]?.hash
  const holey = Object.assign(Object.create(storage) as SqliteStorage, {
    blob: async (namespace: string, hash: string) => (hash === gone ? undefined : storage.blob(namespace, hash)),
  })
  expect(fact && (await whole(holey, fact))).toMatchObject({ data: { response: { text: `${long.slice(0, 512)}…`, more: `${long}?` } }, blobs: [{ hash: gone }] })
})

test('ten megabytes of text are recorded and recalled', async () => {
  const { autodidact } = await opened()
  const response = 'x'.repeat(10_000_000)
  await autodidact.record({ task: 'Write very much', response, success: true })
  expect((await autodidact.recall('Write very much')).items[0]?.response).toBe(response)
})
