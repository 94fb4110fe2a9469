/** A share as people say it. */
export const percentText = (share: number): string => `${Math.round(share * 100)} %`

/** The end of an interval: rounded to whole percents it would often be the limit that it lies beyond, or nothing. */
export const boundText = (share: number): string => `${(share * 100).toFixed(1)} %`

/** A difference with its sign, also where it is above 0. */
export const signedText = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`

/** Milliseconds as people say them. */
export const durationText = (milliseconds: number): string => {
  if (milliseconds < 1_000) return `${milliseconds < 10 ? Number(milliseconds.toPrecision(2)) : Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1_000
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const minutes = seconds / 60
  return minutes < 120 ? `${minutes < 10 ? minutes.toFixed(1) : Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`
}
