// Answers about code in other languages.
import { mark, row, type Case } from './judgeCases.ts';

const shop = `"""A shop."""
import os

LIMIT = 3


@cached
def load(path):
    """Loads."""
    return open(path)


class Shop:
    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, value):
        self._name = value

    async def sell(self, item):
        return item


if __name__ == "__main__":
    load("x")
`;
const javaFile = `package a;

import java.util.List;

/** A basket. */
public class Basket {
    private final List<String> items;

    @Override
    public String toString() {
        return items.toString();
    }

    public void add(String item) {
        items.add(item);
    }

    public void add(String item, int count) {
        for (int i = 0; i < count; i++) add(item);
    }

    static class Line {
        int count;
    }
}
`;
const goFile = `package a

import "fmt"

// Basket holds items.
type Basket struct {
	items []string
}

// Add adds.
func (b *Basket) Add(item string) {
	b.items = append(b.items, item)
}

func (b *Basket) String() string {
	return fmt.Sprint(b.items)
}
`;
const rustFile = `use std::fmt;

#[derive(Debug)]
pub struct Basket {
    items: Vec<String>,
}

impl Basket {
    /// Adds.
    pub fn add(&mut self, item: String) {
        self.items.push(item);
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }
}

impl fmt::Display for Basket {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.len())
    }
}
`;

export const languages: Case[] = [
  row(
    'a function of Python keeps its decorator',
    'python',
    shop,
    'def load(path):\n    """Loads."""\n    return open(path, "rb")',
    { old: 'open(path)', now: 'open(path, "rb")' },
  ),
  row(
    'a setter of Python',
    'python',
    shop,
    '@name.setter\ndef name(self, value):\n    self._name = str(value)',
    { old: '= value', now: '= str(value)' },
  ),
  row(
    'a method of Python in its class',
    'python',
    shop,
    'class Shop:\n    async def sell(self, item):\n        return item.sold()',
    { old: 'return item', now: 'return item.sold()' },
  ),
  row(
    'a class of Python, whole',
    'python',
    shop,
    shop
      .slice(shop.indexOf('class Shop'), shop.indexOf('\n\n\nif'))
      .replace('return item', 'return item + 1'),
    { old: 'return item', now: 'return item + 1' },
  ),
  row(
    'the lines of a function of Python',
    'python',
    mark(shop, '    return open(path)'),
    'def load(path):\n    """Loads."""\n    with open(path) as file:\n        return file.read()',
    { old: '    return open(path)', now: '    with open(path) as file:\n        return file.read()' },
  ),
  row('a function of Python that ends too soon', 'python', shop, 'def load(path):', 'incomplete'),
  row(
    'the beginning of a Python file',
    'python',
    shop,
    shop.slice(0, shop.indexOf('class Shop')),
    'incomplete',
  ),
  row(
    'one overload of Java',
    'java',
    javaFile,
    'public void add(String item, int count) {\n    while (count-- > 0) add(item);\n}',
    { old: 'for (int i = 0; i < count; i++) add(item);', now: 'while (count-- > 0) add(item);' },
  ),
  row(
    'a method of Java with its annotation',
    'java',
    javaFile,
    '@Override\npublic String toString() {\n    return "x";\n}',
    { old: 'items.toString()', now: '"x"' },
  ),
  row('an inner class of Java', 'java', javaFile, 'static class Line {\n    long count;\n}', {
    old: 'int count;',
    now: 'long count;',
  }),
  row(
    'a method of Go',
    'go',
    goFile,
    '// Add adds it.\nfunc (b *Basket) Add(item string) {\n\tif item != "" {\n\t\tb.items = append(b.items, item)\n\t}\n}',
    {
      old: '// Add adds.\nfunc (b *Basket) Add(item string) {\n\tb.items = append(b.items, item)\n}',
      now: '// Add adds it.\nfunc (b *Basket) Add(item string) {\n\tif item != "" {\n\t\tb.items = append(b.items, item)\n\t}\n}',
    },
  ),
  row('a type of Go', 'go', goFile, 'type Basket struct {\n\titems []string\n\tcount int\n}', {
    old: '\titems []string\n',
    now: '\titems []string\n\tcount int\n',
  }),
  row(
    'a method of Rust in its impl',
    'rust',
    rustFile,
    'impl Basket {\n    pub fn len(&self) -> usize {\n        self.items.len() + 1\n    }\n}',
    { old: 'self.items.len()\n', now: 'self.items.len() + 1\n' },
  ),
  row(
    'a method of Rust alone',
    'rust',
    rustFile,
    'pub fn add(&mut self, item: String) {\n    self.items.insert(0, item);\n}',
    { old: 'self.items.push(item);', now: 'self.items.insert(0, item);' },
  ),
  row(
    'a part of a C# class',
    'csharp',
    'namespace A\n{\n    public partial class B\n    {\n        public int Count { get; set; }\n\n        public int Twice() => Count * 2;\n\n        public int Thrice() => Count * 3;\n    }\n}\n',
    'public int Twice() => Count << 1;',
    { old: 'Count * 2', now: 'Count << 1' },
  ),
  row(
    'a function of C',
    'c',
    '#include <stdio.h>\n\nstatic int twice(int x);\n\nint main(void)\n{\n  return twice(1);\n}\n\nstatic int twice(int x)\n{\n  return 2 * x;\n}\n',
    'int main(void)\n{\n  return twice(2);\n}',
    { old: 'twice(1)', now: 'twice(2)' },
  ),
  row(
    'a method of Ruby in its module',
    'ruby',
    'module A\n  class B\n    def c\n      1\n    end\n\n    def d\n      2\n    end\n  end\nend\n',
    'module A\n  class B\n    def d\n      3\n    end\n  end\nend',
    { old: '      2\n', now: '      3\n' },
  ),
  row(
    'a method of PHP',
    'php',
    '<?php\n\nclass A\n{\n    public function b()\n    {\n        return 1;\n    }\n\n    public function c()\n    {\n        return 2;\n    }\n}\n',
    '<?php\npublic function c()\n{\n    return 3;\n}',
    { old: 'return 2', now: 'return 3' },
  ),
  row(
    'a function of Kotlin',
    'kotlin',
    'package a\n\nfun one() = 1\n\nclass B {\n    fun two(): Int = 2\n\n    val three get() = 3\n}\n',
    'fun two(): Int {\n    return 22\n}',
    { old: 'fun two(): Int = 2', now: 'fun two(): Int {\n        return 22\n    }' },
  ),
  row(
    'an extension of Swift',
    'swift',
    'struct A {\n    var b = 1\n}\n\nextension A: C {\n    func d() -> Int { 1 }\n    func e() -> Int { 2 }\n}\n',
    'extension A: C {\n    func e() -> Int { 3 }\n}',
    { old: '{ 2 }', now: '{ 3 }' },
  ),
];
