import { canonicalJson } from '../../log/canonical-json.ts'
import { hashText } from '../hash.ts'
import { type FixStep, inputText } from './recoveries.ts'

const hex = (text: string): string => hashText(text).toString(16).padStart(8, '0')

/**
 * The same for the same fix: by its name, or by what is done, but for what it takes over from the error.
 *
 * @param steps with slots where they take something over
 */
export const fixId = (approach: string | undefined, steps: readonly FixStep[]): string => {
  const text = approach ?? canonicalJson(steps.map(({ action, input }) => [action, inputText(input).replace(/\s+/g, ' ')]))
  return `fix_${hex(text)}${hex(`again ${text}`)}`
}
