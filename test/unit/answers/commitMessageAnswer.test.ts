import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { commitMessageIn, readCommitMessage } from '../../../src/answers/commitMessageAnswer.ts';

describe('the commit message in an answer', () => {
  const message = 'Add a basket\n\nIt keeps what will be bought.';
  const wrappings: Record<string, string> = {
    bare: message,
    'with a fence': `\`\`\`\n${message}\n\`\`\``,
    'with an introduction and a fence': `Here is the commit message:\n\n\`\`\`text\n${message}\n\`\`\`\nIt is short because...`,
    'with an introduction': `Sure! Here's a commit message for these changes:\n\n${message}\n`,
    'with a label': `Commit message: ${message}`,
    'with a bold subject and a full stop': message.replace('Add a basket', '**Add a basket.**'),
    'with quotation marks': message.replace('Add a basket', '"Add a basket"'),
    'as a heading': `# ${message}`,
    'after thinking': `<think>\nThe user wants\n\nSecret plan\n</think>\n\n${message}`,
    'after thinking without a beginning': `Secret plan\n</think>\n${message}`,
    'with Windows line ends': message.replaceAll('\n', '\r\n'),
  };
  for (const [name, answer] of Object.entries(wrappings))
    test(`${name} is reduced to the message`, () => assert.equal(commitMessageIn(answer, true), message));

  const whole = 'feat(shop): add a basket\n\nIt keeps what will be bought.';
  const shapes: Record<string, string> = {
    JSON: JSON.stringify({ message: whole }),
    'JSON in a fence': `\`\`\`json\n${JSON.stringify({ message: whole }, null, 2)}\n\`\`\``,
    'JSON after an introduction': `Here is the commit message:\n\n{"commit_message": ${JSON.stringify(whole)}}\n\nLet me know!`,
    'subject and body in JSON': JSON.stringify({
      subject: 'feat(shop): add a basket',
      body: 'It keeps what will be bought.',
    }),
    'JSON with type and scope': JSON.stringify({
      type: 'feat',
      scope: 'shop',
      subject: 'add a basket',
      description: 'It keeps what will be bought.',
    }),
    'JSON with a line break in a string': `{"message": "feat(shop): add a basket\n\nIt keeps what will be bought."}`,
    'JSON with a comma too many': `{"title": "feat(shop): add a basket", "body": "It keeps what will be bought.",}`,
    'a command': 'git commit -m "feat(shop): add a basket" -m "It keeps what will be bought."',
    'a command in a fence': `\`\`\`bash\n$ git add .\n$ git commit -am 'feat(shop): add a basket' -m 'It keeps what will be bought.'\n\`\`\``,
    'a command after prose': `You can use this command:\n\n\`\`\`sh\ngit add -A && git commit --message="feat(shop): add a basket" --message="It keeps what will be bought."\n\`\`\`\nIt commits all.`,
    'a command with a long string': `git commit -m "${whole}"`,
    'a command with a here-document': `git commit -F - <<'EOF'\n${whole}\nEOF`,
    'a command with a substitution': `git commit -m "$(cat <<'EOF'\n${whole}\nEOF\n)"`,
    'a heading': `# Commit Message\n\n${whole}`,
    'a bold heading': `**Commit message:**\n\n${whole}`,
    'a heading and a fence': `## Commit Message\n\n\`\`\`\n${whole}\n\`\`\`\n\n## Explanation\n\nBecause.`,
    'labels for subject and body':
      '**Subject:** feat(shop): add a basket\n\n**Body:** It keeps what will be bought.',
    'quotation marks around all': `"${whole}"`,
    'backticks around the subject': whole.replace(/^.*/, '`$&`'),
    'sign-offs': `${whole}\n\nSigned-off-by: Your Name <you@example.com>\nCo-authored-by: AI <ai@example.com>`,
    'an explanation after it': `${whole}\n\nThis commit message follows the conventional commits style.`,
    'an offer after it': `${whole}\n\nLet me know if you want changes!`,
    'two introductions': `Sure!\n\nHere is the commit message:\n\n${whole}`,
    'a fence with a language': `\`\`\`commit\n${whole}\n\`\`\``,
    'a thought and a command': `<think>git commit -m "no"</think>\ngit commit -m "feat(shop): add a basket" -m "It keeps what will be bought."`,
  };
  for (const [name, answer] of Object.entries(shapes))
    test(`${name} gives one message`, () => {
      assert.deepEqual(readCommitMessage(answer), { message: whole, candidates: 1 });
    });

  const offers: Record<string, string> = {
    'a numbered list': '1. Add a basket\n2. Add basket support\n3. Introduce baskets',
    'a list with bold marks':
      'Here are some options:\n\n1. **Add a basket**\n2. **Introduce baskets**\n3. `Basket`',
    'a list with quotation marks':
      'Here are three commit messages:\n1. "Add a basket"\n2. "Add goods"\n3. "Shop"',
    'options with fences':
      '**Option 1:**\n```\nAdd a basket\n```\n**Option 2:**\n```\nAdd goods\n```\n**Option 3**\n```\nX\n```',
    'options with names': 'Option 1: Add a basket\nOption 2: Add goods\nOption 3: Shop',
    'a list in JSON': '["Add a basket", "Add goods", "Shop"]',
    'objects in JSON':
      '{"messages": [{"subject": "Add a basket"}, {"subject": "Add goods"}, {"subject": "Shop"}]}',
    'JSON values one after the other':
      '{"message":"Add a basket"}\n{"message":"Add goods"}\n{"message":"Shop"}',
  };
  for (const [name, answer] of Object.entries(offers))
    test(`of ${name}, the first is used, and all are counted`, () => {
      assert.deepEqual(readCommitMessage(answer), { message: 'Add a basket', candidates: 3 });
    });

  test('a body may have lists, JSON, commands and numbers', () => {
    for (const own of [
      'Add a basket\n\n1. It keeps goods.\n2. It counts them.',
      'Add a basket\n\n- It keeps goods.\n- It counts them.',
      'Read the configuration\n\n{"message": "x"} is a value now.',
      'Explain releases\n\ngit commit -m "release" makes one.',
      '3D view for baskets',
      'Git hooks run before a push',
      'Commit all goods at once',
      'Messages keep their order',
    ])
      assert.equal(readCommitMessage(own).message, own);
  });

  test("keeps and completes Git's prepared message", () => {
    const prepared = { text: "Merge branch 'basket' into main", kind: 'message' as const };
    const merged = `${prepared.text}\n\nIt keeps what will be bought.`;
    for (const answer of ['It keeps what will be bought.', merged, `\`\`\`\n${merged}\n\`\`\``])
      assert.equal(readCommitMessage(answer, { prepared }).message, merged);
    assert.equal(commitMessageIn('It keeps wh', false, { prepared }), `${prepared.text}\n\nIt keeps wh`);
    const squash = { text: 'Squashed commit of the following:\n\ncommit 1', kind: 'squash' as const };
    assert.equal(
      readCommitMessage('Add a basket', { prepared: squash }).message,
      `Add a basket\n\n${squash.text}`,
    );
    assert.equal(readCommitMessage('', { prepared }).message, '');
  });

  test('keeps a full stop and a sign-off that this repository has', () => {
    const answer = 'Add a basket.\n\nSigned-off-by: Ada <ada@shop.test>';
    const instructions = 'End with this line:\nSigned-off-by: Ada <ada@shop.test>';
    assert.equal(readCommitMessage(answer, { fullStop: true, instructions }).message, answer);
    assert.equal(readCommitMessage(answer).message, 'Add a basket');
  });

  test('shows no JSON, command or list while it is being written', () => {
    for (const answer of [...Object.values(shapes), ...Object.values(offers)])
      for (let length = 0; length <= answer.length; length++) {
        const shown = commitMessageIn(answer.slice(0, length), false);
        assert.doesNotMatch(shown, /^(?:[{[`"$]|git |\d\.|option|sure|here|# |\*\*)/i, shown);
      }
  });

  test('keeps text that only looks like chatter', () => {
    for (const own of [
      'Here: fix the label',
      'Okay button closes the dialog',
      'Don\'t say "no"',
      'Use `let` in `for`',
    ])
      assert.equal(commitMessageIn(own, true), own);
  });

  test('shows no thinking and no chatter while it is being written', () => {
    const answer = `<think>Secret plan: ${message}</think>Here is the commit message:\n\`\`\`\n${message}\n\`\`\``;
    for (let length = 0; length <= answer.length; length++) {
      const shown = commitMessageIn(answer.slice(0, length), false);
      assert.doesNotMatch(shown, /Secret|think|`|Here|</, shown);
    }
    assert.equal(commitMessageIn(answer, true), message);
  });

  test('grows while it is being written', () => {
    assert.equal(commitMessageIn('Add a bas', false), 'Add a bas');
    assert.equal(commitMessageIn('Add a basket\n\nIt ke', false), 'Add a basket\n\nIt ke');
  });

  test('continues below a first line that is too long', () => {
    const long = `${'Put many goods into the basket '.repeat(4)}at once`;
    const [subject = '', blank, body = ''] = commitMessageIn(`${long}\n\nBecause.`, true).split('\n');
    assert.match(subject, /^Put many goods .*[a-z]…$/);
    assert.equal(blank, '');
    assert.match(body, /^…/);
    assert.ok(commitMessageIn(`${long}\n\nBecause.`, true).endsWith('at once\n\nBecause.'));
  });

  test('has no first line above 72 characters, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 120 }), { maxLength: 5 }),
        fc.boolean(),
        (lines, complete) => {
          const [subject = ''] = commitMessageIn(lines.join('\n'), complete).split('\n');
          assert.ok(subject.length <= 72, subject);
        },
      ),
    );
  });
});

test('marks of chat templates are removed, unless the changes contain them', () => {
  const answer = 'Add <|im_end|> to the template';
  assert.equal(commitMessageIn(`${answer}<|eot_id|>`, true, { known: '+"<|im_end|>"' }), answer);
  assert.equal(commitMessageIn('Add it<|im_end|>\n<|im_start|>user', true), 'Add it');
  assert.equal(commitMessageIn('<tool_call>{"name": "commit"}</tool_call>', true), '');
});
