// What measurements say of a job and of each node of its topology. An operator of the plan whose id has a suffix after
// '#' is a part of the node that the id begins with.

function nodeOf(operatorId) {
  return operatorId.split('#', 1)[0];
}

function most(values) {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length > 0 ? Math.max(...known) : null;
}

/** The job as a whole. */
export function figuresOf(metrics) {
  const operators = metrics.operators;
  return {
    runningSince: metrics.runningSince,
    uptimeMs: metrics.uptimeMs,
    rowsInPerSecond: operators.length > 0 ? metrics.rowsInPerSecond : null,
    lagMs: most(operators.map((o) => o.watermarkLagMs)),
    busyPerMille: most(operators.map((o) => o.busyPerMille)),
    backPressuredPerMille: most(operators.map((o) => o.backPressuredPerMille)),
  };
}

/** Of the parts of a node: rows go into the first and come out of the last. */
function nodeFigures(parts) {
  const first = parts[0];
  const last = parts[parts.length - 1];
  const waterline = parts.filter((p) => p.watermark).map((p) => p.watermark).sort()[0] ?? null;
  const busiest = parts.reduce((a, b) => (b.busyPerMille > a.busyPerMille ? b : a));
  return {
    parts,
    subtasks: last.subtasks,
    rowsIn: first.rowsIn,
    rowsOut: last.rowsOut,
    rowsInPerSecond: first.rowsInPerSecond,
    rowsOutPerSecond: last.rowsOutPerSecond,
    busyPerMille: busiest.busyPerMille,
    backPressuredPerMille: busiest.backPressuredPerMille,
    idlePerMille: Math.max(0, 1000 - busiest.busyPerMille - busiest.backPressuredPerMille),
    watermark: waterline,
    watermarkLagMs: most(parts.map((p) => p.watermarkLagMs)),
    inputEnded: parts.every((p) => p.inputEnded),
  };
}

/** Node id → figures, for the nodes that have an operator of their own. */
export function figuresByNode(metrics) {
  const parts = new Map();
  for (const operator of metrics.operators) {
    const node = nodeOf(operator.operatorId);
    parts.set(node, [...(parts.get(node) ?? []), operator]);
  }
  return new Map([...parts].map(([node, operators]) => [node, nodeFigures(operators)]));
}

/** The likely bottleneck: the first busy node behind a back-pressured one. Null when there is none. */
export function bottleneckOf(graph, figures) {
  // Nodes without an operator of their own, such as windows, are looked through.
  const before = (id) => graph.edges.filter((e) => e.to === id).flatMap((e) => (figures.has(e.from) ? [e.from] : before(e.from)));
  for (const { id } of graph.nodes) {
    const own = figures.get(id);
    if (own && own.busyPerMille >= 500 && own.backPressuredPerMille <= 100
        && before(id).some((sender) => figures.get(sender).backPressuredPerMille > 100)) {
      return id;
    }
  }
  return null;
}
