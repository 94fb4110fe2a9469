import { expect, test } from 'vitest'
import { kinds } from '../../log/kinds/index.ts'
import type { FactOf } from '../../log/fact.ts'
import { parallelIn } from './steps.ts'

type Step = FactOf<'run.recorded'>['data']['steps'][number]

const recorded = (steps: readonly Step[]): FactOf<'run.recorded'> => ({
  kind: 'run.recorded', id: 'r', run: 'r', namespace: 'default', sequence: 1, version: kinds['run.recorded'].version, occurredAt: 0, recordedAt: 0, source: 'host', trust: 'agent',
  data: { ...kinds['run.recorded'].sample, task: 'read what there is', steps: [...steps] },
})

const reading = (path: string, output: string, durationMs = 10): Step => ({ action: 'read', input: { path }, output, ok: true, durationMs })

const saved = (...steps: readonly Step[]): number => parallelIn([recorded(steps)])[0]?.durationMs ?? 0

test('steps that take nothing from one another could be done at the same time; the longest remains', () => {
  expect(saved(reading('north.csv', 'rows', 10), reading('south.csv', 'rows', 30), reading('east.csv', 'rows', 20))).toBe(30)
})

test('a step waits for any result behind which its input was first known, not only the one before it', () => {
  expect(saved(reading('index.txt', 'see harbour.csv'), reading('south.csv', 'rows'), reading('harbour.csv', 'rows'))).toBe(10)
  expect(saved(reading('index.txt', 'see'), reading('south.csv', 'rows'), reading('harbour.csv', 'rows'))).toBe(20)
})

test('a step whose result is not known, and the same call again, are no reason to say that others need not wait', () => {
  expect(saved(reading('north.csv', ''), reading('south.csv', 'rows'))).toBe(0)
  expect(saved(reading('north.csv', 'rows'), reading('south.csv', 'rows'), reading('north.csv', 'rows'))).toBe(10)
  expect(saved(reading('north.csv', 'x'.repeat(20_001)), reading('south.csv', 'rows'))).toBe(0)
})

test('each result is looked at a few times, however many steps there are', () => {
  let looks = 0
  const steps = Array.from({ length: 300 }, (_, place): Step => {
    const step = reading(`file ${place}.csv`, '')
    return Object.defineProperty(step, 'output', { enumerable: true, get: () => ((looks += 1), `rows of ${place}`) })
  })
  const run = recorded([])
  parallelIn([{ ...run, data: { ...run.data, steps } }])
  expect(looks).toBeLessThan(10 * steps.length)
})
