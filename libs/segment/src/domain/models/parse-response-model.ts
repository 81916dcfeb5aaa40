import { DomainError } from '@vitrine/kernel';
import {
  ACTIVATIONS,
  type Activation,
  type BoostedTreesModel,
  type DenseLayer,
  type ImportedModel,
  type LogisticModel,
  type ResponseModel,
} from './response-model';

type Fields = Readonly<Record<string, unknown>>;

/** A network beyond this many inputs or outputs per layer, or layers, is refused: it could not answer within a decision. */
const MOST_UNITS = 4096;
const MOST_LAYERS = 32;

/**
 * Reads a response model that was written as JSON, here or by whoever trained it elsewhere. What it returns can be compiled and evaluated
 * on any row: every shape fits, every number is finite and no walk through a tree runs in circles.
 *
 * @throws RESPONSE_MODEL_MALFORMED, naming the place, for anything else
 */
export function parseResponseModel(value: unknown): ResponseModel {
  const model = fieldsOf(value, 'model');
  switch (model['kind']) {
    case 'LOGISTIC':
      return parseLogistic(model);
    case 'BOOSTED_TREES':
      return parseTrees(model);
    case 'IMPORTED':
      return parseImported(model);
    default:
      throw malformed('kind', 'is none that is known');
  }
}

function parseLogistic(model: Fields): LogisticModel {
  const weights = numbersOf(model['weights'], 'weights');
  const head: LogisticModel = { kind: 'LOGISTIC', intercept: numberOf(model['intercept'], 'intercept'), weights };
  if (model['spreads'] === undefined) return head;
  return { ...head, spreads: numbersOf(model['spreads'], 'spreads', weights.length) };
}

function parseTrees(model: Fields): BoostedTreesModel {
  const feature = numbersOf(model['feature'], 'feature');
  const perNode = (name: string) => numbersOf(model[name], name, feature.length);
  const trees: BoostedTreesModel = {
    kind: 'BOOSTED_TREES',
    inputs: indexOf(model['inputs'], MOST_UNITS + 1, 'inputs'),
    baseline: numberOf(model['baseline'], 'baseline'),
    roots: numbersOf(model['roots'], 'roots'),
    feature,
    threshold: perNode('threshold'),
    missingLeft: perNode('missingLeft'),
    left: perNode('left'),
    right: perNode('right'),
    value: perNode('value'),
    gain: perNode('gain'),
  };
  trees.roots.forEach((root, tree) => indexOf(root, feature.length, `roots.${tree}`));
  feature.forEach((_, node) => checkNode(trees, node));
  return trees;
}

/** Children come after their parent, so that every walk ends. */
function checkNode({ inputs, feature, left, right, missingLeft }: BoostedTreesModel, node: number): void {
  if (feature[node] === -1) return;
  indexOf(feature[node], inputs, `feature.${node}`);
  indexOf(missingLeft[node], 2, `missingLeft.${node}`);
  for (const [name, children] of Object.entries({ left, right })) {
    if (indexOf(children[node], feature.length, `${name}.${node}`) <= node)
      throw malformed(`${name}.${node}`, 'does not come after its parent');
  }
}

function parseImported(model: Fields): ImportedModel {
  const found = listOf(model['layers'], 'layers');
  if (found.length === 0 || found.length > MOST_LAYERS) throw malformed('layers', `are not 1 to ${MOST_LAYERS}`);
  const layers: DenseLayer[] = [];
  found.forEach((layer, at) => layers.push(parseLayer(layer, `layers.${at}`, layers.at(-1)?.biases.length)));
  const last = layers.at(-1);
  if (last?.biases.length !== 1) throw malformed('layers', 'do not end in one output');
  if (last.activation !== 'SIGMOID') throw malformed('layers', 'do not end in the activation SIGMOID');
  return { kind: 'IMPORTED', layers };
}

/** @param width outputs of the layer before; undefined for the first, which has as many inputs as it says */
function parseLayer(value: unknown, place: string, width: number | undefined): DenseLayer {
  const layer = fieldsOf(value, place);
  const biases = numbersOf(layer['biases'], `${place}.biases`);
  const rows = listOf(layer['weights'], `${place}.weights`);
  if (biases.length === 0 || biases.length > MOST_UNITS) throw malformed(`${place}.biases`, `are not 1 to ${MOST_UNITS}`);
  if (rows.length !== biases.length) throw malformed(`${place}.weights`, 'are not one row per bias');
  const inputs = width ?? listOf(rows[0], `${place}.weights.0`).length;
  if (inputs === 0 || inputs > MOST_UNITS) throw malformed(`${place}.weights.0`, `are not 1 to ${MOST_UNITS}`);
  const weights = rows.map((row, output) => numbersOf(row, `${place}.weights.${output}`, inputs));
  return { weights, biases, activation: activationOf(layer['activation'], `${place}.activation`) };
}

function activationOf(value: unknown, place: string): Activation {
  const found = ACTIVATIONS.find((activation) => activation === value);
  if (found === undefined) throw malformed(place, `is none of ${ACTIVATIONS.join(', ')}`);
  return found;
}

function fieldsOf(value: unknown, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(place, 'is no object');
  return value as Fields; // any object can be read by names that it may lack
}

function listOf(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(place, 'is no list');
  return value;
}

function numbersOf(value: unknown, place: string, length?: number): readonly number[] {
  const list = listOf(value, place);
  if (length !== undefined && list.length !== length) throw malformed(place, `has ${list.length} numbers instead of ${length}`);
  return list.map((entry, at) => numberOf(entry, `${place}.${at}`));
}

function numberOf(value: unknown, place: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed(place, 'is no finite number');
  return value;
}

function indexOf(value: unknown, end: number, place: string): number {
  const index = numberOf(value, place);
  if (!Number.isInteger(index) || index < 0 || index >= end) throw malformed(place, `is no whole number in [0, ${end})`);
  return index;
}

function malformed(place: string, fault: string): DomainError {
  return new DomainError('RESPONSE_MODEL_MALFORMED', `${place} of a response model ${fault}`, { details: { place } });
}
