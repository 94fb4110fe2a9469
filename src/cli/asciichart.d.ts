// The package brings no types. Only what is used here.
declare module 'asciichart' {
  interface PlotSettings {
    readonly min?: number
    readonly max?: number
    /** Rows between `min` and `max`; the plot has one more. */
    readonly height?: number
    /** The label of a row. */
    readonly format?: (value: number) => string
  }
  const asciichart: { plot(series: readonly number[], settings?: PlotSettings): string }
  export default asciichart
}
