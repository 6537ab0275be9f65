import type { Notes } from './notes.ts';

const inventory: Notes = {
  known: true,
  language: 'typescript',
  purpose:
    '`Inventory` keeps what is in stock: one `Item` for each name, with its price in cents and how many there are.',
  parts: [
    {
      name: 'Inventory',
      text: 'Holds a private `Map` from the name to the `Item`. Nothing outside can reach the map itself.',
    },
    { name: 'Item', text: 'The data of one kind of goods. The price is in cents, so that sums stay exact.' },
    {
      name: 'add',
      text: 'Refuses quantities of 0 or less with a `RangeError`. A known item gets a higher quantity, an unknown one is stored.',
      io: '`item` is the goods to add; there is no result.',
      how: 'It looks the name up in the map. What is there grows by `item.quantity`; what is not there is put in.',
      errors:
        'A `RangeError` when the quantity is 0 or negative. The price of a known item is ignored without a word.',
    },
    {
      name: 'remove',
      text: 'Takes goods off the shelf and returns how many are left. It throws when the item is unknown or too few are there, and forgets an item whose last piece is gone.',
      io: 'The name of the item and how many to take; the result is how many are left.',
      how: 'It looks the item up, checks that there are enough, subtracts, and deletes the entry at 0.',
      errors:
        'An `Error` for an unknown name, a `RangeError` when there are too few. A negative quantity is not refused: it adds.',
    },
    {
      name: 'total',
      text: 'Sums `price * quantity` over all items; an empty inventory is worth 0.',
      io: 'No parameters; the result is a sum in cents.',
      how: 'One loop over the values of the map.',
      errors: 'It throws nothing. With prices in whole cents the sum is exact.',
    },
  ],
  patterns:
    'A small collection class: it hides a `Map` behind operations that keep its rules, such as no item with a quantity of 0.',
  relations:
    'It depends on nothing but the interface `Item`, which its callers create. Nothing in this file uses it.',
  errors:
    '`add` and `remove` throw a `RangeError` for quantities that cannot be, and `remove` throws an `Error` for an unknown name. A fraction or a negative quantity in `remove` is not checked.',
  usage:
    "const stock = new Inventory();\nstock.add({ name: 'apple', price: 30, quantity: 10 });\nstock.remove('apple', 4); // 6\nstock.total(); // 180",
  defect: {
    title: "`add` keeps the caller's object",
    parts: ['Inventory', 'add', 'remove'],
    text: "For a new name, `add` stores the very object it was given. Later calls of `add` and `remove` change `quantity` on that object, so the caller sees its own data change, and two inventories filled from the same list share their numbers.\n\nWith `const apple = { name: 'apple', price: 30, quantity: 1 }`, calling `add(apple)` three times makes 4 apples of 3: from the second call on, `known` and `item` are the same object, and each call doubles it.",
    fix: 'this.items.set(item.name, { ...item });',
  },
  edits: [['this.items.set(item.name, item);', 'this.items.set(item.name, { ...item });']],
  improvements: [
    {
      title: 'Store a copy in `add`',
      text: 'The inventory then owns its data, whatever the caller does with the object later.',
      code: 'this.items.set(item.name, { ...item });',
    },
    {
      title: 'Check the quantity in `remove` too',
      text: '`remove(name, -5)` adds five pieces today. One small function for both methods keeps the rule in one place.',
      code: 'function requirePositive(quantity: number, name: string): void {\n  if (!(quantity > 0)) {\n    throw new RangeError(`quantity of ${name} must be positive`);\n  }\n}',
    },
    {
      title: 'Say what happens to a different price',
      text: '`add` ignores the price of a known item. Either update it or refuse a different one; a comment would do as a start.',
    },
  ],
  tests: {
    code: "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { Inventory } from './inventory.ts';\n\nconst apples = (quantity: number) => ({ name: 'apple', price: 30, quantity });\n\ntest('a new inventory is worth nothing', () => {\n  assert.equal(new Inventory().total(), 0);\n});\n\ntest('adding a known item raises its quantity', () => {\n  const stock = new Inventory();\n  stock.add(apples(2));\n  stock.add(apples(3));\n  assert.equal(stock.total(), 150);\n});\n\ntest('removing tells how many are left', () => {\n  const stock = new Inventory();\n  stock.add(apples(3));\n  assert.equal(stock.remove('apple', 1), 2);\n});\n\ntest('an item is gone with its last piece', () => {\n  const stock = new Inventory();\n  stock.add(apples(1));\n  stock.remove('apple', 1);\n  assert.throws(() => stock.remove('apple', 1), /no such item/);\n});\n\ntest('more than there is cannot be removed', () => {\n  const stock = new Inventory();\n  stock.add(apples(1));\n  assert.throws(() => stock.remove('apple', 2), RangeError);\n});\n\ntest('adding nothing is refused', () => {\n  assert.throws(() => new Inventory().add(apples(0)), RangeError);\n});",
    missing: 'Not covered: fractions, negative quantities in `remove`, and items whose price changes.',
  },
  comments: {
    add: '/**\n * Puts goods on the shelf; more of a known item raises its quantity.\n * @throws RangeError when the quantity is not positive.\n */',
    remove:
      '/**\n * Takes goods off the shelf.\n * @returns how many are left; an item with none left is forgotten.\n * @throws Error when the item is unknown.\n * @throws RangeError when there are fewer than asked for.\n */',
    total: '/** The value of everything on the shelf, in cents. */',
    Inventory: '/** What is in stock, one item a name. Prices are in cents. */',
  },
  commit:
    'Keep track of stock in Inventory\n\nItems are added and removed by name; total() sums up their value in cents.',
};

