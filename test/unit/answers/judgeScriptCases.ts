// Answers about JavaScript and TypeScript.
import { mark, row, told, type Case } from './judgeCases.ts';

const basket = `import x from 'x';

/** A basket. */
export class Basket {
  items = [];

  /** Adds. */
  add(item) {
    this.items.push(item);
  }

  get size() {
    return this.items.length;
  }

  set size(value) {
    this.items.length = value;
  }

  total() {
    return this.items.reduce((sum, item) => sum + item.price, 0);
  }
}

export const empty = () => new Basket();

export default function main() {
  function helper() {
    return 1;
  }
  return helper();
}
`;
const addOld = `    this.items.push(item);`;
const addNew = `    if (item) this.items.push(item);`;
const method = `add(item) {\n  if (item) this.items.push(item);\n}`;
const atAdd = mark(basket, `  add(item) {\n${addOld}\n  }`);
const atLine = mark(basket, addOld);

export const scripts: Case[] = [
  row('a method for the file', 'javascript', basket, method, { old: addOld, now: addNew }),
  row(
    'a method in its class for the file',
    'javascript',
    basket,
    `class Basket {\n  ${method.replaceAll('\n', '\n  ')}\n}`,
    { old: addOld, now: addNew },
  ),
  row(
    'a method in its class for the method',
    'javascript',
    atAdd,
    `export class Basket {\n  ${method.replaceAll('\n', '\n  ')}\n}`,
    { old: addOld, now: addNew },
  ),
  row('a method with a new comment', 'javascript', basket, `/** Adds it. */\n${method}`, {
    old: `  /** Adds. */\n  add(item) {\n${addOld}`,
    now: `  /** Adds it. */\n  add(item) {\n${addNew}`,
  }),
  row('the file for a method', 'javascript', atAdd, basket.replace(addOld, addNew), {
    old: addOld,
    now: addNew,
  }),
  row(
    'the file, with other changes, for a method',
    'javascript',
    atAdd,
    basket.replace(addOld, addNew).replace('return 1', 'return 2'),
    { old: addOld, now: addNew, isRestricted: true },
  ),
  row('the file for a line', 'javascript', atLine, basket.replace(addOld, addNew), {
    old: addOld,
    now: addNew,
  }),
  row('the method for a line', 'javascript', atLine, method, { old: addOld, now: addNew }),
  row('the line for a line', 'javascript', atLine, addNew.trim(), { old: addOld, now: addNew }),
  row(
    'a line with its neighbors for a line',
    'javascript',
    mark(basket, '  return helper();'),
    '  function helper() {\n    return 1;\n  }\n  return helper() + 1;',
    { old: 'return helper();', now: 'return helper() + 1;' },
  ),
  row('a method written as a function', 'javascript', basket, `function ${method}`, {
    old: addOld,
    now: addNew,
  }),
  row('another method for a method', 'javascript', atAdd, 'total() {\n  return 0;\n}', 'other'),
  row('a getter for the file', 'javascript', basket, 'get size() {\n  return this.items.length | 0;\n}', {
    old: 'return this.items.length;',
    now: 'return this.items.length | 0;',
  }),
  row(
    'a setter for the file',
    'javascript',
    basket,
    'set size(value) {\n  this.items.length = value | 0;\n}',
    { old: '= value;', now: '= value | 0;' },
  ),
  row(
    'an arrow function for the file',
    'javascript',
    basket,
    'export const empty = () => {\n  return new Basket();\n};',
    { old: '() => new Basket();', now: '() => {\n  return new Basket();\n};' },
  ),
  row(
    'the default export for the file',
    'javascript',
    basket,
    'export default function main() {\n  return 1;\n}',
    {
      old: '  function helper() {\n    return 1;\n  }\n  return helper();',
      now: '  return 1;',
      removes: ['main.helper'],
    },
  ),
  row('a function without its export', 'javascript', basket, 'const empty = () => new Basket(1);', {
    old: 'new Basket()',
    now: 'new Basket(1)',
  }),
  row('a new name for a method', 'javascript', atAdd, '  put(item) {\n    this.items.push(item);\n  }', {
    old: '  add(',
    now: '  put(',
    removes: ['Basket.add'],
    adds: ['Basket.put'],
  }),
  row('the file without a method', 'javascript', basket, basket.replace(/\n {2}total[^]*?\n {2}\}\n/, '\n'), {
    old: basket.slice(basket.indexOf('  total'), basket.indexOf('\n}\n\nexport const')),
    now: '',
    removes: ['Basket.total'],
  }),
  row(
    'the file without its import',
    'javascript',
    basket,
    basket.slice(basket.indexOf('/**')).replace(addOld, addNew),
    { old: addOld, now: addNew },
  ),
  row(
    'the file with a function twice',
    'javascript',
    basket,
    `${basket}\nexport const empty = () => 1;`,
    'twice',
  ),
  row('a use of it', 'javascript', basket, 'const basket = new Basket();\nbasket.add(1);', 'other'),
  row(
    'a test of it',
    'javascript',
    basket,
    "describe('Basket', () => {\n  it('adds', () => {});\n});",
    'other',
  ),
  row('a command', 'javascript', basket, 'npm install basket', 'noCode', 'sh'),
  row('a command without a name', 'javascript', basket, 'npm install basket', 'other'),
  row('another language', 'javascript', basket, 'class Basket:\n    pass', 'otherLanguage', 'python'),
  row(
    'another language without a name',
    'javascript',
    basket,
    'class Basket:\n    def add(self, item):\n        self.items.append(item)',
    'incomplete',
  ),
  row('a patch', 'javascript', basket, `@@ -1,3 +1,3 @@\n-${addOld}\n+${addNew}`, 'patch', 'js'),
  row(
    'lines to add and to remove',
    'javascript',
    atAdd,
    `   add(item) {\n-    this.items.push(item);\n+    if (item) this.items.push(item);\n   }`,
    'patch',
  ),
  row(
    'a part that ends in the midst',
    'javascript',
    basket,
    basket.slice(0, basket.indexOf('.reduce')),
    'incomplete',
  ),
  row(
    'placeholders',
    'javascript',
    basket,
    `class Basket {\n  // ... existing code\n\n  ${method}\n}`,
    'elided',
  ),
  row('the same', 'javascript', basket, basket, 'unchanged'),
  row(
    'a helper beside the function',
    'javascript',
    basket,
    'const make = () => new Basket();\n\nexport const empty = () => make();',
    {
      old: 'export const empty = () => new Basket();',
      now: 'const make = () => new Basket();\n\nexport const empty = () => make();',
    },
  ),
  row(
    'a new import with the function',
    'javascript',
    basket,
    "import x from 'x';\nimport y from 'y';\n\nexport const empty = () => y(new Basket());",
    {
      old: basket,
      now: basket
        .replace("'x';", "'x';\nimport y from 'y';")
        .replace('=> new Basket()', '=> y(new Basket())'),
    },
  ),
  row('CRLF', 'javascript', basket.replaceAll('\n', '\r\n'), method, { old: addOld, now: addNew }),
  row(
    'overloads',
    'typescript',
    'export function f(a: string): void;\nexport function f(a: number): void;\nexport function f(a: unknown): void {\n  g(a);\n}\n\nexport function h(): void {}\n',
    'export function h(): void {\n  f(1);\n}',
    { old: 'h(): void {}', now: 'h(): void {\n  f(1);\n}' },
  ),
  row(
    'an interface for the file',
    'typescript',
    'interface A {\n  a: string;\n}\n\ntype B = { b: A };\n\nenum C {\n  D,\n}\n',
    'interface A {\n  a: string;\n  c?: number;\n}',
    { old: 'a: string;', now: 'a: string;\n  c?: number;' },
  ),
  row(
    'one component for the file',
    'typescriptreact',
    "export function A() {\n  return <p>Don't {x}</p>;\n}\n\nexport function B() {\n  return <p>It's {</p>;\n}\n".replace(
      '{<',
      '<',
    ),
    'export function A() {\n  return <p>Do {x}</p>;\n}',
    { old: "Don't", now: 'Do' },
  ),
  told(
    'before and after',
    'javascript',
    atAdd,
    `Before:\n\n\`\`\`js\nadd(item) {\n  this.items.push(item);\n}\n\`\`\`\n\nAfter:\n\n\`\`\`js\n${method}\n\`\`\``,
    { old: addOld, now: addNew },
  ),
  told(
    'original and improved',
    'javascript',
    atAdd,
    `**Original:**\n\`\`\`js\nadd(item) { this.items.push(item); }\n\`\`\`\n**Improved:**\n\`\`\`js\n${method}\n\`\`\``,
    { old: addOld, now: addNew },
  ),
  told(
    'several versions',
    'javascript',
    atAdd,
    `Option 1:\n\n\`\`\`js\n${method}\n\`\`\`\n\nOption 2:\n\n\`\`\`js\nadd(item) {\n  this.items = [...this.items, item];\n}\n\`\`\``,
    'several',
  ),
  told(
    'the new code and its use',
    'javascript',
    atAdd,
    `\`\`\`js\n${method}\n\`\`\`\n\nUsage:\n\n\`\`\`js\nconst b = new Basket();\nb.add(1);\nb.add(2);\nb.add(3);\nb.add(4);\n\`\`\``,
    { old: addOld, now: addNew },
  ),
  told(
    'two parts in two blocks',
    'javascript',
    basket,
    `First:\n\n\`\`\`js\n${method}\n\`\`\`\n\nThen:\n\n\`\`\`js\nexport const empty = () => new Basket(1);\n\`\`\``,
    'several',
  ),
  told(
    'the change, then the whole',
    'javascript',
    basket,
    `Changed:\n\n\`\`\`js\n${method}\n\`\`\`\n\nThe file:\n\n\`\`\`js\n${basket.replace(addOld, addNew)}\`\`\``,
    { old: addOld, now: addNew },
  ),
];
