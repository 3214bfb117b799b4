package io.fluxcore.chaos.check;

import java.io.IOException;
import java.util.List;

/** What readers see of the job's output. */
@FunctionalInterface
interface Committed {
  /** The rows of an output as often as they are there, in any order. */
  List<List<Long>> rows(Output output) throws IOException;
}
