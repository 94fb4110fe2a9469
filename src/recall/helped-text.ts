import { percentText } from '../statistics/in-words.ts'

/** Rewards that are nearly whole runs are told as such. */
const nearlyWhole = 0.05

/**
 * How often something helped, in whole runs: verdicts that are believed less than others are less evidence, and no parts of runs.
 *
 * @param up sum of weight · reward
 * @param down sum of weight · (1 − reward)
 * @param runs how many were judged; by default as many as they weigh
 */
export const helpedText = (up: number, down: number, runs = Math.max(1, Math.round(up + down))): string => {
  const share = up / (up + down)
  const times = share * runs
  const whole = Math.round(times)
  return Math.abs(times - whole) < nearlyWhole ? `helped ${whole} of ${runs} times` : `helped in ${percentText(share)} of ${runs} ${runs === 1 ? 'run' : 'runs'}`
}
