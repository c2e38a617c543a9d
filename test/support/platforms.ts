import { test } from '@jest/globals'

/** A test of what Windows does not have: modes of files, and files that can be removed while they are open. */
export const onUnix = process.platform === 'win32' ? test.skip : test

/** A test that needs Linux: /proc tells which files are open, and `script` runs a program on a terminal. */
export const onLinux = process.platform === 'linux' ? test : test.skip
