import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { fitsSchema } from '../../../../src/chat/provider/jsonSchema.ts';

/** A schema, values that fit it, and values that do not. */
const cases: [schema: unknown, fit: unknown[], unfit: unknown[]][] = [
  [true, [1, null, {}], []],
  [false, [], [1, null]],
  [{}, [1, 'a', null, [], {}], []],
  [{ type: 'string' }, ['', 'a'], [1, null, [], {}]],
  [{ type: 'integer' }, [1, -3, 2.0], [1.5, '1']],
  [{ type: 'number', minimum: 1, maximum: 2 }, [1, 1.5, 2], [0, 3, '1']],
  [{ type: ['string', 'null'] }, ['a', null], [1, {}]],
  [{ type: 'object' }, [{}, { a: 1 }], [[], null, 'x']],
  [{ type: 'array', items: { type: 'string' }, minItems: 1 }, [['a']], [[], ['a', 1], 'a']],
  [{ enum: ['a', 1, null, { b: [1] }] }, ['a', 1, null, { b: [1] }], ['b', { b: [2] }, undefined]],
  [{ const: { a: 1, b: 2 } }, [{ b: 2, a: 1 }], [{ a: 1 }, { a: 1, b: 2, c: 3 }]],
  [
    { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false },
    [{ a: 1 }],
    [{}, { a: '1' }, { a: 1, b: 1 }],
  ],
  [{ properties: { a: {} }, additionalProperties: { type: 'string' } }, [{ a: 1, b: 'x' }], [{ b: 1 }]],
  [{ required: ['toString'] }, [{ toString: 1 }], [{}]],
  [{ properties: { constructor: { type: 'string' } } }, [{}, { constructor: 'a' }], [{ constructor: 1 }]],
  [{ additionalProperties: false }, [{}], [JSON.parse('{"__proto__": 1}')]],
  [{ minLength: 2, maxLength: 3 }, ['ab', '😀😀😀', 7], ['a', 'abcd', '😀']],
  [{ pattern: '^a+$' }, ['a', 'aa', 3], ['', 'ab']],
  [{ pattern: '(' }, [], ['a']],
  [
    { uniqueItems: true },
    [
      [1, 2],
      [{ a: 1 }, { a: 2 }],
    ],
    [
      [1, 1],
      [{ a: 1 }, { a: 1 }],
    ],
  ],
  [{ multipleOf: 0.5 }, [1, 1.5], [1.2]],
  [{ exclusiveMinimum: 0, exclusiveMaximum: 1 }, [0.5], [0, 1]],
  [{ minProperties: 1, maxProperties: 1 }, [{ a: 1 }], [{}, { a: 1, b: 2 }]],
  [{ propertyNames: { pattern: '^[a-z]$' } }, [{ a: 1 }], [{ AB: 1 }]],
  [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, ['a', 1], [null]],
  [{ oneOf: [{ type: 'number' }, { type: 'integer' }] }, [1.5], [1, 'a']],
  [{ allOf: [{ type: 'number' }, { minimum: 3 }] }, [3], [2]],
  [{ not: { type: 'string' } }, [1], ['a']],
  [{ $ref: '#/$defs/a', $defs: { a: { type: 'string' } } }, ['x'], [1]],
  [
    { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false },
    [{}, { next: { next: {} } }],
    [{ next: { other: 1 } }],
  ],
  [{ type: 'string', description: 'd', title: 't', default: 1, format: 'uri', $comment: 'c' }, ['a'], [1]],
];

describe('a value fits a schema exactly when it should', () => {
  for (const [schema, fit, unfit] of cases)
    test(JSON.stringify(schema), () => {
      for (const value of fit) assert.equal(fitsSchema(schema, value), true, JSON.stringify(value));
      for (const value of unfit) assert.equal(fitsSchema(schema, value), false, JSON.stringify(value));
    });
});

