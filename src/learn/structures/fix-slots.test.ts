import { array, assert, constant, constantFrom, oneof, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { filledSteps, type MetError, takenOver } from './fix-slots.ts'
import type { FixStep } from './recoveries.ts'

const shell = (input: string): FixStep[] => [{ action: 'shell', input }]
const filled = (steps: FixStep[], met: MetError, other: MetError) => filledSteps(takenOver(steps, met).slotted, other)

test.each<[what: string, steps: FixStep[], met: MetError, other: MetError, expected: FixStep[]]>([
  ['a quoted name', shell('pip install numpy'), { message: "No module named 'numpy'" }, { message: "No module named 'pandas'" }, shell('pip install pandas')],
  ['a part of a word', shell('pip install "numpy==1.2"'), { message: "No module named 'numpy'" }, { message: "No module named 'pandas'" }, shell('pip install "pandas==1.2"')],
  ['a number', shell('kill $(lsof -t -i:8080)'), { message: 'address :8080 is in use' }, { message: 'address :3000 is in use' }, shell('kill $(lsof -t -i:3000)')],
  ['a number of JSON', [{ action: 'free', input: { port: 8080 } }], { message: 'port 8080 is in use' }, { message: 'port 3000 is in use' }, [{ action: 'free', input: { port: 3000 } }]],
  ['a path', shell('chmod u+w /srv/a/b.log'), { message: 'cannot write /srv/a/b.log: denied' }, { message: 'cannot write /var/c.log: denied' }, shell('chmod u+w /var/c.log')],
  ['an id in several steps', [{ action: 'unlock', input: 'deadbeef01' }, { action: 'retry', input: { job: 'deadbeef01' } }], { message: 'job deadbeef01 is locked' }, { message: 'job cafe017733 is locked' }, [{ action: 'unlock', input: 'cafe017733' }, { action: 'retry', input: { job: 'cafe017733' } }]],
  ['words of the input', shell('sudo apt install vim'), { message: 'are you root?', input: 'apt install vim' }, { message: 'are you root?', input: 'apt install jq curl' }, shell('sudo apt install jq curl')],
  ['a field of the input', [{ action: 'open', input: { path: 'a b', mode: 'r' } }], { message: 'it is busy', input: { path: 'a b' } }, { message: 'it is busy', input: { path: 'c' } }, [{ action: 'open', input: { path: 'c', mode: 'r' } }]],
  ['one of several that stand alike', shell('tar xf b2.tar'), { message: "bad 'a1.tar' bad 'b2.tar'" }, { message: "bad 'c3.tar' bad 'd4.tar'" }, shell('tar xf d4.tar')],
])('%s is filled in', (_, steps, met, other, expected) => {
  expect(filled(steps, met, other)).toEqual({ steps: expected, isComplete: true })
  expect(filled(steps, met, met)).toEqual({ steps, isComplete: true })
})

test.each<[what: string, steps: FixStep[], met: MetError, other: MetError, shown: unknown]>([
  ['what the other error does not say', shell('pip install numpy'), { message: "No module named 'numpy'" }, { message: 'No module' }, 'pip install <slot 1>'],
  ['what stands beside other words', shell('pip install numpy'), { message: "No module named 'numpy'" }, { message: "this app needs 'pandas' now" }, 'pip install <slot 1>'],
  ['one of a number of parts that differs', shell('tar xf b2.tar'), { message: "bad 'a1.tar' bad 'b2.tar'" }, { message: "bad 'c' bad 'd' bad 'e'" }, 'tar xf <slot 1>'],
  ['a command', shell('pip install numpy'), { message: "No module named 'numpy'" }, { message: "No module named 'x;rm -rf ~'" }, 'pip install <slot 1>'],
  ['an option', shell('pip install numpy'), { message: "No module named 'numpy'" }, { message: "No module named '--pre'" }, 'pip install <slot 1>'],
  ['an input that was not told', shell('sudo apt install vim'), { message: 'are you root?', input: 'apt install vim' }, { message: 'are you root?' }, 'sudo <slot 1>'],
])('%s is not filled in', (_, steps, met, other, shown) => {
  expect(filled(steps, met, other)).toEqual({ steps: [{ action: 'shell', input: shown }], isComplete: false })
})

test('an error does not choose the program', () => {
  const steps = shell('reboot now')
  expect(takenOver(steps, { message: "run 'reboot' now", tool: 'shell' }).slotted).toEqual({ steps, slots: [] })
  expect(takenOver(shell('reboot'), { message: "run 'reboot'", tool: 'shell' }).slotted.slots).toEqual([])
  expect(takenOver([{ action: 'restart', input: 'db' }], { message: "connection to 'db' refused", tool: 'query' }).slotted.slots).toHaveLength(1)
})

test('a number that may be the same by chance is none of the error', () => {
  const message = 'at 1 at 2 at 3 at 4'
  expect(takenOver(shell('head -n 3 log'), { message }).slotted.slots).toEqual([])
  expect(takenOver(shell('rebuild shard 7'), { message: 'shard 7 is corrupt' }).slotted.slots).toHaveLength(1)
})

test('steps that look as if they had slots are left alone', () => {
  const steps = shell("echo '<slot 1>' numpy")
  expect(takenOver(steps, { message: "No module named 'numpy'" }).slotted).toEqual({ steps, slots: [] })
})

const word = constantFrom("'numpy'", "'b'", 'numpy', '8080', '7', '/tmp/a', 'the', 'in', 'is', 'bad', 'deadbeef01', ':', 'git', 'push', '"x y"', '<slot 1>', '-v', '__proto__')
const text = array(word, { maxLength: 8 }).map((words) => words.join(' '))
const input = oneof(text, record({ path: text, port: constantFrom(7, 8080, 1.5), list: array(text, { maxLength: 2 }) }), constant(undefined))
const step = record({ action: constantFrom('shell', 'git'), input }).map((one): FixStep => (one.input === undefined ? { action: one.action } : { action: one.action, input: one.input }))

test('what is taken over from an error is what that error fills in', () => {
  assert(
    property(array(step, { maxLength: 3 }), text, input, (steps, message, given) => {
      const met = { message, input: given, tool: 'shell' }
      const { slotted, withWords } = takenOver(steps, met)
      expect(filledSteps(slotted, met)).toEqual({ steps, isComplete: true })
      if (withWords !== undefined) expect(filledSteps(withWords, met)).toEqual({ steps, isComplete: true })
    }),
    { numRuns: 2000 },
  )
})

test('a long hostile error takes no time', () => {
  const message = `${"'a".repeat(50_000)} ${'1 '.repeat(50_000)}`
  expect(filledSteps(takenOver(shell(`cat ${'1 a '.repeat(400)}`), { message }).slotted, { message }).isComplete).toBe(true)
})
