// Computes medians and spreads. Ratios are computed for each round, so a slow round cancels out.
export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2
}

export const summaryOf = (numbers) => ({
  median: rounded(median(numbers)),
  lowest: rounded(Math.min(...numbers)),
  highest: rounded(Math.max(...numbers)),
})

const rounded = (number) => Number(number.toPrecision(5))

/** The median of the ratios of all rounds. */
export const ratioOf = (costs, others) => median(costs.map((cost, i) => cost / others[i]))

/** The median of these ratios, with the lowest and the highest one. */
export const ratioSummaryOf = (costs, others) => summaryOf(costs.map((cost, i) => cost / others[i]))
