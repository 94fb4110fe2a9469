import { Autodidact, AutodidactError, type ExportedFact, type ExportSettings } from '../index.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

const exported = async (autodidact: Autodidact, settings?: ExportSettings): Promise<ExportedFact[]> => {
  const facts: ExportedFact[] = []
  for await (const fact of autodidact.export(settings)) facts.push(fact)
  return facts
}

test('gives every fact of the namespace in the order of the log, and none of another', async () => {
  const autodidact = await Autodidact.open(':memory:')
  const advice = await autodidact.advise('refund order 1187', { choices: { tool: ['a', 'b'] } })
  const { run } = await autodidact.record({ advice, success: true })
  await autodidact.feedback(run, 'up', { id: 'praise' })
  await autodidact.feedback(run, { retract: 'praise' })
  await autodidact.remember('Refunds need a signature.')
  await autodidact.in('acme').remember('Nobody else knows.')
  const facts = await exported(autodidact)
  expect(facts.map(({ kind }) => kind)).toEqual([
    'advice.given',
    'decision.made',
    'run.recorded',
    'feedback.received',
    'feedback.retracted',
    'knowledge.written',
  ])
  const sequences = facts.map(({ sequence }) => sequence)
  expect(sequences).toEqual([...sequences].sort((left, right) => left - right))
  expect(JSON.stringify(facts)).not.toContain('Nobody else knows')
  await autodidact.close()
})

test('gives the facts of some runs, wherever they stand in the log', async () => {
  const autodidact = await Autodidact.open(':memory:')
  await autodidact.feedback('wanted', 'up')
  for (const run of ['other', 'wanted']) await autodidact.record({ run, task: 'refund order 1187', success: true })
  await autodidact.feedback('other', 'down')
  expect((await exported(autodidact, { runs: ['wanted', 'nowhere'] })).map(({ kind, run }) => [kind, run])).toEqual([['feedback.received', 'wanted'], ['run.recorded', 'wanted']])
  expect(await exported(autodidact, { runs: [] })).toEqual([])
  await autodidact.close()
})

test('puts long texts back wherever they stand', async () => {
  const autodidact = await Autodidact.open(':memory:', { redact: false })
  const long = 'a long story '.repeat(2_000)
  await autodidact.record({ run: 'long', task: `tell ${long}`, response: { parts: [long, 'short'] }, steps: [{ action: 'write', output: long }] })
  await autodidact.feedback('long', { correction: `${long}!` })
  await autodidact.remember(`${long}?`)
  const [run, feedback, knowledge] = await exported(autodidact)
  expect(run?.data).toMatchObject({ task: `tell ${long}`, response: { parts: [long, 'short'] }, steps: [{ output: long }] })
  expect(feedback?.data).toMatchObject({ correction: `${long}!` })
  expect(knowledge?.data).toMatchObject({ content: `${long}?` })
  await autodidact.close()
})

test('keeps whatever was recorded, as JSON lines too', async () => {
  const autodidact = await Autodidact.open(':memory:', { redact: false })
  let number = 0
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.string({ unit: 'binary' }).filter((task) => task.trim() !== ''), async (response, task) => {
      const run = `run-${(number += 1)}`
      await autodidact.record({ run, task, response })
      const last = (await exported(autodidact, { kinds: ['run.recorded'] })).at(-1)
      const line: ExportedFact = JSON.parse(JSON.stringify(last))
      // JSON itself has no negative zero.
      expect(line.data).toMatchObject({ task: task.toWellFormed(), response: JSON.parse(JSON.stringify(response)) })
    }),
    { numRuns: 50 },
  )
  await autodidact.close()
})

test('brings the options with the first decision that had them', async () => {
  const autodidact = await Autodidact.open(':memory:')
  const options = [{ id: 'a', description: 'the first' }, { id: 'b' }]
  for (let number = 0; number < 2; number += 1) await autodidact.decide('tool', options, { task: 'x' })
  await autodidact.decide('tool', ['c', 'd'], { task: 'x' })
  expect((await exported(autodidact)).map((fact) => fact.options)).toEqual([options, undefined, [{ id: 'c' }, { id: 'd' }]])
  await autodidact.close()
})

test('can be narrowed to kinds and to a time of writing', async () => {
  let now = 1_000
  const autodidact = await Autodidact.open(':memory:', { clock: () => now })
  await autodidact.record({ run: 'early', task: 'x', occurredAt: 9_000 })
  now = 2_000
  await autodidact.record({ run: 'late', task: 'x', occurredAt: 5 })
  await autodidact.feedback('late', 'up')
  expect((await exported(autodidact, { since: 2_000 })).map(({ kind }) => kind)).toEqual(['run.recorded', 'feedback.received'])
  expect((await exported(autodidact, { since: 2_000, kinds: ['run.recorded'] })).map(({ id }) => id)).toEqual(['late'])
  expect(await exported(autodidact, { kinds: [] })).toEqual([])
  await autodidact.close()
})

test('of an empty namespace is empty, and of an unknown kind an error that names the known ones', async () => {
  const autodidact = await Autodidact.open(':memory:')
  expect(await exported(autodidact)).toEqual([])
  const error: unknown = await exported(autodidact, JSON.parse('{"kinds": ["run.invented"]}')).catch((reason: unknown) => reason)
  expect(AutodidactError.is(error) && error.code).toBe('INVALID_INPUT')
  expect(String(error)).toContain('run.recorded')
  await autodidact.close()
})
