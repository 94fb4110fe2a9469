/** A share as people say it. */
export const percentText = (share: number): string => `${Math.round(share * 100)} %`

/** A difference with its sign, also where it is above 0. */
export const signedText = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
