import { canonicalJson } from '../../log/canonical-json.ts'
import type { Json } from '../../log/payload.ts'
import { hashText } from '../hash.ts'
import { withSlots } from './error-template.ts'
import { type FixStep, inputText } from './recoveries.ts'

const hex = (text: string): string => hashText(text).toString(16).padStart(8, '0')

/** The same for the same fix: by its name, or by what is done, but for words of the failed input that it takes over. */
export const fixId = (approach: string | undefined, steps: readonly FixStep[], failed: Json | undefined): string => {
  const text = approach ?? canonicalJson(steps.map(({ action, input }) => [action, withSlots(inputText(input), inputText(failed))]))
  return `fix_${hex(text)}${hex(`again ${text}`)}`
}
