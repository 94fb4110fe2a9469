import assert from 'node:assert/strict'

type TypedArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array

const isTypedArray = (value: unknown): value is TypedArray => ArrayBuffer.isView(value) && !(value instanceof DataView)

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)

const fieldsOf = (value: object): Map<unknown, unknown> => {
  if (value instanceof Map) return value
  if (Array.isArray(value) || isTypedArray(value)) return new Map(Array.from(value as ArrayLike<unknown>, (item, index) => [index, item]))
  assert(isPlain(value), `${value.constructor.name} cannot be looked into: a state that is merged or inverted must be plain data, maps and arrays`)
  return new Map(Object.entries(value))
}

/**
 * Throws unless two values of plain data, maps, arrays and typed arrays are equal, with numbers compared within `tolerance`. Maps and objects may
 * have their keys in any order; undefined and absent are the same.
 */
export const assertNearlyEqual = (left: unknown, right: unknown, tolerance = 1e-9, path = 'state'): void => {
  if (typeof left === 'number' && typeof right === 'number') {
    assert(Object.is(left, right) || Math.abs(left - right) <= tolerance, `${path} is ${left} on one side and ${right} on the other`)
    return
  }
  if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
    assert.deepEqual(left, right, `${path} differs`)
    return
  }
  const [ours, theirs] = [fieldsOf(left), fieldsOf(right)]
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) assertNearlyEqual(ours.get(key), theirs.get(key), tolerance, `${path}.${String(key)}`)
}
