import { pbkdf2Sync } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { createPasswords } from '../../src/accounts/passwords.ts'
import { parseHash } from '../../src/accounts/stored-hashes.ts'

const salt = 'c29tZSBzYWx0'
const digest = 'A'.repeat(43)
const argon2 = (parameters: string, kind = 'argon2id'): string => `$${kind}$v=19$${parameters}$${salt}$${digest}`
const bcrypt = (cost: string, prefix = '2b'): string => `$${prefix}$${cost}$${'a'.repeat(21)}.${'a'.repeat(30)}.`
const sha256 = `${'A'.repeat(43)}=`

/** A hash in the form of Django, whose salt may be long. */
const ofLength = (length: number): string => {
  const longSalt = 'x'.repeat(length - 'pbkdf2_sha256$1000$$'.length - sha256.length)
  const key = pbkdf2Sync('1234', longSalt, 1000, 32, 'sha256')
  return `pbkdf2_sha256$1000$${longSalt}$${key.toString('base64')}`
}

describe('a stored hash', () => {
  test.each<[string, string, RegExp]>([
    ['argon2 of much memory', argon2('m=262145,t=1,p=1'), /more than 262144 KiB/],
    ['argon2 that would take 12 s', argon2('m=4194304,t=1,p=1'), /more than 262144 KiB/],
    ['argon2 of many passes', argon2('m=19456,t=54,p=1'), /more than 1048576 KiB over all its passes/],
    ['argon2 of many lanes', argon2('m=65536,t=1,p=17'), /more than 16 lanes/],
    ['argon2 of too little memory', argon2('m=15,t=1,p=2'), /less memory/],
    ['argon2 without a pass', argon2('m=65536,t=0,p=1'), /is not an argon2id/],
    ['argon2 with a number beyond any', argon2('m=99999999999999,t=1,p=1'), /is not an argon2id/],
    ['argon2 of a salt of 7 bytes', `$argon2id$v=19$m=64,t=1,p=1$c29tZSBzYQ$${digest}`, /has a salt/],
    ['argon2 of a salt of 49 bytes', `$argon2id$v=19$m=64,t=1,p=1$${'A'.repeat(66)}$${digest}`, /has a salt/],
    ['argon2 of a short digest', `$argon2id$v=19$m=64,t=1,p=1$${salt}$AAAA`, /has a digest/],
    ['argon2 of a digest of 15 bytes', `$argon2id$v=19$m=64,t=1,p=1$${salt}$${'A'.repeat(20)}`, /has a digest/],
    ['argon2 of a digest of 65 bytes', `$argon2id$v=19$m=64,t=1,p=1$${salt}$${'A'.repeat(87)}`, /has a digest/],
    ['argon2 in another spelling of base64', `$argon2id$v=19$m=64,t=1,p=1$${salt}$${'A'.repeat(42)}B`, /has a digest/],
    ['argon2d', argon2('m=65536,t=1,p=1', 'argon2d'), /is not an argon2id/],
    ['argon2 of a later version', argon2('m=64,t=1,p=1').replace('v=19', 'v=20'), /is not an argon2id/],
    ['bcrypt of a high cost', bcrypt('15'), /not from 4 to 14/],
    ['bcrypt of a cost beyond all', bcrypt('99'), /not from 4 to 14/],
    ['bcrypt of a low cost', bcrypt('03'), /not from 4 to 14/],
    ['bcrypt of a high cost behind SHA-256, of Django', `bcrypt_sha256$${bcrypt('15')}`, /not from 4 to 14/],
    ['bcrypt with the defect of 2011', bcrypt('10', '2x'), /is not an argon2id/],
    ['bcrypt cut off', bcrypt('10').slice(0, -1), /is not an argon2id/],
    ['bcrypt with something behind it', `${bcrypt('10')}\n`, /is not an argon2id/],
    ['scrypt of much memory', `$scrypt$ln=18,r=9,p=1$${salt}$${digest}`, /more than 256 MiB/],
    ['scrypt of many lanes', `$scrypt$ln=17,r=8,p=3$${salt}$${digest}`, /more than 256 MiB/],
    [
      'scrypt of a cost beyond its blocks',
      `$scrypt$ln=17,r=1,p=1$${salt}$${digest}`,
      /a cost that scrypt does not allow/,
    ],
    [
      'scrypt of the first cost beyond its blocks',
      `$scrypt$ln=16,r=1,p=1$${salt}$${digest}`,
      /a cost that scrypt does not allow/,
    ],
    ['scrypt of a cost of 2', `$scrypt$ln=1,r=8,p=1$${salt}$${digest}`, /a cost that scrypt does not allow/],
    ['scrypt of Django, no power of two', `scrypt$16385$salt$8$1$${sha256}`, /a cost that scrypt does not allow/],
    ['scrypt of a short digest', `$scrypt$ln=10,r=8,p=1$${salt}$AAAA`, /has a digest/],
    ['scrypt of a digest of 15 bytes', `$scrypt$ln=10,r=8,p=1$${salt}$${'A'.repeat(20)}`, /has a digest/],
    ['scrypt of a digest of 65 bytes', `$scrypt$ln=10,r=8,p=1$${salt}$${'A'.repeat(87)}`, /has a digest/],
    ['PBKDF2 of many iterations', `$pbkdf2-sha256$2000001$${salt}$${digest}`, /more than 2000000 iterations/],
    ['PBKDF2 of Django, the same', `pbkdf2_sha256$2000001$salt$${sha256}`, /more than 2000000 iterations/],
    ['PBKDF2 of a digest that is too long', `pbkdf2_sha1$1000$salt$${sha256}`, /length does not fit/],
    ['MD5', '$1$salt$8S9TKfZ5sXk2k3VJb8sB41', /is not an argon2id/],
    ['a bare digest', '5f4dcc3b5aa765d61d8327deb882cf99', /is not an argon2id/],
    ['a password that Django has made unusable', '!kQ8bVh3', /is not an argon2id/],
    ['nothing', '', /is not an argon2id/],
    ['513 characters', ofLength(513), /is not an argon2id/],
    ['something endless', `$2b$10$${'a'.repeat(600)}`, /is not an argon2id/],
  ])('is refused, without a word of it: %s', (_what, hash, reason) => {
    const parsed = parseHash(hash)
    expect(parsed).toEqual({ fault: expect.stringMatching(reason) })
    expect(JSON.stringify(parsed)).not.toContain(digest.slice(0, 8))
  })

  // Each was made of "1234", by hashlib or by the libraries that verify them.
  test.each([
    [
      'argon2 of the most memory and passes',
      '$argon2id$v=19$m=262144,t=4,p=1$c29tZSBzYWx0$JVsaWmO0pNyLFukTFzIqEiD7F2Gm/pAb7k6SPW/ytOM',
    ],
    [
      'argon2 of the least memory',
      '$argon2id$v=19$m=16,t=1,p=2$c29tZSBzYWx0$9EJGdGTyqyE/HP+Zjx508KjfP10XmzwUePZ4foDdjLE',
    ],
    [
      'argon2 of the most lanes',
      '$argon2id$v=19$m=128,t=1,p=16$c29tZSBzYWx0$okqV/luxVWmaHPGvVdE5v9+ADL6Kn0JSkRk5toeosDw',
    ],
    [
      'argon2 of a salt of 8 bytes',
      '$argon2id$v=19$m=64,t=1,p=1$c29tZSBzYWw$f4NCnJjC+oFwhbqYK/syK1EvXGKDnXPahMiJFSF6WFI',
    ],
    [
      'argon2 of a salt of 48 bytes',
      `$argon2id$v=19$m=64,t=1,p=1$${'c29tZSBzYWx0'.repeat(5)}c29t$TgOPt8AqMDgx1M8+PhaTPxi5sVPhfVsYEeBdFbGigC4`,
    ],
    ['argon2 of a digest of 16 bytes', '$argon2id$v=19$m=64,t=1,p=1$c29tZSBzYWx0$scMaGSvtZFLX1LdJhqv2DQ'],
    [
      'argon2 of a digest of 64 bytes',
      '$argon2id$v=19$m=64,t=1,p=1$c29tZSBzYWx0$pzCSW8FYU8WoEFKtNW1w4CF4PoR3SSr58pKHNcijxfJFhieW3sYi/8uho7foqnHX3XS5aFVNOWytd/tp9/0+0g',
    ],
    ['scrypt of the most memory', '$scrypt$ln=18,r=8,p=1$c29tZSBzYWx0$KSFEADa538+uURUb8aemTblyDOgYKQ4e+LlsCvFSZYo'],
    ['scrypt in small blocks', '$scrypt$ln=15,r=1,p=1$c29tZSBzYWx0$iFjA3XDBtZb6n8PJ8HI4FT19QJzMRjCcfNqHM6PwZy0'],
    ['scrypt of the lowest cost', '$scrypt$ln=2,r=1,p=1$c29tZSBzYWx0$bSpob0iuZUfugD+XLjiFK2y6lY3QDp+7q+2QTJIWUAM'],
    ['scrypt of a digest of 16 bytes', '$scrypt$ln=10,r=8,p=1$c29tZSBzYWx0$5scktypNVvA8yFQVSZzh/A'],
    [
      'scrypt of a digest of 64 bytes',
      '$scrypt$ln=10,r=8,p=1$c29tZSBzYWx0$5scktypNVvA8yFQVSZzh/GLQstZJpSrhFB8IsMhpAJNikPxZV+lBBgEtuFUcWoTSDTUns8OKORZfVZlAC56dhg',
    ],
    [
      'PBKDF2 of the most iterations',
      '$pbkdf2-sha512$2000000$c29tZSBzYWx0$SVr2jijW4BI4zKc7LuENld0ykgiG.QAcvjpvejvuhlVZWo2L4jKYLKeqdvBTavC/gBR9o5g3qmKmRgTKb7ykYA',
    ],
    ['bcrypt of the highest cost', '$2b$14$qV9M9CJW651VQaOwN7FGn.yCWgdpSwuulhfWT.wiIsMMfryCCXTmO'],
    ['bcrypt of the lowest cost', '$2b$04$lEgWroOTkV2.4ixCTPiJdOBmfrGPhXolLS9CGk6EMsN9BjiizaX4q'],
    ['512 characters', ofLength(512)],
  ])('at the very bound is verified: %s', async (_what, hash) => {
    const parsed = parseHash(hash)
    if ('fault' in parsed) throw new Error(parsed.fault)
    expect(await parsed.matches('1234')).toBe(true)
  })
})

