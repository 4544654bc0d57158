/** A plan as YAML, each value with the line of the document that it came from behind it. */
import { basename } from 'node:path';
import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Node } from 'yaml';
import type { Out } from '../../core/plan/import/out.ts';

/** @param head lines of comment to begin with */
export function planYaml(plan: Out, head: readonly string[]): string {
  const document = new Document(null);
  document.contents = nodeOf(plan);
  document.commentBefore = head.map((line) => ` ${line}`).join('\n');
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function nodeOf(out: Out): Node {
  switch (out.kind) {
    case 'value': {
      const node = new Scalar(out.value);
      if (typeof out.value === 'string' && out.value.includes('\n')) node.type = 'BLOCK_LITERAL';
      if (out.from !== null) node.comment = ` ${basename(out.from.file)}:${out.from.line}`;
      return node;
    }
    case 'list': {
      const node = new YAMLSeq();
      node.items = out.items.map(nodeOf);
      return node;
    }
    case 'map': {
      const node = new YAMLMap();
      node.items = out.entries.map(([key, value]) => new Pair(new Scalar(key), nodeOf(value)));
      return node;
    }
  }
}
