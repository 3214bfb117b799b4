package io.fluxcore.domain.join;

import java.util.List;

/**
 * Asks a table outside for the rows of keys. Asked by several threads at once, each for as long as
 * its call lasts, and closed once nobody asks any more or the answers are of no interest: what is
 * under way then may fail.
 */
public interface LookupReader extends AutoCloseable {
  /**
   * How many keys one call may ask for.
   *
   * @return at least 1
   */
  int largestBatch();

  /**
   * Asks for the rows of some keys; blocks, and ends soon when its thread is interrupted where that
   * can be.
   *
   * @param keys of each the values of its fields in the order of {@link LookupTable#key}, of the
   *     classes of {@link io.fluxcore.domain.event.Values}, none of them null; no key twice
   * @return what was found of each key, in their order
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if asking again cannot help
   * @throws Exception if another attempt may
   */
  List<Found> ask(List<List<Object>> keys) throws Exception;

  @Override
  default void close() {}
}
