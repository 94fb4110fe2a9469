import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AutodidactError, wordsOf } from '../errors.ts'
import type { Model } from '../models/model.ts'

/** What a module with a model looks like. */
export const modelModule = "export default { name: 'my-model', generate: async ({ messages, schema }) => ({ text: '{\"operations\": []}' }) }"

const isModel = (value: unknown): value is Model =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' && 'generate' in value && typeof value.generate === 'function'

/**
 * The model that a module exports, as its default or under the name `model`. Runs the code of the module.
 *
 * @throws AutodidactError `INVALID_INPUT`, `CANNOT_OPEN`
 */
export const modelIn = async (path: string): Promise<Model> => {
  let loaded: unknown
  try {
    loaded = await import(pathToFileURL(resolve(path)).href)
  } catch (cause) {
    throw new AutodidactError('CANNOT_OPEN', `The model "${path.slice(0, 200)}" cannot be loaded: ${wordsOf(cause).slice(0, 500)}. Pass the path of a module: ${modelModule}`, { cause })
  }
  const { default: standard, model }: { readonly default?: unknown; readonly model?: unknown } = typeof loaded === 'object' && loaded !== null ? loaded : {}
  const found = [standard, model].find(isModel)
  if (found === undefined) throw new AutodidactError('INVALID_INPUT', `"${path.slice(0, 200)}" exports no model, neither as its default nor as "model". It must look like: ${modelModule}`)
  return found
}
