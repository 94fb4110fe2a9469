import { expect, test } from 'vitest'
import { complexityOf } from './complexity.ts'

const short = 'a'.repeat(100)

test.each([
  ['nothing but a short description', { description: short }, 'low'],
  ['three dependencies', { description: short, dependencies: ['a', 'b', 'c'] }, 'low'],
  ['four dependencies', { description: short, dependencies: ['a', 'b', 'c', 'd'] }, 'medium'],
  ['a long description, an intricate category', { description: 'a'.repeat(201), category: 'auth' }, 'medium'],
  ['the same in any other category', { description: 'a'.repeat(201), category: 'frontend' }, 'low'],
  ['a description of medium length, much effort', { description: 'a'.repeat(101), effort: 5.5 }, 'medium'],
  ['some effort, two dependencies', { description: short, effort: 3, dependencies: ['a', 'b'] }, 'low'],
  ['much effort, an intricate category, two dependencies', { description: short, effort: 6, category: 'database', dependencies: ['a', 'b'] }, 'high'],
])('%s: %j', (_, workload, complexity) => {
  expect(complexityOf(workload)).toBe(complexity)
})
