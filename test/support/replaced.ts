import type { Storage } from '../../src/storage/storage.ts'

/** The storage with some methods replaced. */
export const replaced = (storage: Storage, methods: Partial<Storage>): Storage =>
  new Proxy(storage, {
    get: (_target, key) => {
      const value: unknown = Reflect.get(Object.hasOwn(methods, key) ? methods : storage, key)
      return typeof value === 'function' ? value.bind(storage) : value
    },
  })
