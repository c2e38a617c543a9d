/** Formats a time as the contract requires (RFC 3339), in UTC.
 * @param seconds whole seconds since 1970 */
export const timestamp = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
