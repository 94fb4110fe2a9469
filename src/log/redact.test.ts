import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import { createRedact } from './redact.ts'

/** Of the right shape and random content: nobody's. */
const secrets = {
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P',
  openAi: 'sk-proj-9aK3x7QpLm2VtR8sWz41',
  anthropic: 'sk-ant-api03-Zx81-kLqPw_92aB',
  aws: 'AKIAIOSFODNN7EXAMPLE',
  google: 'AIzaSyA1234567890abcdefghijklmnopqrstuv',
  gitHub: 'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  gitLab: 'glpat-zG4xQ9aLmT7vYb2K',
  slack: 'xoxb-2048-1024-aBcDeFgHiJ',
  stripe: ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc'].join('_'),
  npm: 'npm_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6',
}

describe('what has the shape of a secret is masked', () => {
  const redact = createRedact()

  test.each<[string, string]>([
    ...Object.values(secrets).map((secret): [string, string] => [`use ${secret} for it`, secret]),
    ['Authorization: Bearer 9f8c7b6a5d4e3f2a1b0c', '9f8c7b6a5d4e3f2a1b0c'],
    ['authorization: basic YWRhOmxvdmVsYWNlMTgxNQ==', 'YWRhOmxvdmVsYWNlMTgxNQ=='],
    ['postgres://ada:l0vel4ce@db.example.org/shop', 'l0vel4ce'],
    ['redis://:hunter22@cache:6379', 'hunter22'],
    ['password: correct-horse', 'correct-horse'],
    ['export OPENAI_API_KEY="q8Zr1LwT"', 'q8Zr1LwT'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'wJalrXUtnFEMI/K7MDENG'],
    ['DB_PASSWORD=Pa55word!', 'Pa55word!'],
    ['{\\"refreshToken\\": \\"1//0gabcDEF\\"}', '1//0gabcDEF'],
    ["'client_secret': 'GOCSPX-12ab34'", 'GOCSPX-12ab34'],
    ['AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEK7Y', 'wJalrXUtnFEMI'],
    ['id AKIAIOSFODNN7EXAMPLE,\nand the other half wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEK7Y.', 'wJalrXUtnFEMI'],
    ['the secret of the bucket: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEK7Y', 'wJalrXUtnFEMI'],
    ['AWS secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEK7Y', 'wJalrXUtnFEMI'],
    ['The wifi password is c0rrecthorse.', 'c0rrecthorse'],
    ['the password is "hunter22!"', 'hunter22'],
    // These begin like names of algorithms and versions.
    ['the password is ps1234567890', 'ps1234567890'],
    ['The secret is md12345678.', 'md12345678'],
    ['the secret is v1.2.3-a99999999999', 'a99999999999'],
    ['my api key is 9f8c7b6a5d4e3f2a1b0c', '9f8c7b6a5d4e3f2a1b0c'],
    ['The token was: tr0ub4dor&3, I think', 'tr0ub4dor'],
    ['the PIN is 482913', '482913'],
    ['the PIN is 482913 for all', '482913'],
    ['the password is A1B2_C3D4', 'A1B2'],
    // These begin with the name of what they are.
    ['token: TOKEN_4EC9599FC203D176A301536C2E091A19', '4EC9599'],
    ['password = MY_SECRET_A8F5F167F44F4964', 'A8F5F1'],
    ['the token is XOXB_TOKEN_123456789012', '123456'],
    ['the password is PIN_482913_77', '482913'],
    ['the PIN is 482913 a colleague said', '482913'],
    ['password: correct.horse', 'correct'],
    ['the token is user!.token9', 'token9'],
    ['Das Passwort ist geh3imnis', 'geh3imnis'],
    ['the secret is KqWxMbTzRnVpLsJdHfGyCaEu', 'KqWxMb'],
    ['card 4111 1111 1111 1111', '1111'],
    ['card 4111-1111-1111-1111.', '1111'],
    ['4111111111111111', '4111111111111111'],
    ['maestro 6304000000000000000', '63040'],
    ['amex 3782 822463 10005', '822463'],
    ['card 4111 1111 1111 1111 12/27', '4111'],
    ['card 4111 1111 1111 1111 123', '4111'],
    ['order 42 4111111111111111', '4111111111111111'],
    ['both 4111 1111 1111 1111 5500 0000 0000 0004', '5500'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
    ['-----BEGIN PRIVATE KEY-----\nMIIEow (cut off', 'MIIEow'],
  ])('%j', (given, secret) => {
    const masked = redact(given, 'task')
    expect(masked).not.toContain(secret)
    expect(masked).toMatch(/\[(?:key|token|password|secret|card number|private key)\]/)
    expect(redact(masked, 'task')).toBe(masked)
  })

  test('what stands around it stays', () => {
    expect(redact('card 4111 1111 1111 1111 12/27, order 7', 'task')).toBe('card [card number] 12/27, order 7')
    expect(redact(`curl -H "Authorization: Bearer ${secrets.openAi}" https://example.org`, 'task')).toBe('curl -H "Authorization: Bearer [key]" https://example.org')
    expect(redact('postgres://ada:l0vel4ce@db/shop', 'task')).toBe('postgres://ada:[password]@db/shop')
  })
})

describe('what is no secret stays', () => {
  const redact = createRedact()

  test.each([
    'order 1234567890123456',
    'call 0049 30 1234567 or 555-0199',
    'at 1767225600000, 2026-01-01T00:00:00.000Z',
    'ISBN 978-3-16-148410-0',
    'uuid 123e4567-e89b-12d3-a456-426614174000',
    'commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
    'the password is wrong, and so is the token',
    'the primary key: customer_id',
    'the token is invalid, and the password is unchanged since Monday',
    'the secret is patience; the password is case-sensitive',
    'the token is base64-encoded, and the key is 128-bit',
    'the token is 256-bit, the password is sha256-hashed',
    'the password is $DB_PASSWORD2 and the token is ~/.config/token1.txt',
    'the access key is customer_identifier',
    'The token is base64 encoded, and the secret is AES256 encrypted.',
    'The password is sha256 hashed; the token is HMAC-SHA256, or OAuth2, as RFC7519 says.',
    'The reset pin is GPIO17, the chip select pin is GPIO_5.',
    'the private key is keys/id_ed25519.pem',
    'The token is v1.2.3-rc1, and the secret is 2026-11-22T10:00:00Z',
    'the password is DB_PASSWORD_1, and the token is API_TOKEN_V2',
    'the password is read as password = DB_PASSWORD_1',
    'the token is user?.token, the secret is config.v2.clientSecret',
    'const token = user?.token; const apiKey = process.env.OPENAI_API_KEY',
    'password = os.environ["DB"] or password: getPassword()',
    'the pull-up of the reset pin is 100000 ohms',
    'the frequency of the clock pin is 16000000 Hz',
    'the secret is stored under https://vault.example.org/v1/kv2',
    'the secret is in commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
    'secret santa drew 123e4567-e89b-12d3-a456-426614174000',
    'password hash e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'AvatarSecretImage data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk',
    'https://example.org/secret/iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAf',
    'max_tokens = 1000000',
    'basic responsibilities of the bearer of bad news',
    'Basic authentication/authorization is deprecated',
    'a task-oriented, risk-averse-and-long-compound',
    'use sk-learn-compatible-estimators',
    'npm_config_user_agent_of_the_package_manager',
    'https://example.org:8080/path?key=value',
    'see https://example.org/a:b@c',
    'ada@example.org',
    '3.141592653589793238',
    'SELECT secret FROM tokens WHERE password IS NULL',
  ])('%j', (text) => {
    expect(redact(text, 'task')).toBe(text)
  })
})

test('e-mail addresses are masked only when asked', () => {
  expect(createRedact({ email: true })('write to Ada.Lovelace+x@mail.example.org, or @ada at 5@6', 'task')).toBe('write to [e-mail], or @ada at 5@6')
  expect(createRedact()('ada@example.org', 'task')).toBe('ada@example.org')
})

test('what was masked comes through a second time as it is', () => {
  const redact = createRedact({ email: true })
  const pieces = fc.constantFrom(...Object.values(secrets), 'password: ', 'token=', '"', '4111 1111 1111 1111', ' ', '\n', 'bearer ', '@', 'ada@b.org', '://', ':')
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 8 }), (parts) => {
      const masked = redact(parts.join(' '), 'task')
      expect(redact(masked, 'task')).toBe(masked)
    }),
    { numRuns: 500 },
  )
})

