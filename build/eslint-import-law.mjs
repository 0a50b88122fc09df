/** eslint's net of the import law: resolves each import as written, without a resolver of anybody else. */
import path from 'node:path';
import { isBuiltin } from 'node:module';
import { fileComplaint, layerOf, packageComplaint } from './import-law.mjs';

const root = path.join(import.meta.dirname, '..');

/** @type {import('eslint').Rule.RuleModule} */
export const importLawRule = {
  meta: { type: 'problem', schema: [], messages: { law: '{{complaint}} (import law, docs/ARCHITECTURE.md)' } },
  create(context) {
    const file = toPath(context.filename);
    const layer = layerOf(file);
    if (layer === null) return {};
    /** @param {any} node @param {any} source @param {boolean} typeOnly */
    const check = (node, source, typeOnly) => {
      if (source === null || source === undefined) return;
      if (typeof source.value !== 'string') {
        context.report({ node, messageId: 'law', data: { complaint: 'an import must name its module as plain text' } });
        return;
      }
      const complaint = complaintFor(layer, file, source.value, typeOnly);
      if (complaint !== null) context.report({ node, messageId: 'law', data: { complaint } });
    };
    return {
      ImportDeclaration: (/** @type {any} */ node) => {
        check(node, node.source, node.importKind === 'type');
      },
      ExportNamedDeclaration: (/** @type {any} */ node) => {
        check(node, node.source, node.exportKind === 'type');
      },
      ExportAllDeclaration: (/** @type {any} */ node) => {
        check(node, node.source, node.exportKind === 'type');
      },
      ImportExpression: (/** @type {any} */ node) => {
        check(node, node.source, false);
      },
      TSImportType: (/** @type {any} */ node) => {
        check(node, node.source ?? node.argument?.literal, true);
      },
      'CallExpression[callee.name="require"]': (/** @type {any} */ node) => {
        check(node, node.arguments[0] ?? {}, false);
      },
    };
  },
};

/**
 * @param {import('./import-law.mjs').Layer} layer
 * @param {string} file
 * @param {string} written
 * @param {boolean} typeOnly
 */
function complaintFor(layer, file, written, typeOnly) {
  if (written.startsWith('.')) return fileComplaint(layer, path.posix.join(path.posix.dirname(file), written), typeOnly);
  if (!written.startsWith('node:') && isBuiltin(written)) return `write node:${written}`;
  return packageComplaint(layer, written);
}

/** @param {string} filename */
function toPath(filename) {
  return path.relative(root, filename).split(path.sep).join('/');
}
