const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** Formats a size, such as `900 B` or `1.5 MiB`. */
export const inUnits = (bytes: number): string => {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  const value = bytes / 1024 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? ''}`
}

/** Formats a number with its noun, such as `1 account` or `2 accounts`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