const failing = (): string => {
  throw new Error('mask server is down')
}

describe('a record with secrets in it', () => {
  const secret = secrets.gitHub
  const run = {
    task: `push with ${secret}`,
    context: { header: `Bearer ${secrets.jwt}`, size: 3 },
    response: { steps: [{ log: [`used ${secret}`] }] },
    takeaway: `the token is ${secret}`,
    steps: [{ action: 'login', input: { password: 'correct-horse', nested: [{ apiKey: 'q8Zr1LwT' }] }, output: { Authorization: 'opaque-value', token: null } }],
    outcome: { success: false, error: new Error(`bad credentials ${secret}`) },
  }

  test('goes into the log without them, at any depth', async () => {
    const { autodidact, log } = await opened()
    const advice = await autodidact.advise(run.task, { context: run.context, choices: { tool: ['a', 'b'] } })
    await autodidact.decide('tool', ['a', 'b'], { advice, context: run.context })
    await autodidact.record({ advice, ...run })
    await autodidact.feedback(advice.run, { correction: { answer: [secret] }, comment: `because of ${secret}` })
    await autodidact.remember({ title: secret, content: `the key is ${secret}` })
    const written = JSON.stringify(await log())
    for (const word of [secret, secrets.jwt, 'correct-horse', 'q8Zr1LwT', 'opaque-value']) expect(written).not.toContain(word)
    expect((await log()).filter((fact) => JSON.stringify(fact.data).includes('[key]')).map(({ kind }) => kind)).toEqual([
      'advice.given',
      'run.recorded',
      'feedback.received',
      'knowledge.written',
    ])
  })

  test('also where they are numbers, which otherwise stay numbers', async () => {
    const { autodidact, facts } = await opened()
    const numbers = { card: 4_111_111_111_111_111, password: 48_151_623, order: 1_187, view: 1_795_259_281_656, share: 411_111.5, owed: -250_000 }
    const { run } = await autodidact.record({ task: 'pay', response: [numbers], steps: [{ action: 'pay', input: numbers }] })
    await autodidact.feedback(run, { correction: { rows: [[4_111_111_111_111_111, 7]] } })
    const masked = { ...numbers, card: '[card number]', password: '[secret]' }
    expect((await facts('run.recorded'))[0]?.data).toMatchObject({ response: [masked], steps: [{ input: masked }] })
    expect((await facts('feedback.received'))[0]?.data.correction).toEqual({ rows: [['[card number]', 7]] })
  })

  test('also where a list of them, or of such lists, has the name', async () => {
    const { autodidact, facts } = await opened()
    const response = { password: ['hunter22', ['hunter23', 1_234_567], { note: 'hunter24' }], words: ['hunter25'], token: [7] }
    await autodidact.record({ task: 'log in', response, steps: [{ action: 'secret', output: ['hunter26'] }] })
    const [fact] = await facts('run.recorded')
    expect(fact?.data.response).toEqual({ password: ['[secret]', ['[secret]', '[secret]'], { note: 'hunter24' }], words: ['hunter25'], token: [7] })
    expect(fact?.data.steps[0]?.output).toEqual(['hunter26'])
  })

  test('is not found by them', async () => {
    const { autodidact } = await opened()
    await autodidact.record({ ...run, outcome: { success: true } })
    expect((await autodidact.recall(secret)).items).toEqual([])
    expect((await autodidact.recall('push with')).items).toHaveLength(1)
  })

  test('keeps them where masking is off', async () => {
    const { autodidact, facts } = await opened({ redact: false })
    await autodidact.record(run)
    expect((await facts('run.recorded'))[0]?.data.task).toBe(run.task)
  })

  test("goes through the host's own mask, which is told the field", async () => {
    const fields: string[] = []
    const custom = (text: string, field: string): string => {
      fields.push(field)
      return text.replaceAll('Ada', '[person]')
    }
    const { autodidact, facts } = await opened({ redact: { custom } })
    await autodidact.record({ task: 'Ada', response: { to: ['Ada'] }, steps: [{ action: 'x', output: 'Ada' }], takeaway: 'Ada' })
    expect((await facts('run.recorded'))[0]?.data).toMatchObject({ task: '[person]', response: { to: ['[person]'] }, steps: [{ output: '[person]' }], takeaway: '[person]' })
    expect(fields.sort()).toEqual(['response.to.0', 'steps.0.output', 'takeaway', 'task'])
  })

  test('is not written when the mask fails, and the agent still gets an answer', async () => {
    const { autodidact, log } = await opened({ redact: { custom: failing } })
    await expect(autodidact.advise('a')).resolves.toMatchObject({ logged: false, warnings: [{ code: 'INVALID_INPUT', message: expect.stringContaining('mask server is down') }] })
    await expect(autodidact.record({ task: 'a' })).rejects.toThrow('mask server is down')
    const done = await autodidact.run({ task: 'a' }, () => 'response')
    expect(done).toMatchObject({ response: 'response', receipt: undefined })
    expect(await log()).toEqual([])
  })
})

test('megabytes that are nearly a secret are read once, not once for each of their characters', () => {
  const redact = createRedact({ email: true })
  const megabytes = 2_000_000
  // Each of these took minutes where a pattern read on from every place to the end; the test would time out.
  const [letters, blanks, digits] = ['a', ' ', '1'].map((character) => character.repeat(megabytes))
  for (const text of [`${letters}@`, `${blanks}key`, `${digits}`, `${'a.'.repeat(megabytes / 2)}://`, '123 '.repeat(megabytes / 4), 'eyJ-'.repeat(megabytes / 4), 'sk-'.repeat(megabytes / 3)]) {
    expect(redact(text, 'task')).toHaveLength(text.length)
  }
})
