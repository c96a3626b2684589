// Turns the editor's addresses and positions into the analyser's paths and offsets, and back.

import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Range } from 'vscode-languageserver/node'
import type { TextDocument } from 'vscode-languageserver-textdocument'

/** A document without a file (`untitled:`) goes by its address, which no file's path equals. */
export function pathOf(uri: string): string {
  if (!uri.startsWith('file:')) return uri
  try {
    return fileURLToPath(uri)
  } catch {
    return uri // an address of another machine or system
  }
}

/** The address of a path; only for files on disk, an open document knows its own address. */
export function uriOf(path: string): string {
  return /^[a-z][a-z0-9+.-]+:/i.test(path) && !/^[a-z]:[\\/]/i.test(path) ? path : pathToFileURL(path).href
}

export function rangeOf(document: TextDocument, start: number, end: number): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) }
}
