// The visualisation after the window was opened anew: the panel is back, with what it showed.
import { writeFileSync } from 'node:fs'

const title = 'the visualisation comes back with its state when the window is opened anew'

/** One test, in a window without the suite; `settings` is the file of the window's settings. */
export async function checkRestart(page, address, settings) {
  try {
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
    await page.screenshot({ path: settings.picture })
    if ((await again.getAttribute('aria-selected')) !== 'true') throw new Error('another tab is selected')
    // it serves, or the page says why not and what to do
    await inPanel(page, '.backend', /TensorFlow|link-tensorflow/)
    await page.screenshot({ path: settings.picture })
    return { passed: 1, failures: [] }
  } catch (problem) {
    await page.screenshot({ path: settings.picture })
    return { passed: 0, failures: [{ title, message: problem.stack ?? String(problem) }] }
  }
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
