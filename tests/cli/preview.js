// preview.js PAGE FOLDER -- a preview in a browser: it plays, pauses, goes faster, steps back; what was seen is printed, one line each.
const { chromium } = require('playwright-core');
(async () => {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });
  const page = await browser.newPage({ viewport: { width: 900, height: 400 } });
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') problems.push(message.text()); });
  await page.goto('file://' + process.argv[2]);
  await page.waitForFunction(() => document.body.dataset.frame !== undefined, null, { timeout: 30000 });
  const position = () => page.evaluate(() => position);
  const set = (id, value) => page.evaluate(([id, value]) => { const input = document.getElementById(id); input.value = value; input.dispatchEvent(new Event('input')); }, [id, value]);
  // Frames that passed beside those that should have in the time between two pictures, the worst of some; however slow the machine.
  const error = async (speed) => {
    await set('speed', speed);
    return page.evaluate(async (speed) => {
      const tick = () => new Promise(requestAnimationFrame);       // after the page's own: the times are the same
      let now = await tick(), last = position, worst = 0;
      for (let i = 0; i < 4; i++) {
        const time = await tick(), off = (((position - last - (time - now) / 1000 * fps * 2 ** speed) % count) + count) % count;
        worst = Math.max(worst, Math.min(off, count - off));
        [now, last] = [time, position];
      }
      return worst;
    }, speed);
  };
  const slow = await error(-1), fast = await error(1);
  console.log('half as fast', slow < 0.5 ? 'yes' : slow);
  console.log('twice as fast', fast < 0.5 ? 'yes' : fast);
  await page.click('#pause');
  const before = await position();
  await page.waitForTimeout(200);
  console.log('pauses', before === await position() ? 'yes' : 'no');
  await set('frame', 12);
  await page.waitForFunction(() => +document.body.dataset.frame === 12, null, { timeout: 10000 });
  console.log('steps to a frame', await page.evaluate(() => document.body.dataset.frame));
  await page.screenshot({ path: process.argv[3] + '/near.png' });
  const near = await page.evaluate(() => document.querySelector('canvas').getBoundingClientRect().width);
  await set('distance', 60);
  const far = await page.evaluate(() => document.querySelector('canvas').getBoundingClientRect().width);
  console.log('is smaller from afar', far < near / 2 ? 'yes' : far + ' of ' + near);
  await page.screenshot({ path: process.argv[3] + '/far.png' });
  console.log('without a problem', problems.length ? problems.join('; ') : 'yes');
  await browser.close();
})().catch((error) => { console.log(error.message); process.exit(1); });