const greet: Notes = {
  known: true,
  language: 'python',
  purpose: 'This module greets people, each in the language they like best, and nobody twice.',
  parts: [
    {
      name: 'greet_all',
      text: 'Goes through the people in order, skips everybody whose name is in `seen`, and returns one greeting for each of the others.',
      io: '`people` are the guests in order, `seen` the names greeted before; the result is a list of greetings.',
      how: 'One loop: skip a name that was seen, else remember it and greet.',
      errors: 'It raises nothing, but its default `seen` is shared by all calls.',
    },
    {
      name: 'greet',
      text: "Looks up the template of the person's language, English when there is none, and fills in the name without blanks around it.",
      io: '`person` is whom to greet; the result is one line of text.',
      how: '`dict.get` with the English template as its default, then `str.format`.',
      errors: 'An unknown language is no error. A name of blanks only gives `Hello, !`.',
    },
    {
      name: 'Person',
      text: 'A frozen data class with a name and a language, which is English unless said otherwise.',
    },
  ],
  patterns: 'A lookup table (`GREETINGS`) in place of a chain of conditions: a new language is one new line.',
  relations:
    '`greet_all` uses `greet`, and both take a `Person`. The module needs nothing but the standard library.',
  errors:
    'Nothing is raised on purpose. An unknown language falls back to English; a name of blanks gives `Hello, !`.',
  usage:
    'greet(Person("Ada"))            # "Hello, Ada!"\ngreet(Person("Grace", "fr"))   # "Bonjour Grace !"',
  defect: {
    title: '`greet_all` remembers across calls',
    parts: ['greet_all'],
    text: 'The default `seen: set[str] = set()` is created once, when the function is defined, and shared by every call that does not pass its own. The second call of `greet_all([Person("Ada")])` returns an empty list, because the first one left `"Ada"` in the set.',
    fix: 'def greet_all(people: list[Person], seen: set[str] | None = None) -> list[str]:\n    seen = set() if seen is None else seen',
  },
  edits: [
    ['seen: set[str] = set()', 'seen: set[str] | None = None'],
    ['    greetings = []', '    seen = set() if seen is None else seen\n    greetings = []'],
  ],
  improvements: [
    {
      title: 'No mutable default argument',
      text: 'A fresh set for each call makes `greet_all` independent of what was called before.',
      code: 'seen = set() if seen is None else seen',
    },
    {
      title: 'Compare names the way they are shown',
      text: '`greet` strips the name, `greet_all` compares it unstripped: `"Ada"` and `"Ada "` get the same greeting twice.',
      code: 'name = person.name.strip()\nif name in seen:\n    continue\nseen.add(name)',
    },
  ],
  tests: {
    code: 'from greet import Person, greet, greet_all\n\n\ndef test_english_is_the_default():\n    assert greet(Person("Ada")) == "Hello, Ada!"\n\n\ndef test_another_language():\n    assert greet(Person("Grace", "fr")) == "Bonjour Grace !"\n\n\ndef test_an_unknown_language_is_english():\n    assert greet(Person("Ada", "xx")) == "Hello, Ada!"\n\n\ndef test_blanks_around_the_name_are_dropped():\n    assert greet(Person("  Ada ")) == "Hello, Ada!"\n\n\ndef test_nobody_is_greeted_twice():\n    assert greet_all([Person("Ada"), Person("Ada")], seen=set()) == ["Hello, Ada!"]\n\n\ndef test_calls_do_not_know_each_other():\n    greet_all([Person("Alan")])\n    assert greet_all([Person("Alan")]) == ["Hello, Alan!"]',
    missing:
      'Not covered: names of blanks only, and names with braces in them. The last test fails until the default argument is mended.',
  },
  comments: {
    greet:
      '"""The greeting for one person.\n\nAn unknown language falls back to English; blanks around the name are dropped.\n"""',
    greet_all:
      '"""One greeting for each person whose name is not in `seen` yet.\n\nNames that were greeted are added to `seen`.\n"""',
    Person: '"""Somebody to greet, and the language for it as a two-letter code."""',
  },
  commit:
    'Greet people in their own language\n\ngreet() falls back to English; greet_all() greets nobody twice.',
};

