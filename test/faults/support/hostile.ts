/** What a program without types may hand over, by name. Making it runs no code; reading some of it does. */
export const hostile: Readonly<Record<string, unknown>> = {
  'undefined': undefined,
  'null': null,
  'true': true,
  'zero': 0,
  'below zero': -1,
  'a fraction': 1.5,
  'NaN': Number.NaN,
  'infinite': Number.POSITIVE_INFINITY,
  'infinite below zero': Number.NEGATIVE_INFINITY,
  'beyond exact integers': 2 ** 53,
  'a huge number': 1e308,
  'a bigint': 10n,
  'an empty text': '',
  'a blank text': ' \n\t\u3000',
  'a text': 'x',
  // Beyond every length that is looked at apart; `input.test.ts` has 10 MB.
  '2 MB of text': 'x'.repeat(2_000_000),
  'half a character': 'a\ud83e',
  'every plane': 'ä語\u{1F9E0}\u{20BB7}\u{30EDE}\u{E0041}\u{10FFFD}',
  'a zero byte': 'a\0b',
  '__proto__': '__proto__',
  'constructor': 'constructor',
  'a symbol': Symbol('s'),
  'a function': () => 1,
  'no items': [],
  'null in a list': [null],
  'a list in a list': [[]],
  'a list with holes': Array.from<unknown>({ length: 3 }),
  '10,000 items': Array.from({ length: 10_000 }, (_, place) => `option ${place}`),
  'doubled items': ['a', 'a'],
  'no fields': {},
  'no prototype': Object.create(null),
  'cyclic': cyclic(),
  'polluting': JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
  'polluting with a list': JSON.parse('{"__proto__": ["a", "b"]}'),
  'polluting with a text': JSON.parse('{"__proto__": "a"}'),
  'a date': new Date(0),
  'no date': new Date(Number.NaN),
  'a map': new Map([['task', 'x']]),
  'a set': new Set(['x']),
  'bytes': new Uint8Array(3),
  'an error': new Error('e'),
  'an error without words': Object.assign(new Error('e'), { name: Symbol('n'), message: Object.create(null) as unknown }),
  'a pattern': /x/,
  'a promise': Promise.resolve('x'),
  'a key of 1 MB': { ['k'.repeat(1_000_000)]: 1 },
  'half a character as key': { 'a\ud83e': 'b' },
  'a text in a box': Object('x'),
  'nearly a list': { length: 2, 0: 'a', 1: 'b' },
  'nested deeply': JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
}

function cyclic(): unknown {
  const circle: Record<string, unknown> = { task: 'x' }
  return Object.assign(circle, { self: circle })
}

/** The same, and values that run code when somebody looks at them: for whatever is checked by a schema. */
export const runningCode: Readonly<Record<string, unknown>> = {
  ...hostile,
  'a field that fails': Object.defineProperty({}, 'task', { enumerable: true, get: fail }),
  'a proxy that fails': new Proxy({}, { get: fail, has: fail, ownKeys: fail }),
}

function fail(): never {
  throw new Error('the value runs code')
}
