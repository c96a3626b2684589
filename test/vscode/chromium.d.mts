// What the unit tests use of the script that finds and starts Chromium.

import type { Browser } from 'playwright-core'

export function ensureChromium(say?: (text: string) => void): string
export function findChromium(): string | null
export function startChromium(executablePath: string): Promise<Browser>
