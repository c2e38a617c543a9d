/** A time as the contract writes it (RFC 3339), in UTC.
 * @param seconds since 1970, whole */
export const timestamp = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
