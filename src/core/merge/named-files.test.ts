import { describe, expect, it } from 'vitest';
import { namedFiles } from './named-files.ts';

const ABSENT = ['src/operators.js', 'lib/util.py', 'include/deep/ring.h', 'data.json', '.env'];

describe('files that merged lines need', () => {
  it.each([
    ["import { plus } from './operators.js';", ['src/operators.js']],
    ['const table = require("../src/operators");', ['src/operators.js']],
    ['from lib.util import join', ['lib/util.py']],
    ['#include "ring.h"', ['include/deep/ring.h']],
    ['const path = `${root}/data.json`;', ['data.json']],
    ['the operators of the util, by ring', []],
    ["import { plus } from './more-operators2.js';", []],
    ['import x from "./environment";', []],
  ])('are seen in %s', (line, named) => {
    expect(namedFiles(ABSENT, ['something else', line])).toEqual(named);
  });
});
