package io.fluxcore.application.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.row.EncodedRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RowTrieTest {
  private static EncodedRow row(long number) {
    return EncodedRow.of(ByteBuffer.allocate(8).putLong(number).array(), 0);
  }

  private static Map<EncodedRow, Long> content(RowTrie.Snapshot snapshot) {
    Map<EncodedRow, Long> content = new HashMap<>();
    snapshot.forEach(
        entry -> assertThat(content.put(entry.key(), entry.count())).as("once").isNull());
    return content;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 31, 1_000, 50_000})
  void changes_areThoseOfAHashMap_andSnapshotsStay(int keys) {
    long seed = 20_261_201L + keys;
    Random random = new Random(seed);
    RowTrie trie = new RowTrie();
    Map<EncodedRow, Long> model = new HashMap<>();
    List<RowTrie.Snapshot> snapshots = new ArrayList<>();
    List<Map<EncodedRow, Long>> models = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      EncodedRow key = row(random.nextInt(keys));
      if (random.nextInt(3) == 0) {
        trie.remove(key);
        model.remove(key);
      } else {
        trie.put(new RowTrie.Entry(key, key, i + 1));
        model.put(key, i + 1L);
      }
      if (random.nextInt(8_000) == 0) {
        snapshots.add(trie.snapshot());
        models.add(new HashMap<>(model));
      }
      assertThat(trie.size()).as("seed %s, step %s", seed, i).isEqualTo(model.size());
    }
    snapshots.add(trie.snapshot());
    models.add(model);
    for (int i = 0; i < snapshots.size(); i++) {
      assertThat(content(snapshots.get(i))).as("seed %s", seed).isEqualTo(models.get(i));
      assertThat(snapshots.get(i).size()).isEqualTo(models.get(i).size());
      for (int key = 0; key < Math.min(keys, 500); key++) {
        RowTrie.Entry found = snapshots.get(i).find(row(key));
        assertThat(found == null ? null : found.count())
            .as("seed %s", seed)
            .isEqualTo(models.get(i).get(row(key)));
      }
    }
  }

  /** Rows of different bytes with one hash, found by trying. */
  @Test
  void keysWithOneHash_areAllKept() {
    Random random = new Random(20_261_201L);
    Map<Integer, EncodedRow> seen = new HashMap<>();
    List<EncodedRow> equals = new ArrayList<>();
    for (int i = 0; equals.isEmpty() && i < 1_000_000; i++) { // half as likely after 77,000
      byte[] bytes = new byte[16];
      random.nextBytes(bytes);
      EncodedRow candidate = EncodedRow.of(bytes, 0);
      EncodedRow other = seen.put(candidate.hashCode(), candidate);
      if (other != null) {
        equals.addAll(List.of(other, candidate));
      }
    }
    assertThat(equals).hasSize(2);
    RowTrie trie = new RowTrie();
    equals.forEach(key -> trie.put(new RowTrie.Entry(key, key, 1)));
    trie.put(new RowTrie.Entry(equals.get(1), equals.get(1), 7));
    for (long i = 0; i < 100; i++) {
      trie.put(new RowTrie.Entry(row(-i - 1), row(-i - 1), 1));
    }
    RowTrie.Snapshot before = trie.snapshot();
    trie.remove(equals.get(0));

    assertThat(before.size()).isEqualTo(102);
    assertThat(trie.size()).isEqualTo(101);
    assertThat(trie.find(equals.get(0))).isNull();
    assertThat(before.find(equals.get(0))).isNotNull();
    assertThat(trie.find(equals.get(1))).extracting(RowTrie.Entry::count).isEqualTo(7L);
  }
}
