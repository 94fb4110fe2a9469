/** Milliseconds as people say them. */
export const durationText = (milliseconds: number): string => {
  if (milliseconds < 1_000) return `${milliseconds < 10 ? Number(milliseconds.toPrecision(2)) : Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1_000
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const minutes = seconds / 60
  return minutes < 120 ? `${minutes < 10 ? minutes.toFixed(1) : Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`
}

export const percentText = (share: number): string => `${Math.round(share * 100)} %`

/** A number with at most three digits that tell something. */
export const numberText = (value: number): string => (Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3))))

/** An interval of 95 %. */
export const rangeText = ({ low, high }: { readonly low: number; readonly high: number }, text: (value: number) => string): string => `95 %: ${text(low)} to ${text(high)}`
