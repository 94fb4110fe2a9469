import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import { blobHash } from './blobs.ts'

const words = (count: number, word: string): string => Array.from({ length: count }, (_, place) => `${word}${place}`).join(' ')
const long = words(5_000, 'wort')
const rows = Array.from({ length: 2_000 }, (_, place) => ({ id: place, city: `city ${place}` }))

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

describe('a payload of more than 16 KB', () => {
  test('lies in the blob table under the hash of its content, once, and comes back whole', async () => {
    const { autodidact, storage, facts } = await opened()
    const { run } = await autodidact.record({ task: 'Summarise the report', response: long, steps: [{ action: 'read', output: { text: long } }], success: true })
    await autodidact.record({ task: 'Translate the report', response: long, success: true })
    const [first, second] = await facts('run.recorded')
    const reference = textOf(first?.data.response)
    expect(reference.length).toBeLessThan(1_000)
    expect(reference.startsWith('wort0 wort1 ')).toBe(true)
    expect(second?.data.response).toBe(reference)
    expect(first?.data.steps[0]?.output).toEqual({ text: reference })
    expect(await storage.blob('default', blobHash(reference) ?? '')).toBe(long)
    const { items } = await autodidact.recall('Summarise the report')
    expect(items.find(({ id }) => id === run)?.response).toBe(long)
  })

  test('is one payload where none of its texts is long by itself', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.record({ task: 'List the cities', response: rows, steps: [{ action: 'query', output: { rows } }], success: true })
    expect(JSON.stringify((await facts('run.recorded'))[0]?.data).length).toBeLessThan(4_000)
    expect((await autodidact.recall('List the cities')).items[0]?.response).toEqual(rows)
  })

  test('stays inline up to the limit, in bytes', async () => {
    const { autodidact, facts } = await opened()
    const steps = [{ action: 'b', output: 'é'.repeat(8 * 1024) }, { action: 'c', output: 'é'.repeat(8 * 1024 + 1) }]
    await autodidact.record({ task: 'a', response: 'x'.repeat(16 * 1024), steps })
    const data = (await facts('run.recorded'))[0]?.data
    expect(data?.response).toHaveLength(16 * 1024)
    expect(data?.steps[0]?.output).toHaveLength(8 * 1024)
    expect(blobHash(textOf(data?.steps[1]?.output))).toBeDefined()
  })

  test('is found by words of its end, when it is the task or knowledge', async () => {
    const { autodidact, log } = await opened()
    const { run } = await autodidact.record({ task: `${long} zanzibar`, response: 'done', success: true })
    const { id } = await autodidact.remember(`${words(5_000, 'satz')} xylophon`)
    expect((await autodidact.recall('zanzibar', { floor: 0 })).items).toMatchObject([{ id: run, task: `${long} zanzibar` }])
    expect((await autodidact.recall('xylophon', { floor: 0 })).items).toMatchObject([{ id, content: expect.stringMatching(/ xylophon$/) }])
    expect(JSON.stringify(await log()).length).toBeLessThan(20_000)
  })

  test('is no burden of an advice, a correction, a comment or an error either', async () => {
    const { autodidact, log } = await opened()
    const advice = await autodidact.advise(long)
    expect(advice.task).toBe(long)
    await autodidact.record({ advice: advice.id, outcome: { success: false, error: long }, response: 'x' })
    await autodidact.feedback(advice.run, { correction: rows, comment: long })
    expect(JSON.stringify(await log()).length).toBeLessThan(200_000)
    const texts = (await log()).flatMap(({ data }) => Object.values(data).filter((value) => typeof value === 'string'))
    expect(Math.max(...texts.filter((text) => text.startsWith('wort')).map(({ length }) => length))).toBeLessThan(1_000)
    expect((await autodidact.recall(long)).items[0]).toMatchObject({ id: advice.run, task: long, response: rows, replaced: 'x' })
  })

  test('is the same answer as a correction of the same content', async () => {
    const { autodidact } = await opened()
    const { run } = await autodidact.record({ task: 'a', response: rows })
    expect((await autodidact.feedback(run, { correction: rows })).standing).toBe('success')
    expect((await autodidact.recall('a', { unverified: true })).items).toHaveLength(1)
  })
})

test('a text that only looks like the name of a blob stays as it is', async () => {
  const { autodidact } = await opened()
  const response = `see …[blob ${'0'.repeat(32)} of 5 characters]`
  await autodidact.record({ task: 'Explain blobs', response, success: true })
  expect((await autodidact.recall('Explain blobs')).items[0]?.response).toBe(response)
})

test('ten megabytes of text are recorded and recalled', async () => {
  const { autodidact } = await opened()
  const response = 'x'.repeat(10_000_000)
  await autodidact.record({ task: 'Write very much', response, success: true })
  expect((await autodidact.recall('Write very much')).items[0]?.response).toBe(response)
})
