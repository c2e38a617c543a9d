// Formats figures.

/** Formats a number with three digits, or with all digits before the decimal point. */
export const figure = (number) => {
  const size = Math.abs(number)
  return number.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}

export const ratio = (number) => number.toFixed(2)

const spread = ({ lowest, highest }, write) => `${write(lowest)} – ${write(highest)}`

/** The median with the spread over the rounds. */
export const withSpread = (summary, write = figure) => `${write(summary.median)} (${spread(summary, write)})`
