import { expect, test } from 'vitest'
import { relationOf, statementOf } from './statement.ts'

test.each([
  ['Always use tabs.', 'Never use tabs.'],
  ['Deploy on Fridays.', "Don't deploy on Fridays."],
  ['Enable caching for images', 'Disable caching for images'],
  ['Retries are allowed here', 'Retries are forbidden here'],
])('%j and %j are opposites', (left, right) => {
  const [first, second] = [statementOf(left), statementOf(right)]
  expect([...first.terms]).toEqual([...second.terms])
  expect(relationOf(first, second)).toBe('opposite')
  expect(relationOf(second, first)).toBe('opposite')
})

test('no is not no', () => {
  expect(statementOf('Never avoid tests').isNegative).toBe(statementOf('Use tests').isNegative)
  expect(statementOf('The cant of the client is a restaurant payment').terms.has('restaur')).toBe(true)
})

const between = (left: string, right: string): string => relationOf(statementOf(left), statementOf(right))

test.each([
  ['Run the linter before you commit.', 'Run the linter after you commit.'],
  ['Sign refunds above 100 euro.', 'Sign refunds below 100 euro.'],
  ['Sign refunds over 100 euro.', 'Sign refunds under 100 euro.'],
  ['Turn on caching for images.', 'Turn off caching for images.'],
  ['Increase the timeout of the client.', 'Decrease the timeout of the client.'],
  ['Build the image with the cache.', 'Build the image without the cache.'],
  ['Use more workers at night.', 'Use fewer workers at night.'],
  ['Start the daemon in the script.', 'Stop the daemon in the script.'],
  ['Logins of guests are allowed.', 'Logins of guests are denied.'],
  ['Enable the cache and disable the proxy.', 'Disable the cache and enable the proxy.'],
  ['Never deploy before noon.', 'Deploy before noon.'],
  ['Never deploy after noon.', 'Never deploy before noon.'],
  ['Rechnungen vor dem Versand drucken.', 'Rechnungen nach dem Versand drucken.'],
])('%j contradicts %j', (left, right) => {
  expect([between(left, right), between(right, left)]).toEqual(['opposite', 'opposite'])
})

test.each([
  ['Check the first row for the header.', 'Check the last row for the header.'],
  ['Retry 3 times.', 'Retry 5 times.'],
  ['Wait 30 seconds.', 'Wait 30 minutes.'],
  ['The limit is 10 MB.', 'The limit is 10GB.'],
  ['Use v2 of the parser.', 'Use v3 of the parser.'],
  ['A refund needs one signature.', 'A refund needs two signatures.'],
  ['Open the valve at -5 degrees.', 'Open the valve at 5 degrees.'],
  ['A call costs $100.', 'A call costs €100.'],
  ['Push the image to the registry.', 'Pull the image to the registry.'],
  ['Open the file before you read.', 'Close the file before you read.'],
  ['Run the linter before you commit.', 'Run the linter when you commit.'],
])('%j is something else than %j', (left, right) => {
  expect([between(left, right), between(right, left)]).toEqual(['different', 'different'])
})

test.each([
  ['Refunds above 100 need a second signature.', 'refunds above 100: a second signature is needed!'],
  ['Wait 30 seconds.', 'Wait 30s.'],
  ['A call costs 5 euros.', 'A call costs €5.'],
  ['Never deploy before noon.', 'Deploy after noon.'],
  ['Do not disable the cache.', 'Enable the cache.'],
  ['Enable the cache before you disable the proxy.', 'Enable the cache before you disable the proxy'],
])('%j is the same as %j', (left, right) => {
  expect([between(left, right), between(right, left)]).toEqual(['same', 'same'])
})
