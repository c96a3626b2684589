// The help page of a problem's code, which lies beside the bundles in media/help.

import { readFileSync } from 'node:fs'
import { type Code, codes } from '../trace/codes'

/** The code that a word names, or null. */
export const codeOf = (word: string): Code | null => codes.find((code) => code === word) ?? null

/** The Markdown of a code's page. Throws where the installation lacks it. */
export const helpPage = (code: Code): string =>
  readFileSync(new URL(`../media/help/${code}.md`, import.meta.url), 'utf8')
