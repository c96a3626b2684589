// What the tests do in the editor: open samples, edit, wait for what the server sends, take pictures.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

/** Asks again until the answer is good; a server that needs longer than 20 s is broken, also on a machine that starts it for the first time. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  good: (answer: T) => boolean,
): Promise<T> {
  let answer = await ask()
  for (const end = Date.now() + 20_000; !good(answer); answer = await ask()) {
    if (Date.now() > end) assert.fail(`Waited 20 s for ${what}; last seen: ${JSON.stringify(answer)}`)
    await pause(50)
  }
  return answer
}

export async function openSample(name: string): Promise<vscode.TextEditor> {
  const folder = process.env.SHAPESCOPE_WORKSPACE ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? ''
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(folder, name)))
  return vscode.window.showTextDocument(document, { preview: false })
}

let textsOpened = 0

/** A document that was never saved. Each has a name of its own: VS Code fills a name used again from its backup, which may not be gone yet. */
export async function openText(content: string): Promise<vscode.TextEditor> {
  const name = `/never-saved-${++textsOpened}.py`
  const document = await vscode.workspace.openTextDocument(
    vscode.Uri.from({ scheme: 'untitled', path: name }),
  )
  const editor = await vscode.window.showTextDocument(document, { preview: false })
  assert.ok(await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), content)))
  return editor
}

let failuresSeen = 0

/** After each test: keeps a picture of the first few failures, and closes what was opened. */
export async function tidy(this: Mocha.Context): Promise<void> {
  if (this.currentTest?.state === 'failed' && failuresSeen++ < 3) await screenshot(`failed-${failuresSeen}`)
  await closeAll()
}

/** Closes every editor and forgets what was typed. */
async function closeAll(): Promise<void> {
  while (vscode.window.activeTextEditor) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors')
}

/** Shows a document and waits until it is the one that commands find active, which is told a moment later. */
export async function activate(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document)
  await until(
    'the active editor',
    () => vscode.window.activeTextEditor?.document.uri.toString(),
    (active) => active === document.uri.toString(),
  )
}

/** The place of a piece of text that occurs once, or its first occurrence after `after`. */
export function find(document: vscode.TextDocument, text: string, after = ''): vscode.Range {
  const content = document.getText()
  const begin = after ? content.indexOf(after) : 0
  const at = begin < 0 ? -1 : content.indexOf(text, begin)
  assert.ok(at >= 0, `“${text}” is not in ${document.fileName}`)
  return new vscode.Range(document.positionAt(at), document.positionAt(at + text.length))
}

export async function replace(editor: vscode.TextEditor, before: string, text: string): Promise<void> {
  const range = find(editor.document, before)
  assert.ok(await editor.edit((edit) => edit.replace(range, text)))
}

/** The hints as a person reads them: the line's number from 1, and the code before the hint with it. */
export async function hints(document: vscode.TextDocument): Promise<string[]> {
  const all = new vscode.Range(0, 0, document.lineCount, 0)
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    all,
  )
  return found.map(({ position, label }) => {
    const before = document.lineAt(position.line).text.slice(0, position.character)
    const name = /\w*$/.exec(before)?.[0] ?? ''
    const text = typeof label === 'string' ? label : label.map((part) => part.value).join('')
    return `${position.line + 1} ${name}${text}`
  })
}

export async function hover(document: vscode.TextDocument, place: vscode.Position): Promise<string> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    place,
  )
  const texts = found.flatMap(({ contents }) => contents)
  return texts.map((content) => (typeof content === 'string' ? content : content.value)).join('\n')
}

export function diagnostics(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'ShapeScope')
}

export async function configure(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget.Workspace)
}

const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern' }

/** Has the runner take a picture of the whole window, where it can; dark unless light is asked for. */
export async function screenshot(name: string, look: keyof typeof themes = 'dark'): Promise<void> {
  const folder = process.env.SHAPESCOPE_SCREENSHOTS
  if (!folder) return
  await configure('workbench.colorTheme', themes[look])
  const kind = look === 'dark' ? vscode.ColorThemeKind.Dark : vscode.ColorThemeKind.Light
  await until(
    `the ${look} theme`,
    () => vscode.window.activeColorTheme.kind,
    (shown) => shown === kind,
  )
  await pause(800) // until the window has drawn what the editor already knows
  console.log(`@screenshot ${name}-${look}`)
  const file = join(folder, `${name}-${look}.png`)
  await until(`the picture ${name}`, () => existsSync(file), Boolean)
}
