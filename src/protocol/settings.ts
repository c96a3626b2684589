// The settings under `shapescope.` as the editor stores them, with their defaults.

export interface Settings {
  inlayHints: {
    enabled: boolean
    style: 'names' | 'numbers'
    maximumLength: number
    parameters: boolean
  }
  diagnostics: { level: 'all' | 'errors' | 'off' }
  codeLens: { enabled: boolean }
  searchPaths: string[]
}

export const defaultSettings: Settings = {
  inlayHints: { enabled: true, style: 'names', maximumLength: 40, parameters: true },
  diagnostics: { level: 'all' },
  codeLens: { enabled: true },
  searchPaths: [],
}

/** Reads settings from what an editor sent; whatever is missing or of the wrong kind takes its default. */
export function readSettings(sent: unknown): Settings {
  const all = fields(sent)
  const hints = fields(all.inlayHints)
  const usual = defaultSettings.inlayHints
  return {
    inlayHints: {
      enabled: typeof hints.enabled === 'boolean' ? hints.enabled : usual.enabled,
      style: hints.style === 'numbers' ? 'numbers' : 'names',
      maximumLength: readLength(hints.maximumLength, usual.maximumLength),
      parameters: typeof hints.parameters === 'boolean' ? hints.parameters : usual.parameters,
    },
    diagnostics: { level: readLevel(fields(all.diagnostics).level) },
    codeLens: { enabled: fields(all.codeLens).enabled !== false },
    searchPaths: Array.isArray(all.searchPaths)
      ? all.searchPaths.filter((path): path is string => typeof path === 'string' && path !== '')
      : [],
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function readLength(value: unknown, usual: number): number {
  return typeof value === 'number' && Number.isFinite(value)
    ? Math.min(200, Math.max(12, Math.trunc(value)))
    : usual
}

function readLevel(value: unknown): Settings['diagnostics']['level'] {
  return value === 'errors' || value === 'off' ? value : 'all'
}