describe('verifying', () => {
  const passwords = createPasswords({ minLength: 1, concurrency: 2 })
  // That of 80 letters, made by bcrypt 3.2.2 for Python.
  const long = '$2a$04$AyIw.RW63fTI0kkEHPWPHOMdewkMOGy7DNMY0FAbLCFrMPsnflNQ2'

  test('takes no longer for a hash that asks for too much', async () => {
    const start = performance.now()
    expect(await passwords.verify(argon2('m=4194304,t=10,p=1'), '1234')).toBe('wrong')
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  test('does not make a password of what a hash did not heed', async () => {
    expect(await passwords.verify(long, 'a'.repeat(72))).toBe('outdated')
    // The hash cannot tell what came after 72 bytes: whatever is entered now must not be all that counts from now on.
    expect(await passwords.verify(long, 'a'.repeat(80))).toBe('right')
    expect(await passwords.verify(long, `${'a'.repeat(72)}, mistyped`)).toBe('right')
    expect(await passwords.verify(long, 'a'.repeat(71))).toBe('wrong')
  })

  test('takes a hash of today for one of today', async () => {
    const hash = await passwords.hash('cafe\u0301')
    expect(await passwords.verify(hash, 'caf\u00e9')).toBe('right')
    expect(await passwords.verify(hash, 'cafe\u0301')).toBe('right')
    expect(await passwords.verify(hash, 'cafe')).toBe('wrong')
  })
})
