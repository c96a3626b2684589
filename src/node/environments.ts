// Where an installation of Python keeps the modules that are installed in it, from its files alone.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The folders of a workspace that environments are usually made in. */
const usualNames = ['.venv', 'venv', 'env', '.conda']

/** The environments that lie in a folder. */
export const environmentsIn = (folder: string): string[] =>
  usualNames
    .map((name) => join(folder, name))
    .filter((path) => isFile(join(path, 'pyvenv.cfg')) || namesIn(join(path, 'conda-meta')).length > 0)

/**
 * The folders with installed modules of an environment (virtual or of conda) or of a Python, given by
 * its folder or its executable. One that includes the system's modules is followed by them.
 */
export function sitePackages(given: string): string[] {
  const root = rootOf(given)
  const settings = settingsOf(root)
  const version = versionIn(settings.get('version') ?? settings.get('version_info') ?? basename(given))
  const own = modulesBelow(root, version)
  const home = settings.get('home')
  const hasSystem = settings.get('include-system-site-packages') === 'true'
  return home !== undefined && hasSystem ? [...own, ...modulesBelow(rootOf(home), version)] : own
}

/** `/opt/env` for `/opt/env/bin/python3`, for `/opt/env/bin`, and for itself. */
function rootOf(given: string): string {
  const folder = isFile(given) ? dirname(given) : given
  return ['bin', 'scripts'].includes(basename(folder).toLowerCase()) ? dirname(folder) : folder
}

/** `3.11` in `3.11.7` and `python3.11`; null where no minor version is told. */
const versionIn = (text: string): string | null => /(\d+\.\d+)/.exec(text)?.[1] ?? null

/** `lib/python3.11/site-packages` and its kin, of one version where it is known; `Lib` on Windows. */
function modulesBelow(root: string, version: string | null): string[] {
  const libraries = [join(root, 'lib'), join(root, 'local', 'lib')]
  const versions = libraries.flatMap((library) =>
    namesIn(library)
      .filter((name) => /^python3(?:\.\d+)?$/.test(name))
      .filter((name) => version === null || versionIn(name) === null || versionIn(name) === version)
      .flatMap((name) => [join(library, name, 'site-packages'), join(library, name, 'dist-packages')]),
  )
  const found = versions.filter(isFolder)
  const windows = join(root, 'Lib', 'site-packages')
  return found.length === 0 && isFolder(windows) ? [windows] : found
}

/** The lines `key = value` of an environment's `pyvenv.cfg`. */
function settingsOf(root: string): Map<string, string> {
  const settings = new Map<string, string>()
  try {
    for (const line of readFileSync(join(root, 'pyvenv.cfg'), 'utf8').split(/\r?\n/)) {
      const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
      if (key !== undefined && value !== undefined) settings.set(key.toLowerCase(), value)
    }
  } catch {
    return settings // no virtual environment
  }
  return settings
}

const isFile = (path: string): boolean => statOf(path)?.isFile() ?? false
const isFolder = (path: string): boolean => statOf(path)?.isDirectory() ?? false

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
