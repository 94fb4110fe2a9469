import { describe, expect, test } from 'vitest'
import { wording } from './wording.ts'

test.each<readonly [string, string]>([
  ['> "Use the OLD server!"', 'use the old server'],
  ['- Use the **old** server.', 'Use\n  the old _server_'],
  ['2. Use it.\n3. Keep it.', 'Use it; keep it'],
  ['\\"Use\\\\n it\\" \\u2014 now', 'Use it now'],
  ['<note>Use it</note>', 'note: Use it (note)'],
  ['✅ well-known', 'well known'],
  ['What? Really …', 'what, really'],
])('%j is worded as %j', (left, right) => {
  expect(wording(left)).toEqual(wording(right))
})

test.each<readonly [string, string]>([
  ['Use C.', 'Use C++.'], ['Use C++.', 'Use C#.'], ['Stop if code == 5.', 'Stop if code != 5.'], ['Stop above > 5.', 'Stop above < 5.'], ['It is 5.', 'It is -5.'], ['-5 degrees', '5 degrees'], ['It costs $100.', 'It costs €100.'],
  ['It costs 100 €.', 'It costs 100 $.'], ['It is 100%.', 'It is 100.'], ['It is 1.5.', 'It is 1,5.'], ['It is 10.00.', 'It is 10 00.'], ['Run a && b.', 'Run a || b.'], ['Rated 👍', 'Rated 👎'], ['x = y + 1', 'x = y - 1'],
  ['x = y * 2', 'x = y / 2'], ['Keep `!ready`.', 'Keep `ready`.'], ['Read a/b.', 'Read a.b.'], ['Read .env', 'Read env'], ['Use List<string>.', 'Use List<number>.'], ['Pass <string>.', 'Pass <number>.'], ['Résumé Ltd.', 'Resume Ltd.'],
])('%j is worded otherwise than %j', (left, right) => {
  expect(wording(left)).not.toEqual(wording(right))
})

describe('a text of signs only', () => {
  test('has no words', () => {
    expect([wording(''), wording('!!!'), wording('"…"')]).toEqual([[], [], []])
  })

  test.each(['!', '-', '#', '<', '=', '/', '(1) ', '😀', '\\', 'a.', '1,', '<a'])('is read once, however often it has %j', (sign) => {
    expect(wording(sign.repeat(200_000)).length).toBeLessThanOrEqual(sign.length * 200_000)
  })
})
