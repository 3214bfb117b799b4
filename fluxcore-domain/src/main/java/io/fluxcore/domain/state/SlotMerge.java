package io.fluxcore.domain.state;

/** Adds the state of slots to that of other slots. Stateless. */
@FunctionalInterface
public interface SlotMerge {
  /**
   * Adds what came later to what came before; both tables have cells and objects of one layout.
   *
   * @param slots of what came before, where the sum is left; a slot may be there more than once
   * @param laterSlots the slot of the state that is added to {@code slots[i]} at {@code i}
   */
  void merge(SlotTable table, int[] slots, SlotTable later, int[] laterSlots, int count);
}