const parse: Notes = {
  known: true,
  language: 'go',
  purpose: 'This package reads settings from lines of the form `key = value`, and finds the value of a key.',
  parts: [
    {
      name: 'Parse',
      text: 'Reads line by line, skips empty lines and those that begin with `#`, cuts the others at the first `=`, and remembers the number of the line. A line without `=` ends it with an error.',
      io: '`r` is read to its end; the result is the settings in the order of their lines, or an error.',
      how: 'A `bufio.Scanner` gives the lines; `strings.Cut` splits each at its first `=`.',
      errors:
        'An error that names the line when there is no `=`. Errors of reading are lost, because `scanner.Err()` is never asked.',
    },
    {
      name: 'Find',
      text: 'Searches from the end, so that a later line wins over an earlier one, and says whether the key was there.',
      io: 'The settings and a key; the result is the value and whether it was found.',
      how: 'One loop from the last setting to the first.',
      errors: 'None: an unknown key gives an empty string and `false`.',
    },
    { name: 'Setting', text: 'One line: key and value without blanks around them, and where it stood.' },
  ],
  patterns:
    'It reads from an `io.Reader`, so a file, a string or a network connection will do, and reports a missing key with the usual second result.',
  relations:
    '`Parse` produces the slice that `Find` searches; both know only `Setting` and the standard library.',
  errors:
    '`Parse` returns an error that names the line when there is no `=`. An empty key (`= 5`) is accepted. Errors of reading are lost: see the scanner.',
  usage:
    'settings, err := Parse(strings.NewReader("port = 80\\nport = 8080"))\nport, found := Find(settings, "port") // "8080", true',
  defect: {
    title: '`Parse` loses errors of reading',
    parts: ['Parse'],
    text: '`scanner.Scan()` returns false at the end of the input and also when reading fails or a line is longer than 64 KiB. Nobody asks `scanner.Err()`, so in those cases `Parse` returns the settings before that line and `nil`: half a file that looks like a whole one.',
    fix: 'if err := scanner.Err(); err != nil {\n\treturn nil, fmt.Errorf("reading settings: %w", err)\n}',
  },
  edits: [
    [
      '\treturn settings, nil',
      '\tif err := scanner.Err(); err != nil {\n\t\treturn nil, fmt.Errorf("reading settings: %w", err)\n\t}\n\treturn settings, nil',
    ],
  ],
  improvements: [
    {
      title: 'Check `scanner.Err()` after the loop',
      text: 'A file that cannot be read to its end should not look complete.',
      code: 'if err := scanner.Err(); err != nil {\n\treturn nil, fmt.Errorf("reading settings: %w", err)\n}',
    },
    {
      title: 'Refuse an empty key',
      text: 'A line like `= 5` is most likely a slip; an error that names the line helps to find it.',
      code: 'if key = strings.TrimSpace(key); key == "" {\n\treturn nil, fmt.Errorf("line %d: no key in %q", line, text)\n}',
    },
  ],
  tests: {
    code: 'package settings\n\nimport (\n\t"strings"\n\t"testing"\n)\n\nfunc TestParseSkipsCommentsAndEmptyLines(t *testing.T) {\n\tgot, err := Parse(strings.NewReader("# comment\\n\\nport = 80\\n"))\n\tif err != nil || len(got) != 1 {\n\t\tt.Fatalf("got %v, %v", got, err)\n\t}\n\tif got[0] != (Setting{Key: "port", Value: "80", Line: 3}) {\n\t\tt.Errorf("got %+v", got[0])\n\t}\n}\n\nfunc TestParseNamesTheBadLine(t *testing.T) {\n\t_, err := Parse(strings.NewReader("a = 1\\nnonsense"))\n\tif err == nil || !strings.Contains(err.Error(), "line 2") {\n\t\tt.Errorf("got %v", err)\n\t}\n}\n\nfunc TestParseReportsALineThatIsTooLong(t *testing.T) {\n\t_, err := Parse(strings.NewReader("a = " + strings.Repeat("x", 70000)))\n\tif err == nil {\n\t\tt.Error("no error")\n\t}\n}\n\nfunc TestFindTakesTheLastValue(t *testing.T) {\n\tsettings := []Setting{{Key: "a", Value: "1"}, {Key: "a", Value: "2"}}\n\tif value, found := Find(settings, "a"); !found || value != "2" {\n\t\tt.Errorf("got %q, %v", value, found)\n\t}\n}',
    missing:
      'Not covered: a reader that fails half-way. The test of the long line fails until `Parse` asks the scanner for its error.',
  },
  comments: {
    Parse:
      '// Parse reads all settings in the order of their lines. Empty lines and lines that\n// begin with # are skipped; a line without = is an error that names it.',
    Find: '// Find returns the value of the last setting with this key, and whether there is one.',
    Setting: '// Setting is one key and its value, and the line (from 1) it stood in.',
  },
  commit:
    'Read settings from key = value lines\n\nParse reports the line of an error; Find lets later lines win.',
};

/** The demo's notes about the sample workspace, by file name. */
export const samples: Record<string, Notes> = {
  'inventory.ts': inventory,
  'greet.py': greet,
  'parse.go': parse,
};
