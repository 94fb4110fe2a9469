import { hashText } from '../hash.ts'

type Settings = Readonly<Record<string, number | string | boolean | undefined>>

/**
 * The name of a learner with these settings: its own name where all are the defaults, otherwise followed by a hash of them. State is saved by
 * name, and what was learned with another setting is another state.
 */
export const learnerName = (name: string, settings: Settings, defaults: Settings): string => {
  const differing = Object.keys(defaults)
    .sort()
    .filter((setting) => settings[setting] !== defaults[setting])
    .map((setting) => [setting, settings[setting]])
  if (differing.length === 0) return name
  return `${name}-${hashText(JSON.stringify(differing)).toString(16).padStart(8, '0')}`
}
