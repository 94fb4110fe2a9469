import { array, assert, boolean, constantFrom, double, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sumsOf } from './use-counts.ts'
import { addReport, type Named, reporterOf, type Reports, reportsOf, savedReports, stateByReports } from './use-reports.ts'

const authors = new Set(['ada'])

const bad = { reward: 0, weight: 1 }
const good = { reward: 1, weight: 1 }

const reported = (...said: readonly (readonly [Named, typeof bad])[]): Reports => {
  const reports = reportsOf()
  for (const [by, verdict] of said) addReport(reports, reporterOf(by, authors), sumsOf(verdict), 1)
  return reports
}

const often = <Value>(count: number, value: Value): Value[] => Array.from({ length: count }, () => value)

const after = (said: readonly (readonly [Named, typeof bad])[], alone = false) => {
  const up = said.filter(([, verdict]) => verdict === good).length
  return stateByReports('experimental', { uses: said.length, up, down: said.length - up }, reported(...said), alone)
}

describe('an item that failed', () => {
  it('stays while one of several says so, however often', () => {
    expect(after(often(50, [{ agent: 'eve' }, bad]))).toBe('experimental')
    expect(after([...often(5, [{ agent: 'eve' }, bad] as const), [{ agent: 'bob' }, bad]])).toBe('deprecated')
  })

  it('is not deprecated by one, because another one used it well', () => {
    expect(after([...often(9, [{ agent: 'eve' }, bad] as const), [{ agent: 'bob' }, good]])).toBe('experimental')
  })

  it('is deprecated by whoever wrote it, and by whoever is the only one', () => {
    expect(after(often(9, [{ agent: 'ada' }, bad]))).toBe('deprecated')
    expect(after(often(9, [{ agent: 'eve' }, bad]), true)).toBe('deprecated')
  })

  it('one person with several agents is one', () => {
    expect(after([...often(5, [{ agent: 'x', user: 'eve' }, bad] as const), [{ agent: 'y', user: 'eve' }, bad]])).toBe('experimental')
  })
})

describe('an item that does well', () => {
  it('is not validated by its author alone, where there are others', () => {
    expect(after(often(50, [{ agent: 'ada' }, good]))).toBe('experimental')
    expect(after(often(50, [{ agent: 'ada' }, good]), true)).toBe('validated')
    expect(after([...often(50, [{ agent: 'ada' }, good] as const), [{ agent: 'bob' }, good]])).toBe('validated')
  })

  it('is validated by another, also one, and by the author in the name of somebody else', () => {
    expect(after(often(5, [{ agent: 'bob' }, good]))).toBe('validated')
    expect(after(often(5, [{ agent: 'ada', user: 'grace' }, good]))).toBe('validated')
  })
})

it('what is taken back leaves nothing behind', () => {
  const said = array(record({ agent: constantFrom('ada', 'eve', undefined), reward: double({ min: 0, max: 1, noNaN: true }), back: boolean() }), { maxLength: 40 })
  assert(
    property(said, (all) => {
      const [taken, never] = [reportsOf(), reportsOf()]
      for (const { agent, reward, back } of all) {
        addReport(taken, reporterOf({ agent }, authors), sumsOf({ reward, weight: 1 }), 1)
        if (!back) addReport(never, reporterOf({ agent }, authors), sumsOf({ reward, weight: 1 }), 1)
      }
      for (const { agent, reward, back } of all) if (back) addReport(taken, reporterOf({ agent }, authors), sumsOf({ reward, weight: 1 }), -1)
      expect(savedReports(taken).failures).toEqual(savedReports(never).failures)
      expect(taken.own.uses).toBe(never.own.uses)
      expect(taken.own.up).toBeCloseTo(never.own.up, 9)
    }),
  )
})
