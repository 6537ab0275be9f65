// npm start: VS Code with the extension and a sample workspace.
//   npm start              the desktop's `code`, else VS Code in the browser; until Ctrl-C
//   npm start -- --openai  the same with a demo server that speaks OpenAI's protocol
//   npm start -- --check   headless: explains the sample file in a real window, prints the result, and ends
import { buildExtension } from '../../esbuild.mjs';
import { answerSource, openAISource } from './start/answerSource.ts';
import { openInBrowser } from './start/browser.ts';
import { startCheck } from './start/check.ts';
import { findDesktop, openOnDesktop } from './start/desktop.ts';

async function main(args: string[]): Promise<void> {
  await buildExtension();
  const source = await (args.includes('--openai') ? openAISource() : answerSource());
  console.log(source.description);
  if (args.includes('--check')) {
    await startCheck(source);
    console.log('start check: ok');
    process.exit(0);
  }
  const code = findDesktop();
  if (code) await openOnDesktop(code, source);
  else await openInBrowser(source);
}

await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`start failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
