import { test } from '@jest/globals'
import { isLinux, isWindows } from './platforms.ts'

/** A test that does not run on Windows, which lacks file modes and does not remove open files. */
export const onUnix = isWindows ? test.skip : test

/** A test that runs on Linux only: /proc lists open files, and `script` runs a program on a terminal. */
export const onLinux = isLinux ? test : test.skip
