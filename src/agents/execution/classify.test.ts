import { describe, expect, test } from 'vitest'
import { AutodidactError } from '../../errors.ts'
import { classifyError, type ErrorClass } from './classify.ts'

const withCode = (code: string, message = 'failed'): Error => Object.assign(new Error(message), { code })

const known: readonly (readonly [ErrorClass, unknown])[] = [
  ['transient', withCode('ETIMEDOUT')],
  ['transient', withCode('ECONNRESET')],
  ['transient', new Error('429 Too Many Requests')],
  ['transient', new Error('the request timed out')],
  ['transient', Object.assign(new Error('no'), { status: 503 })],
  ['transient', { statusCode: 429 }],
  ['transient', { response: { status: 503 } }],
  ['transient', Object.assign(new Error('Request failed with status code 503'), { name: 'AxiosError', code: 'ERR_BAD_RESPONSE', response: { status: 503, data: 'no' } })],
  ['transient', { message: 'reply', response: { statusCode: '429' } }],
  ['fatal', new Error('failed', { cause: { response: { status: 403 } } })],
  ['infrastructure', { statusCode: 500, response: { status: 200 } }],
  ['unknown', { response: { status: 204 } }],
  ['unknown', { response: 'no' }],
  ['transient', new DOMException('The operation timed out', 'TimeoutError')],
  ['transient', new TypeError('fetch failed', { cause: withCode('UND_ERR_CONNECT_TIMEOUT') })],
  ['transient', withCode('SQLITE_BUSY', 'database is locked')],
  ['infrastructure', withCode('ECONNREFUSED')],
  ['infrastructure', new TypeError('fetch failed', { cause: withCode('ENOTFOUND') })],
  ['infrastructure', withCode('ENOSPC', 'no space left on device')],
  ['infrastructure', { status: 500, message: 'oops' }],
  ['infrastructure', 'bash: kubectl: command not found'],
  ['task-specific', new TypeError("Cannot read properties of undefined (reading 'x')")],
  ['task-specific', new SyntaxError('Unexpected token }')],
  ['task-specific', withCode('ENOENT', "no such file or directory, open 'x'")],
  ['task-specific', 'AssertionError: expected 1 to be 2'],
  ['task-specific', "ModuleNotFoundError: No module named 'numpy'"],
  ['task-specific', { status: 404 }],
  ['fatal', { status: 401 }],
  ['fatal', withCode('EACCES', 'permission denied')],
  ['fatal', new Error('Incorrect API key provided: invalid key')],
  ['fatal', new Error('429: you exceeded your current plan: insufficient quota, check billing')],
  ['unknown', new Error('the moon is in the wrong phase')],
  ['unknown', new AutodidactError('STORAGE_FAILED', 'something')],
  ['unknown', undefined],
  ['unknown', 7],
  ['unknown', { status: 200 }],
]

describe('the class of an error', () => {
  test.each(known)('%s: %o', (expected, error) => {
    expect(classifyError(error)).toBe(expected)
  })

  test('is that of the innermost cause that says something, however deep or circular the causes are', () => {
    const reset = withCode('ECONNRESET')
    expect(classifyError(new Error('step failed', { cause: new Error('validation failed', { cause: reset }) }))).toBe('transient')
    const circular = new Error('invalid input')
    circular.cause = circular
    expect(classifyError(circular)).toBe('task-specific')
  })

  test('can be told of anything that can be thrown', () => {
    const hostile = new Proxy({}, { get: () => { throw new Error('hands off') } })
    expect(classifyError(hostile)).toBe('unknown')
    expect(classifyError({ message: { length: 3 }, code: 7n, name: null })).toBe('unknown')
    expect(classifyError(new Error(`${'x'.repeat(5_000_000)} ECONNRESET`))).toBe('transient')
  })
})
