import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

const decided = async (points: readonly string[]) => {
  const { autodidact } = await opened({ points: { configured: {} } })
  for (const point of points) await autodidact.decide(point, ['a', 'b'])
  return autodidact
}

const refusal = async (points: readonly string[], point: string): Promise<string> => {
  const autodidact = await decided(points)
  return autodidact.evaluate({ point, policy: 'uniform' }).then(() => '', ({ message }: Error) => message)
}

const warningsOf = async (points: readonly string[], point: string): Promise<readonly string[]> => {
  const autodidact = await decided(points)
  const { warnings } = await autodidact.experiments.start({ point })
  return warnings
}

test('a point at which nothing was decided is refused with those at which something was', async () => {
  expect(await refusal(['tool', 'model', 'tool'], 'tol')).toBe('Nothing was ever decided at a choice point "tol" here. Decided was at "tool", "model". Did you mean "tool"? Check its name and the namespace.')
  expect(await refusal(['tool'], 'something else')).toBe('Nothing was ever decided at a choice point "something else" here. Decided was at "tool". Check its name and the namespace.')
  expect(await refusal([], 'tool')).toContain('Nor was it at any other one.')
  expect(await refusal(Array.from({ length: 25 }, (_, place) => `point ${place}`), 'zzzzzzzzzzzz')).toContain('"point 19", and 5 more.')
})

test('an experiment may begin there, and is warned', async () => {
  expect(await warningsOf(['tool', 'model'], 'tol')).toEqual([
    'Nothing was decided at "tol" yet. Decided was at "tool", "model". Did you mean "tool"? Without decisions there, nothing will come of it: stop it if the name is wrong.',
  ])
  expect(await warningsOf(['model', 'tool'], 'tool')).toEqual([])
  expect(await warningsOf(['tool'], 'configured')).toEqual([])
  // The first word of a program may be its experiment.
  expect(await warningsOf([], 'tool')).toEqual([])
})

test('what "fixed" would have earned is told of its option', async () => {
  const autodidact = await decided(['tool'])
  const { answer, policy } = await autodidact.evaluate({ point: 'tool', policy: { name: 'fixed', option: 'b' } })
  expect(policy).toBe('fixed')
  expect(answer).toMatch(/^No answer for "fixed" \("b"\) at "tool": /)
})
