import { fewestInTrend, type Trend } from '../evaluate/metrics/trend.ts'
import type { ConfidenceInterval } from '../statistics/means.ts'
import type { ShareDifference } from '../statistics/newcombe.ts'
import type { Share } from '../statistics/share.ts'
import { durationText, percentText } from '../statistics/in-words.ts'
import type { Gain, Recommendation } from './recommendations/recommendation.ts'

/** The part of something that is gone; below 0 there is more of it. */
export const fewerText = (reduction: number): string =>
  Math.round(reduction * 100) === 0 ? 'no fewer' : `${percentText(Math.abs(reduction))} ${reduction < 0 ? 'more' : 'fewer'}`

/** A number with at most three digits that tell something. */
export const numberText = (value: number): string => (Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3))))

/** How many there are of something. @param one what one of them is called */
export const countText = (count: number, one: string): string => `${numberText(count)} ${count === 1 ? one : `${one}s`}`

/** A share with the interval in which the true one lies; a dash where nothing was counted. */
export const shareText = ({ rate, low, high }: Share): string => (rate === undefined ? '–' : `${percentText(rate)} (${Math.round(low * 100)} to ${Math.round(high * 100)})`)

const probabilityText = (p: number): string => (p < 0.001 ? 'p < .001' : `p = ${p.toFixed(3).replace(/^0/, '')}`)

const signed = (value: number, text: (value: number) => string): string => `${value < 0 ? '−' : '+'}${text(Math.abs(value))}`

/** A trend with the evidence for it: the statistic and the probability of the test, and how many runs it is of. */
export const trendText = ({ direction, runs, tau, z, adjusted }: Trend): string => {
  if (runs < fewestInTrend) return runs === 0 ? '–' : `no evidence: ${runs} of ${fewestInTrend} runs`
  const evidence = `τ = ${signed(tau, (size) => size.toFixed(2))}, z = ${signed(z, (size) => size.toFixed(1))}, ${probabilityText(adjusted)}, n = ${runs}`
  return direction === 'none' ? `no evidence: ${evidence}` : `${direction}: ${evidence}`
}

const pointsText = (value: number): string => signed(value, (size) => String(Math.round(size * 100)))

/** A difference of shares in points, with its interval. */
export const differenceText = ({ difference, low, high }: ShareDifference): string => `${pointsText(difference)} points (${pointsText(low)} to ${pointsText(high)})`

/** How many times as much, with its interval. */
export const ratioText = ({ value, low, high }: ConfidenceInterval): string => `× ${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`

/** What a recommendation would bring. */
export const gainText = ({ measure, perRun, share, interval }: Gain): string => {
  if (measure === 'success') return `+${Math.round(perRun * 100)} points of success${interval === undefined ? '' : ` (at least ${Math.round(interval.low * 100)})`}`
  const amount = measure === 'duration' ? durationText(perRun) : `${numberText(perRun)} ${measure}`
  return `−${amount} a run (${percentText(share)})`
}

/** Who did it. */
export const agentText = (agent: string | undefined): string => agent ?? '(unnamed)'

/** The day of a time, in UTC. */
export const dayText = (time: number | undefined): string => (time === undefined ? '' : new Date(time).toISOString().slice(0, 10))

/** What has helped against the error that a recommendation is about; undefined where nothing is known. */
export const fixText = ({ fix }: Pick<Recommendation, 'fix'>): string | undefined => {
  if (fix === undefined) return undefined
  const steps = fix.steps.map(({ action, input }) => (input === undefined ? action : `${action}: ${typeof input === 'string' ? input : JSON.stringify(input)}`))
  return `${[...(fix.approach === undefined ? [] : [fix.approach]), ...steps].join('; ')} (confidence ${percentText(fix.confidence)})`
}
