// The visualisation in a window without the suite: back with its state after a reload, with links and files.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Tests in a window without the suite; `settings` is the file of the window's settings. */
export async function checkRestart(page, address, settings) {
  const tests = [
    ['the visualisation comes back with its state when the window is opened anew', comesBack],
    ['the visualisation copies a link to what shows', copiesLink],
    ['the visualisation loads queries from a file that is chosen', loadsFile],
  ]
  const outcomes = []
  for (const [title, test] of tests) {
    try {
      await test(page, address, settings)
    } catch (problem) {
      outcomes.push({ title, message: problem.stack ?? String(problem) })
    }
    await page.screenshot({ path: settings.picture.replace('.png', `-${test.name}.png`) })
  }
  return { passed: tests.length - outcomes.length, failures: outcomes }
}

async function comesBack(page, address, settings) {
  await page.goto(address)
  await page.locator('.monaco-workbench').waitFor()
  // what the suite's window left open comes back too
  await run(page, 'View: Close All Editors')
  await page.locator('.editor-group-container.empty').waitFor()
  await run(page, 'ShapeScope: Visualise RoPE')
  const tab = await inPanel(page, '[role=tab]', 'Attention')
  await tab.click()
  await inPanel(page, '.backend b', '')
  writeFileSync(
    settings.file,
    JSON.stringify({ ...settings.values, 'shapescope.compute.backend': 'node-gpu' }),
  )
  await run(page, 'Developer: Reload Window')
  await page.waitForEvent('load')
  const again = await inPanel(page, '[role=tab]', 'Attention')
  if ((await again.getAttribute('aria-selected')) !== 'true') throw new Error('another tab is selected')
  // it serves, or the page says why not and what to do
  await inPanel(page, '.backend', /TensorFlow|link-tensorflow/)
}

async function copiesLink(page) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await (await inPanel(page, 'aside [name=rope_theta]', '')).fill('500000')
  await (await inPanel(page, 'button', 'Copy link')).click()
  await page.getByText('Copied a link to what shows').waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  if (!/^[\w-]+:\/\/shapescope\.shapescope\/visualise\?state=[\w-]+$/.test(link))
    throw new Error(`the link is ${link}`)
  // the same page opens it again
  await (await inPanel(page, 'aside [name=rope_theta]', '')).fill('10000')
  await (await inPanel(page, 'button', 'Open link')).click()
  await (await inPanel(page, '[aria-label=Link]', '')).fill(link)
  const base = await (await inPanel(page, 'aside [name=rope_theta]', '')).inputValue()
  if (base !== '500000') throw new Error(`rope_theta is ${base} after the link was opened`)
}

async function loadsFile(page, _, { folder }) {
  writeFileSync(join(folder, 'queries.json'), '[[1, 2], [3, 4], [5, 6]]')
  await (await inPanel(page, 'select[name=source]', '')).selectOption('given')
  await (await inPanel(page, '.array button', 'Load …')).click()
  // the dialogue of a remote window, which begins in the workspace
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'queries.json' }).click()
  await inPanel(page, '.array code', '[3, 2]')
}

async function run(page, command) {
  await page.keyboard.press('F1')
  await page.locator('.quick-input-widget input').first().fill(`>${command}`)
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor()
  await page.keyboard.press('Enter')
}

/** Something in the panel's page, which lies in frames of its own. */
async function inPanel(page, selector, text) {
  for (const end = Date.now() + 60_000; Date.now() < end; await page.waitForTimeout(200)) {
    for (const frame of page.frames()) {
      const found = frame.locator(selector).filter({ hasText: text }).first()
      if (await found.count().catch(() => 0)) return found
    }
  }
  throw new Error(`There is no ${selector} with ${text} in the panel`)
}
