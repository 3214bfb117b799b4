package io.fluxcore.domain.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.process.ValueType;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ObjectBytesTest {
  private static HeapSlotTable table(StateLayout layout, int[] slots) {
    HeapSlotTable table = HeapSlotTable.create(layout);
    Column[] keys = {new LongColumn(2, new long[] {1, 2})};
    table.resolve(keys, new long[] {1, 2}, new int[] {0, 1}, 2, slots);
    return table;
  }

  @Test
  @SuppressWarnings("unchecked")
  void objects_areCountedAsTheyAreWhenTheyAreMeasured() {
    StateSerializer<Object> texts = (StateSerializer<Object>) (StateSerializer<?>) ValueType.STRING;
    StateLayout layout =
        new StateLayout("texts", List.of(DataType.LONG), new long[0], List.of(texts));
    int[] slots = new int[2];
    HeapSlotTable table = table(layout, slots);
    ObjectBytes bytes = new ObjectBytes(layout);
    bytes.touch(slots, 2);
    table.objects(0)[slots[0]] = "x".repeat(100);
    assertThat(bytes.measure(table)).isEqualTo(104);
    bytes.touch(slots, 2);
    table.objects(0)[slots[0]] = "x";
    table.objects(0)[slots[1]] = "xy";
    assertThat(bytes.measure(table)).isEqualTo(5 + 6);
    bytes.clear();
    assertThat(bytes.measure(table)).isZero();
  }

  /** A table of cells is asked for the same slots again and again, and never measured. */
  @Test
  void slotsWithoutObjects_areNotRemembered() {
    StateLayout layout =
        new StateLayout("cells", List.of(DataType.LONG), new long[] {0}, List.of());
    int[] slots = new int[1 << 20];
    ObjectBytes bytes = new ObjectBytes(layout);
    for (int i = 0; i < 3_000; i++) {
      bytes.touch(slots, slots.length);
    }
    assertThat(bytes.measure(table(layout, new int[2]))).isZero();
  }
}
