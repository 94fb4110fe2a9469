import { expect, test } from 'vitest'
import { parsePast, parseUntil } from './times.ts'

const dayMs = 24 * 3_600_000

test.each([
  ['2026-03-31', '2026-03-31T00:00:00.000Z', '2026-03-31T23:59:59.999Z'],
  ['2026-03-31T09:30', '2026-03-31T09:30:00.000Z', '2026-03-31T09:30:00.000Z'],
  ['2026-03-31T09:30:15.5Z', '2026-03-31T09:30:15.500Z', '2026-03-31T09:30:15.500Z'],
  ['2026-03-31T09:30+02:00', '2026-03-31T07:30:00.000Z', '2026-03-31T07:30:00.000Z'],
])('%s begins at %s and ends at %s, whatever the zone of the machine', (value, start, end) => {
  expect(new Date(parsePast(value)).toISOString()).toBe(start)
  expect(new Date(parseUntil(value)).toISOString()).toBe(end)
})

test('days are counted from now', () => {
  expect(Math.abs(parsePast('40d') - (Date.now() - 40 * dayMs))).toBeLessThan(60_000)
  expect(Math.abs(parseUntil('40d') - (Date.now() + 40 * dayMs))).toBeLessThan(60_000)
})

// `Date.parse` takes these for years and months: "40" for 2040, before which everything is.
test.each(['40', '1', '7', '90', '2026', '2026-3-1', '03/31/2026', '31 March 2026', '2026-03-31 09:30', '2026-13-45', '2026-02-30', '2026-02-29T10:00Z', '2026-02-28T25:00', '', ' ', '1.5d', '-3d', '9999999d', 'soon'])('%j is no time', (value) => {
  expect(() => parsePast(value)).toThrow(/such as 2026-12-31/)
  expect(() => parseUntil(value)).toThrow(/such as 90d/)
})
