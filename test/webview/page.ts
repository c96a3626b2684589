// The page in headless Chromium with a fake host: the bundle over HTTP, the real policy, messages that are kept.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { pageHtml } from '../../src/extension/page'
import type { ToHost, ToPage } from '../../src/protocol/visualiser'
import { ensureChromium, startChromium } from '../vscode/chromium.mjs'
import { themes } from './themes'

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}

export interface Bench {
  open(options?: Options): Promise<Opened>
  /** A page that runs test/webview/maps.ts and nothing else. */
  openTests(): Promise<Page>
  close(): Promise<void>
}

export interface Options {
  readonly theme?: keyof typeof themes
  readonly state?: unknown
  readonly backend?: 'auto' | 'webgpu' | 'webgl' | 'wasm' | 'cpu'
  readonly width?: number
  /** Device pixels a CSS pixel. */
  readonly density?: number
  /** A script that runs in the page before everything else. */
  readonly before?: string
}

export interface Opened {
  readonly page: Page
  send(message: ToPage): Promise<void>
  /** What the page said so far. */
  heard(): Promise<ToHost[]>
  state(): Promise<unknown>
  /** What the console and the policy complained about. */
  readonly complaints: string[]
}

export interface FakeHost {
  heard: ToHost[]
  /** When the page first said each type of message, in milliseconds since it was opened. */
  times: Record<string, number>
  state: unknown
}

export async function startBench(): Promise<Bench> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    if (path === '/') {
      const source = `http://${request.headers.host}`
      response.setHeader('content-type', 'text/html')
      response.end(pageHtml({ script: '/main.js', style: '/main.css', source, nonce: 'anything' }))
      return
    }
    if (path === '/tests/') {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><script type="module" src="/tests/maps.js"></script>')
      return
    }
    const isTest = path.startsWith('/tests/') && !path.endsWith('.wasm')
    const file = isTest
      ? join('out/test/webview/browser', path.slice('/tests/'.length))
      : join('dist/webview', path.replace(/^\/tests/, ''))
    try {
      const body = readFileSync(file)
      response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
      response.end(body)
    } catch {
      response.statusCode = 404
      response.end()
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const browser: Browser = await startChromium(ensureChromium())
  return {
    async open({ theme = 'dark', state, backend = 'cpu', width = 1200, density = 1, before } = {}) {
      const page = await browser.newPage({ viewport: { width, height: 860 }, deviceScaleFactor: density })
      const complaints: string[] = []
      page.on('pageerror', (problem) => complaints.push(problem.message))
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('favicon')) complaints.push(message.text())
      })
      if (before) await page.addInitScript(before)
      await page.addInitScript(fakeHost, { state, ...themes[theme] })
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.waitForSelector('[role=tablist]', { timeout: 90_000 })
      const send = (message: ToPage) => page.evaluate((sent) => window.postMessage(sent, '*'), message)
      await send({ type: 'settings', backend })
      return {
        page,
        complaints,
        send: async (message) => void (await send(message)),
        heard: () => page.evaluate(() => (globalThis as unknown as { fakeHost: FakeHost }).fakeHost.heard),
        state: () => page.evaluate(() => (globalThis as unknown as { fakeHost: FakeHost }).fakeHost.state),
      }
    },
    async openTests() {
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/tests/`)
      await page.waitForFunction(() => 'computeMaps' in globalThis)
      return page
    },
    async close() {
      await browser.close()
      server.close()
    },
  }
}

/** Runs in the page. */
function fakeHost({
  state,
  bodyClass,
  variables,
}: {
  state: unknown
  bodyClass: string
  variables: Readonly<Record<string, string>>
}): void {
  const fake: FakeHost = { heard: [], times: {}, state }
  Object.assign(globalThis, {
    fakeHost: fake,
    acquireVsCodeApi: () => ({
      postMessage: (message: ToHost) => {
        fake.times[message.type] ??= performance.now()
        fake.heard.push(message)
      },
      getState: () => fake.state,
      setState: (next: unknown) => {
        fake.state = JSON.parse(JSON.stringify(next))
      },
    }),
  })
  const dress = (): void => {
    for (const [name, value] of Object.entries(variables))
      document.documentElement.style.setProperty(`--vscode-${name}`, value)
    document.body.classList.add(bodyClass)
  }
  document.addEventListener('DOMContentLoaded', dress)
}