test('what is not understood is not permitted, anywhere in the schema', () => {
  for (const schema of [
    { unknownKeyword: 1 },
    { type: 'text' },
    { contains: {} },
    { if: true },
    { items: [{}] },
    { not: { unknownKeyword: 1 } },
    { not: { not: { unknownKeyword: 1 } } },
    { oneOf: [{ unknownKeyword: 1 }, true] },
    { anyOf: [{ unknownKeyword: 1 }] },
    { $ref: 'https://example.test/schema' },
    { $ref: '#/nowhere' },
    { additionalProperties: false, patternProperties: { '(': {} } },
    { patternProperties: { '[': true } },
    { dependentRequired: [] },
    { nullable: 'yes' },
    { type: 5 },
    null,
    'string',
    undefined,
  ])
    for (const value of [{ a: 1 }, 'a', [1]])
      if (!(Array.isArray(schema) && value === 'a') && !isUntouched(schema, value))
        assert.equal(fitsSchema(schema, value), false, `${JSON.stringify(schema)} ${JSON.stringify(value)}`);
});

/** Whether a keyword for lists accepts every other value. */
function isUntouched(schema: unknown, value: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'items' in schema && !Array.isArray(value);
}

test('keywords and spellings of other generators of schemas', () => {
  const text = { type: 'string', nullable: true, 'x-order': 1, example: 'a' };
  for (const value of ['a', null]) assert.ok(fitsSchema(text, value));
  assert.equal(fitsSchema({ type: 'string', nullable: false }, null), false);
  assert.equal(fitsSchema(text, 1), false);
  for (const value of [0.07, 0.29, 1.1, 1e6])
    assert.ok(fitsSchema({ multipleOf: 0.01 }, value), String(value));
  assert.equal(fitsSchema({ multipleOf: 0.01 }, 0.075), false);
  assert.ok(fitsSchema({ pattern: '^a\\-b$' }, 'a-b'), 'not valid in Unicode mode');
  const byName = { patternProperties: { '^n_': { type: 'number' } }, additionalProperties: false };
  assert.ok(fitsSchema(byName, { n_a: 1 }));
  assert.equal(fitsSchema(byName, { n_a: 'x' }), false);
  assert.equal(fitsSchema(byName, { other: 1 }), false);
  assert.ok(fitsSchema({ dependentRequired: { a: ['b'] } }, { a: 1, b: 2 }));
  assert.equal(fitsSchema({ dependentRequired: { a: ['b'] } }, { a: 1 }), false);
  const named = { $defs: { 'a b': { type: 'string' } }, properties: { x: { $ref: '#/$defs/a%20b' } } };
  assert.ok(fitsSchema(named, { x: 'a' }));
  assert.equal(fitsSchema(named, { x: 1 }), false);
});

test('references in a circle end', () => {
  assert.equal(fitsSchema({ $ref: '#' }, {}), false);
  assert.equal(fitsSchema({ anyOf: [{ $ref: '#' }, { $ref: '#' }] }, {}), false);
  assert.equal(fitsSchema({ not: { $ref: '#' } }, {}), false);
});

test('a schema that lists exactly what a value has fits it, and no value with something else', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 })), (value) => {
      const properties = Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, { const: inner }]),
      );
      const schema = {
        type: 'object',
        properties,
        required: Object.keys(value),
        additionalProperties: false,
      };
      assert.equal(fitsSchema(schema, value), true);
      assert.equal(fitsSchema(schema, { ...value, 'one more key': 1 }), false);
      for (const key of Object.keys(value)) {
        const { [key]: _, ...others } = value;
        assert.equal(fitsSchema(schema, others), false);
      }
    }),
  );
});

test('no schema and no value makes it throw', () => {
  const keyword = fc.constantFrom(
    'type',
    'items',
    'properties',
    'required',
    'enum',
    'anyOf',
    'not',
    '$ref',
    'pattern',
    'minimum',
  );
  const schema = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(keyword, tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(schema, fc.jsonValue(), (one, value) => {
      assert.equal(typeof fitsSchema(one, value), 'boolean');
    }),
  );
});
