import { expect, test } from 'vitest'
import { addAllDrawn, addDrawn, type DrawnBy, drawnByFrom, isShared } from './drawn-by.ts'

test('what is taken back leaves nothing', () => {
  const by: DrawnBy = new Map()
  addDrawn(by, 1, 'offered', undefined, 0.5)
  addDrawn(by, 1, 'withheld', undefined, 1)
  addDrawn(by, 1, 'offered', 0.5, undefined)
  expect([...by]).toEqual([[1, { offered: { judged: 0, sum: 0 }, withheld: { judged: 1, sum: 1 } }]])
  addDrawn(by, 1, 'withheld', 1, undefined)
  expect(by.size).toBe(0)
})

test('of very many reporters those with most runs are kept, through saving and uniting', () => {
  const by: DrawnBy = new Map()
  for (let run = 0; run < 3; run += 1) addDrawn(by, 7, 'offered', undefined, 0)
  for (let reporter = 100; reporter < 300; reporter += 1) addDrawn(by, reporter, 'withheld', undefined, 1)
  expect([by.size, by.get(7)?.offered.judged]).toEqual([64, 3])
  const united = drawnByFrom(JSON.parse(JSON.stringify([...by])) as Parameters<typeof drawnByFrom>[0])
  addAllDrawn(united, by)
  expect(united.get(7)?.offered.judged).toBe(6)
  expect(by.get(7)?.offered.judged).toBe(3)
})

test('nobody makes room for a run that is changed or taken back, of whoever made room before', () => {
  const by: DrawnBy = new Map()
  for (let reporter = 0; reporter < 65; reporter += 1) addDrawn(by, reporter, 'offered', undefined, 0)
  const kept = [...by.keys()]
  addDrawn(by, 0, 'offered', 0, 1)
  addDrawn(by, 0, 'offered', 1, undefined)
  expect([...by.keys()]).toEqual(kept)
})

test('a difference is shared where it is there without anyone', () => {
  const by: DrawnBy = new Map()
  for (const reporter of [1, 2]) for (let run = 0; run < 4; run += 1) for (const [arm, reward] of [['offered', 0], ['withheld', 1]] as const) addDrawn(by, reporter, arm, undefined, reward)
  const trial = { offered: { judged: 8, sum: 0 }, withheld: { judged: 8, sum: 8 } }
  expect(isShared(trial, by)).toBe(true)
  expect(isShared({ offered: { judged: 4, sum: 0 }, withheld: { judged: 4, sum: 4 } }, new Map([...by].slice(0, 1)))).toBe(false)
})
